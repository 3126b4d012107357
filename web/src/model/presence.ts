/** Who is there, and what rooms are called. */
import type { RoomId, UserId } from "../api/shapes";
import type { Person, RoomInChat, State } from "./state";

/** Of a large room the server tells only how many. None: nobody knows yet. */
export function onlineCount(state: State, room: RoomInChat): number | null {
  const told = state.onlineIn.get(room.id);
  if (told !== undefined) return told;
  if (room.members === null) return null;
  let count = 0;
  for (const user of room.members.keys()) if (state.online.has(user)) ++count;
  return count;
}

export function nameOf(person: Pick<Person, "username" | "displayName">): string {
  return person.displayName === "" ? person.username : person.displayName;
}

/** The others in a direct room; oneself, in the room with oneself. */
export function peersIn(state: State, room: RoomInChat): readonly Person[] {
  const others = [...(room.members?.keys() ?? [])].filter((user) => user !== state.me.id);
  const ids: readonly UserId[] = others.length > 0 ? others : [state.me.id];
  return ids.flatMap((id) => state.users.get(id) ?? (id === state.me.id ? [{ ...state.me, isWhole: true }] : []));
}

/** What a room is called; a direct one by its people. Empty until they are known. */
export function nameOfRoom(state: State, room: RoomInChat): string {
  if (room.state?.kind !== "direct") return room.state?.name ?? "";
  return room.members === null ? "" : peersIn(state, room).map(nameOf).join(", ");
}

/** The direct room with exactly these others, if there is one already. */
export function directRoomWith(state: State, others: readonly UserId[]): RoomId | null {
  const wanted = new Set([...others, state.me.id]);
  for (const room of state.rooms.values()) {
    if (room.state?.kind !== "direct" || room.members?.size !== wanted.size) continue;
    if ([...room.members.keys()].every((user) => wanted.has(user))) return room.id;
  }
  return null;
}
