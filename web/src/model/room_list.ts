/** The rooms as the list at the side shows them, and what the title of the page says of them. */
import { nameOfRoom } from "./presence";
import type { RoomInChat, State } from "./state";
import { standingOf } from "./unread";
import type { Standing } from "./unread";

export interface ListedRoom extends Standing {
  readonly room: RoomInChat;
  readonly name: string;
}

export interface RoomList {
  /** By name. */
  readonly rooms: readonly ListedRoom[];
  /** By the last message. Whoever draws it keeps the order while the pointer or the focus is in it. */
  readonly direct: readonly ListedRoom[];
  /** For the title and the icon: all that is for the reader. */
  readonly forMe: number;
}

export function roomListOf(state: State, collator: Intl.Collator): RoomList {
  const rooms: ListedRoom[] = [];
  const direct: ListedRoom[] = [];
  let forMe = 0;
  for (const room of state.rooms.values()) {
    if (room.state === null) continue;
    const isDirect = room.state.kind === "direct";
    const listed = { room, name: nameOfRoom(state, room), ...standingOf(room.marker, isDirect) };
    forMe += listed.forMe;
    (isDirect ? direct : rooms).push(listed);
  }
  rooms.sort((a, b) => collator.compare(a.name, b.name));
  direct.sort((a, b) => lastAt(b.room) - lastAt(a.room) || collator.compare(a.name, b.name));
  return { rooms, direct, forMe };
}

function lastAt(room: RoomInChat): number {
  return room.lastMessageAt ?? room.state?.created ?? 0;
}
