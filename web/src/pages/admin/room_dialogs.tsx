import { useCallback, useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { Answer, Refusal } from "../../api/http";
import type { Room } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Field, Switch } from "../../ui/field";
import { Segmented } from "../../ui/segmented";
import { toasts } from "../../ui/toast";
import type { Errors } from "../form";
import { useForm } from "../form";
import { FormDialog } from "../form_dialog";
import { useListing } from "../listing";
import { isRefused, refusalText } from "../refusal_text";

interface DialogProps {
  /** What was made or changed is told, too. */
  readonly onDone: (room: Room) => void;
  readonly onClose: () => void;
}

interface RoomDraft {
  readonly name: string;
  readonly topic: string;
  readonly isOpen: boolean;
  readonly isVisible: boolean;
}

interface RoomDialogProps extends DialogProps {
  readonly room: Room;
}

interface DeleteRoomProps {
  readonly room: Pick<Room, "id" | "name">;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function roomErrors(refusal: Refusal): Errors<"name" | "topic"> {
  if (isRefused(refusal, 409)) return { name: t("room.exists") };
  return { form: isRefused(refusal, 403) ? t("room.not_allowed") : refusalText(refusal) };
}

const checkName = ({ name }: { readonly name: string }) =>
  name.trim() === "" ? { name: t("field.name_missing") } : {};

type Access = "open" | "private";

interface AccessProps {
  readonly isOpen: boolean;
  readonly isVisible: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onVisible: (isVisible: boolean) => void;
}

const AccessChoice = ({ isOpen, isVisible, onOpen, onVisible }: AccessProps) => (
  <>
    <Segmented<Access>
      label={t("room.who_joins")}
      value={isOpen ? "open" : "private"}
      choices={[
        { value: "open", label: t("room.open") },
        { value: "private", label: t("room.private") },
      ]}
      onChange={(access) => onOpen(access === "open")}
    />
    <Switch label={t("room.listed")} hint={t("room.listed_hint")} on={isVisible} onChange={onVisible} />
  </>
);

/** The fields of a room, new or not, and the form behind them. */
function useRoomForm(start: RoomDraft, save: (draft: RoomDraft) => Promise<Answer<Room>>, onSaved: (room: Room) => void) {
  const [isOpen, setOpen] = useState(start.isOpen);
  const [isVisible, setVisible] = useState(start.isVisible);
  const form = useForm(
    { name: start.name, topic: start.topic },
    {
      check: checkName,
      send: async (values) => {
        const name = values.name.trim();
        const answer = await save({ name, topic: values.topic.trim(), isOpen, isVisible });
        if (!answer.ok) return roomErrors(answer.refusal);
        onSaved(answer.value);
        return undefined;
      },
    },
  );
  const fields = (
    <>
      <Field label={t("room.name")} maxLength={120} autofocus {...form.field("name")} />
      <Field label={t("room.topic")} hint={t("room.topic_hint")} maxLength={1000} {...form.field("topic")} />
      <AccessChoice isOpen={isOpen} isVisible={isVisible} onOpen={setOpen} onVisible={setVisible} />
    </>
  );
  return { form, fields };
}

export function CreateRoom({ onDone, onClose }: DialogProps) {
  const { calls } = useApp();
  const start = { name: "", topic: "", isOpen: true, isVisible: true };
  const { form, fields } = useRoomForm(start, (draft) => calls.createRoom(draft), (room) => {
    onDone(room);
    onClose();
  });
  return (
    <FormDialog
      title={t("admin_rooms.create")}
      form={form}
      act={t("act.create")}
      busyLabel={t("signup.busy")}
      onClose={onClose}
    >
      {fields}
    </FormDialog>
  );
}

export function EditRoom({ room, onDone, onClose }: RoomDialogProps) {
  const { calls } = useApp();
  const start = { name: room.name ?? "", topic: room.topic, isOpen: room.isOpen, isVisible: room.isVisible };
  const { form, fields } = useRoomForm(start, (draft) => calls.changeRoom(room.id, draft), (saved) => {
    toasts.show(t("admin_rooms.saved", { room: saved.name ?? "" }));
    onDone(saved);
    onClose();
  });
  return (
    <FormDialog
      title={rich("admin_rooms.edit_title", { room: <bdi>{room.name}</bdi> })}
      form={form}
      act={t("act.save")}
      onClose={onClose}
    >
      {fields}
    </FormDialog>
  );
}

/** It takes everybody's messages with it, so the name is typed first. */
export function DeleteRoom({ room, onDone, onClose }: DeleteRoomProps) {
  const { calls } = useApp();
  const name = room.name ?? "";
  const form = useForm(
    { typed: "" },
    {
      send: async () => {
        const answer = await calls.deleteRoom(room.id);
        if (!answer.ok) return { form: refusalText(answer.refusal) };
        toasts.show(t("admin_rooms.deleted", { room: name }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  const ask = useCallback(() => calls.messagesTotal(room.id), [calls, room.id]);
  const { listing } = useListing(ask);
  const isTyped = form.values.typed.trim() === name;
  return (
    <FormDialog
      title={rich("room.delete", { room: <bdi>{name}</bdi> })}
      form={form}
      act={t("room.delete_act")}
      busyLabel={t("room.delete_act")}
      isDanger
      disabledWhy={isTyped ? undefined : t("room.delete_why")}
      cancel={t("room.keep_act")}
      lead={listing.kind === "there" ? t("room.delete_text", { n: listing.value }) : t("room.delete_all")}
      onClose={onClose}
    >
      <Field
        label={rich("room.delete_type", {
          room: (
            <b>
              <bdi>{name}</bdi>
            </b>
          ),
        })}
        verbatim
        autofocus
        {...form.field("typed")}
      />
    </FormDialog>
  );
}
