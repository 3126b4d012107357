import type { Message } from "../../../api/shapes";
import type { RoomInChat, State } from "../../../model/state";

/** Somebody has said something just now: the browser tells of it where it is for the reader and he wants it told. */
export function heard(_state: State, _message: Message, _room: RoomInChat): void {
  return undefined;
}
