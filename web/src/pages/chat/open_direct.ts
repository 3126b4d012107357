import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import type { UserId } from "../../api/shapes";
import { directRoomWith } from "../../model/presence";
import { go, replace, route } from "../../routes";
import { useChat } from "./chat_services";

/** Goes to the direct room with exactly these people, which is made if it is not there yet; or says why not. */
export function useOpenDirect(): (others: readonly UserId[]) => Promise<Refusal | null> {
  const { calls } = useApp();
  const { chat } = useChat();
  return async (others) => {
    // Back from the room is not back to choosing people for it.
    const leadTo = route.peek().page === "direct" ? replace : go;
    const known = directRoomWith(chat.state.value, others);
    if (known !== null) {
      leadTo({ page: "room", room: known });
      return null;
    }
    const answer = await calls.openDirectRoom(others);
    if (!answer.ok) return answer.refusal;
    chat.takeRoom(answer.value);
    leadTo({ page: "room", room: answer.value.id });
    return null;
  };
}
