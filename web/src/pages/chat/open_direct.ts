import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import type { UserId } from "../../api/shapes";
import { directRoomWith } from "../../model/presence";
import { go } from "../../routes";
import { useChat } from "./chat_services";

/** Goes to the direct room with exactly these people, which is made if it is not there yet; or says why not. */
export function useOpenDirect(): (others: readonly UserId[]) => Promise<Refusal | null> {
  const { calls } = useApp();
  const { chat } = useChat();
  return async (others) => {
    const known = directRoomWith(chat.state.value, others);
    if (known !== null) {
      go({ page: "room", room: known });
      return null;
    }
    const answer = await calls.openDirectRoom(others);
    if (!answer.ok) return answer.refusal;
    chat.takeRoom(answer.value);
    go({ page: "room", room: answer.value.id });
    return null;
  };
}
