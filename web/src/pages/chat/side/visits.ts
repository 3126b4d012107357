import { isRoomId } from "../../../api/shapes";
import type { RoomId, UserId } from "../../../api/shapes";
import { remember, remembered } from "../../../remembered";

const keptMax = 30;
const keyOf = (user: UserId) => `visits.${user}`;

/** The rooms in which this account was on this device, the latest first. */
export function visitedBy(user: UserId): readonly RoomId[] {
  return (remembered(keyOf(user)) ?? "").split(" ").filter(isRoomId);
}

export function rememberVisit(user: UserId, room: RoomId): void {
  const others = visitedBy(user).filter((each) => each !== room);
  remember(keyOf(user), [room, ...others].slice(0, keptMax).join(" "));
}
