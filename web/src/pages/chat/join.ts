import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import type { RoomId } from "../../api/shapes";
import { go } from "../../routes";
import { useChat } from "./chat_services";

/** Joins an open room and goes there, or says why not. */
export function useJoin(): (room: RoomId) => Promise<Refusal | null> {
  const { calls } = useApp();
  const { chat } = useChat();
  return async (id) => {
    const joined = await calls.join(id);
    if (!joined.ok) return joined.refusal;
    // Its event may be slower than the page that is about to show it.
    const room = await calls.room(id);
    if (room.ok) chat.takeRoom(room.value);
    go({ page: "room", room: id });
    return null;
  };
}
