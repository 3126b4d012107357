import { useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { RoomChange } from "../../../api/calls";
import type { Refusal } from "../../../api/http";
import type { RoomSettings } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import type { LoadedRoom } from "../../../model/state";
import { toasts } from "../../../ui/toast";
import type { Errors } from "../../form";
import { isRefused, refusalText } from "../../refusal_text";

type Name = keyof RoomSettings;
const names: readonly Name[] = ["name", "topic", "isOpen", "isVisible", "mentionAllBy"];

/** What one has changed of a room's settings and not saved yet, beside what they were when one began to. */
interface Touched {
  readonly now: Partial<RoomSettings>;
  readonly was: Partial<RoomSettings>;
}

const untouched: Touched = { now: {}, was: {} };

const errorsOf = (refusal: Refusal): Errors<"name"> =>
  isRefused(refusal, 409) ? { name: t("room.exists") } : { form: refusalText(refusal) };

/**
 * A room's settings as a form, while others may change them: a field that one has not touched follows them, one that one has
 * keeps what was typed and says so, and only what was touched is sent.
 */
export function useRoomDraft(room: LoadedRoom) {
  const { calls } = useApp();
  const { state } = room;
  const [touched, setTouched] = useState(untouched);
  const [errors, setErrors] = useState<Errors<"name">>({});
  const [busy, setBusy] = useState(false);
  const values: RoomSettings = { ...state, ...touched.now };
  const isChanged = (name: Name) => name in touched.now && touched.now[name] !== state[name];

  const set = <N extends Name>(name: N, value: RoomSettings[N]) => {
    setErrors({});
    setTouched(({ now, was }) => ({
      now: { ...now, [name]: value },
      was: name in was ? was : { ...was, [name]: state[name] },
    }));
  };
  const send = async () => {
    const name = (values.name ?? "").trim();
    if (name === "") {
      setErrors({ name: t("field.name_missing") });
      return;
    }
    const change: RoomChange = {
      ...(isChanged("name") && { name }),
      ...(isChanged("topic") && { topic: values.topic.trim() }),
      ...(isChanged("isOpen") && { isOpen: values.isOpen }),
      ...(isChanged("isVisible") && { isVisible: values.isVisible }),
      ...(isChanged("mentionAllBy") && { mentionAllBy: values.mentionAllBy }),
    };
    setBusy(true);
    const answer = await calls.changeRoom(room.id, change);
    setBusy(false);
    if (answer.ok) {
      setTouched(untouched);
      toasts.show(t("room_settings.saved"));
    } else setErrors(errorsOf(answer.refusal));
  };
  return {
    values,
    errors,
    busy,
    set,
    isDirty: names.some(isChanged),
    /** Whether somebody else has changed what one is changing. */
    isOvertaken: (name: Name) => isChanged(name) && touched.was[name] !== state[name],
    save: () => void send(),
    reset: () => {
      setTouched(untouched);
      setErrors({});
    },
  };
}
