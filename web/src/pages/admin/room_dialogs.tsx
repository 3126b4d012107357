import { useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import type { Room } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, Switch } from "../../ui/field";
import { Segmented } from "../../ui/segmented";
import { toasts } from "../../ui/toast";
import type { Errors } from "../form";
import { FormError, useForm } from "../form";
import { isRefused, refusalText } from "../refusal_text";

interface DialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

interface RoomDialogProps extends DialogProps {
  readonly room: Room;
}

const roomErrors = (refusal: Refusal): Errors<"name" | "topic"> =>
  isRefused(refusal, 409) ? { name: t("room.exists") } : { form: refusalText(refusal) };

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

export function CreateRoom({ onDone, onClose }: DialogProps) {
  const { calls } = useApp();
  const [isOpen, setOpen] = useState(true);
  const [isVisible, setVisible] = useState(true);
  const form = useForm(
    { name: "", topic: "" },
    {
      check: checkName,
      send: async (values) => {
        const name = values.name.trim();
        const answer = await calls.createRoom({ name, topic: values.topic.trim(), isOpen, isVisible });
        if (!answer.ok) return roomErrors(answer.refusal);
        toasts.show(t("admin_rooms.created", { room: name }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  return (
    <Dialog
      title={t("admin_rooms.create")}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose}>{t("act.cancel")}</Button>
          <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("signup.busy")}>
            {t("act.create")}
          </Button>
        </>
      }
    >
      <div class="rows" ref={form.place}>
        <Field label={t("room.name")} maxLength={120} autofocus {...form.field("name")} />
        <Field label={t("room.topic")} hint={t("room.topic_hint")} maxLength={1000} {...form.field("topic")} />
        <AccessChoice isOpen={isOpen} isVisible={isVisible} onOpen={setOpen} onVisible={setVisible} />
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}

export function EditRoom({ room, onDone, onClose }: RoomDialogProps) {
  const { calls } = useApp();
  const [isOpen, setOpen] = useState(room.isOpen);
  const [isVisible, setVisible] = useState(room.isVisible);
  const form = useForm(
    { name: room.name ?? "", topic: room.topic },
    {
      check: checkName,
      send: async (values) => {
        const name = values.name.trim();
        const answer = await calls.changeRoom(room.id, { name, topic: values.topic.trim(), isOpen, isVisible });
        if (!answer.ok) return roomErrors(answer.refusal);
        toasts.show(t("admin_rooms.saved", { room: name }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  return (
    <Dialog
      title={rich("admin_rooms.edit_title", { room: <bdi>{room.name}</bdi> })}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose}>{t("act.cancel")}</Button>
          <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("act.saving")}>
            {t("act.save")}
          </Button>
        </>
      }
    >
      <div class="rows" ref={form.place}>
        <Field label={t("room.name")} maxLength={120} autofocus {...form.field("name")} />
        <Field label={t("room.topic")} hint={t("room.topic_hint")} maxLength={1000} {...form.field("topic")} />
        <AccessChoice isOpen={isOpen} isVisible={isVisible} onOpen={setOpen} onVisible={setVisible} />
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}

/** It takes everybody's messages with it, so the name is typed first. */
export function DeleteRoom({ room, onDone, onClose }: RoomDialogProps) {
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
  const isTyped = form.values.typed.trim() === name;
  return (
    <Dialog
      title={rich("room.delete", { room: <bdi>{name}</bdi> })}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose}>{t("room.keep_act")}</Button>
          <Button
            type="submit"
            variant="danger"
            busy={form.busy}
            disabledWhy={isTyped ? undefined : t("room.delete_why")}
          >
            {t("room.delete_act")}
          </Button>
        </>
      }
    >
      <p>{t("room.delete_all")}</p>
      <div ref={form.place}>
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
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}
