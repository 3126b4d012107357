import { useApp } from "../../../app_context";
import { rich, t } from "../../../i18n/catalogue";
import { myRole } from "../../../model/state";
import type { LoadedRoom } from "../../../model/state";
import { replace } from "../../../routes";
import { toasts } from "../../../ui/toast";
import { DeleteRoom } from "../../admin/room_dialogs";
import { useForm } from "../../form";
import { FormDialog } from "../../form_dialog";
import { isRefused, refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";

interface ExitProps {
  readonly room: LoadedRoom;
  readonly onClose: () => void;
}

/** Says what it would take to come back. */
export function LeaveRoom({ room, onClose }: ExitProps) {
  const { calls } = useApp();
  const { chat } = useChat();
  const state = chat.state.value;
  const me = room.members?.get(state.me.id);
  const name = room.state.name ?? "";
  const form = useForm(
    {},
    {
      send: async () => {
        if (me === undefined) return { form: t("refusal.unreachable") };
        const answer = await calls.removeMember(room.id, me.id);
        if (!answer.ok && isRefused(answer.refusal, 409)) return { form: t("room.last_owner") };
        if (!answer.ok) return { form: refusalText(answer.refusal) };
        chat.dropRoom(room.id, "left");
        replace({ page: "chat" });
        toasts.show(t("leave.done", { room: name }));
        onClose();
        return undefined;
      },
    },
  );
  const mayReturn = room.state.isOpen && myRole(state, room) !== "guest";
  return (
    <FormDialog
      title={rich("leave.title", { room: <bdi>{name}</bdi> })}
      form={form}
      act={t("leave.act")}
      busyLabel={t("leave.act")}
      isDanger={!mayReturn}
      cancel={t("leave.stay")}
      lead={t(mayReturn ? "leave.open" : "leave.closed")}
      onClose={onClose}
    />
  );
}

/** For its owners, who type its name first. */
export function DeleteThisRoom({ room, onClose }: ExitProps) {
  const { chat } = useChat();
  const leave = () => {
    chat.dropRoom(room.id, "deleted");
    replace({ page: "chat" });
  };
  return <DeleteRoom room={room.state} onDone={leave} onClose={onClose} />;
}
