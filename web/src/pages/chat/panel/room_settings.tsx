import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Level, MentionAllBy } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { mayManage, mayOwn } from "../../../model/state";
import type { LoadedRoom } from "../../../model/state";
import { Button } from "../../../ui/button";
import { Field, Switch } from "../../../ui/field";
import { Segmented } from "../../../ui/segmented";
import { FormError } from "../../form";
import { useChat } from "../chat_services";
import { linkedText } from "./linked_text";
import { useRoomDraft } from "./room_draft";
import { DeleteThisRoom, LeaveRoom } from "./room_exits";
import { levels, useSetLevel } from "./room_menu";

/** What everybody sets for himself, what its owners set for all, and the ways out. */
export function RoomSettings({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const isRoom = room.state.kind === "room";
  return (
    <div class="room-settings">
      <OwnLevel room={room} />
      {isRoom && (mayManage(chat.state.value, room) ? <SettingsForm room={room} /> : <SettingsRead room={room} />)}
      {isRoom && <Exits room={room} />}
    </div>
  );
}

function OwnLevel({ room }: { readonly room: LoadedRoom }) {
  const setLevel = useSetLevel(room);
  const choices = levels.map((level) => ({ value: level, label: t(`level.${level}`) }));
  return <Segmented<Level> label={t("level.title")} value={room.marker.level} choices={choices} onChange={setLevel} />;
}

const mentionChoices = (): readonly { readonly value: MentionAllBy; readonly label: string }[] => [
  { value: "members", label: t("room.mention_members") },
  { value: "owners", label: t("room.mention_owners") },
];

type Access = "open" | "private";
const accessOf = (isOpen: boolean): Access => (isOpen ? "open" : "private");

const accessChoices = () => [
  { value: "open" as const, label: t("room.open") },
  { value: "private" as const, label: t("room.private") },
];

function SettingsForm({ room }: { readonly room: LoadedRoom }) {
  const draft = useRoomDraft(room);
  const { values, errors } = draft;
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (errors.name !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  const meanwhile = (name: "name" | "topic") =>
    draft.isOvertaken(name) ? t("room_settings.meanwhile", { value: room.state[name] ?? "" }) : undefined;
  return (
    <form
      ref={form}
      class="rows"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        draft.save();
      }}
    >
      <Field
        label={t("room.name")}
        name="name"
        maxLength={120}
        value={values.name ?? ""}
        hint={meanwhile("name")}
        error={errors.name}
        onInput={(name) => draft.set("name", name)}
      />
      <Field
        label={t("room.topic")}
        name="topic"
        lines
        maxLength={1000}
        value={values.topic}
        hint={meanwhile("topic") ?? t("room.topic_hint")}
        onInput={(topic) => draft.set("topic", topic)}
      />
      <Segmented<Access>
        label={t("room.who_joins")}
        value={accessOf(values.isOpen)}
        choices={accessChoices()}
        onChange={(access) => draft.set("isOpen", access === "open")}
      />
      <Switch
        label={t("room.listed")}
        hint={t("room.listed_hint")}
        on={values.isVisible}
        onChange={(isVisible) => draft.set("isVisible", isVisible)}
      />
      <Segmented<MentionAllBy>
        label={t("room.mention_all")}
        value={values.mentionAllBy}
        choices={mentionChoices()}
        onChange={(by) => draft.set("mentionAllBy", by)}
      />
      <FormError text={errors.form} />
      {draft.isDirty && (
        <div class="actions">
          <Button onClick={draft.reset}>{t("act.cancel")}</Button>
          <Button type="submit" variant="primary" busy={draft.busy} busyLabel={t("act.saving")}>
            {t("act.save")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** For who may not change it: the same in words, and who may. */
function SettingsRead({ room }: { readonly room: LoadedRoom }) {
  const { name, topic, isOpen, isVisible, mentionAllBy } = room.state;
  return (
    <>
      <dl class="settings-read">
        <Said label={t("room.name")}>
          <bdi>{name}</bdi>
        </Said>
        <Said label={t("room.topic")}>
          {topic === "" ? (
            <span class="muted">{t("room_settings.no_topic")}</span>
          ) : (
            <span class="whole-topic" dir="auto">
              {linkedText(topic)}
            </span>
          )}
        </Said>
        <Said label={t("room.who_joins")}>{t(isOpen ? "room.open" : "room.private")}</Said>
        <Said label={t("room.listed")}>{t(isVisible ? "room_settings.yes" : "room_settings.no")}</Said>
        <Said label={t("room.mention_all")}>{t(`room.mention_${mentionAllBy}`)}</Said>
      </dl>
      <p class="hint">{t("room_settings.why")}</p>
    </>
  );
}

const Said = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

function Exits({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const [exit, setExit] = useState<"leave" | "delete">();
  const close = () => setExit(undefined);
  return (
    <section class="exits" aria-label={t("room_settings.danger")}>
      <Button icon="exit" onClick={() => setExit("leave")}>
        {t("leave.act")}
      </Button>
      <span class="exit-for-all">
        <Button
          icon="trash"
          disabledWhy={mayOwn(chat.state.value, room) ? undefined : t("room_settings.delete_why")}
          onClick={() => setExit("delete")}
        >
          {t("room.delete_act")}
        </Button>
      </span>
      {exit === "leave" && <LeaveRoom room={room} onClose={close} />}
      {exit === "delete" && <DeleteThisRoom room={room} onClose={close} />}
    </section>
  );
}
