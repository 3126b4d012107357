/** All that the client knows of the chat, but for the messages themselves (room_log.ts). Changed by reduce.ts alone. */
import type { Entry } from "../api/events";
import type { Account, MemberId, Millis, Profile, Role, RoomId, RoomState, Seq, UserId } from "../api/shapes";
import type { Typing } from "./typing";
import type { Marker } from "./unread";

export interface Person extends Profile {
  /** False where only the names are known, as a list of members tells them. */
  readonly isWhole: boolean;
}

export interface Membership {
  readonly id: MemberId;
  readonly role: Role;
}

export interface RoomInChat {
  readonly id: RoomId;
  /** None until it was loaded: an event was quicker. Such a room is not shown. */
  readonly state: RoomState | null;
  readonly membersTotal: number;
  /** None until they were asked for and came; the page asks when it shows the room. */
  readonly members: ReadonlyMap<UserId, Membership> | null;
  readonly membersWanted: boolean;
  /** Whether somebody came or went while the members were being loaded. */
  readonly membersChanged: boolean;
  /** All of the log up to here has been taken in. */
  readonly lastSeq: Seq;
  /** The log is known to reach at least to here; more than lastSeq is a hole. */
  readonly knownSeq: Seq;
  /** Entries from beyond the hole, which wait until it is filled. */
  readonly early: ReadonlyMap<Seq, Entry>;
  readonly marker: Marker;
  /** When the newest message that is known of was posted. */
  readonly lastMessageAt: Millis | null;
}

/** One that can be shown. */
export interface LoadedRoom extends RoomInChat {
  readonly state: RoomState;
}

/** A room that he had a moment ago. */
export interface LostRoom {
  readonly name: string | null;
  readonly why: "left" | "removed" | "deleted";
}

export interface State {
  readonly me: Account;
  readonly users: ReadonlyMap<UserId, Person>;
  readonly rooms: ReadonlyMap<RoomId, RoomInChat>;
  readonly lost: ReadonlyMap<RoomId, LostRoom>;
  readonly online: ReadonlySet<UserId>;
  /** How many are online, in rooms too large to tell who. */
  readonly onlineIn: ReadonlyMap<RoomId, number>;
  readonly typing: Typing;
  /** Whether the server ought to be asked which rooms he has and what is unread there. */
  readonly mustCount: boolean;
}

export function emptyState(me: Account): State {
  return {
    me,
    users: new Map(),
    rooms: new Map(),
    lost: new Map(),
    online: new Set(),
    onlineIn: new Map(),
    typing: new Map(),
    mustCount: false,
  };
}

/** What the server has to be asked for so that the state is whole again. */
export interface Wanted {
  /** Rooms of which nothing but an event is known, or too much was missed to read it. */
  readonly rooms: readonly RoomId[];
  readonly holes: readonly { readonly room: RoomId; readonly after: Seq }[];
  readonly members: readonly RoomId[];
  readonly count: boolean;
}

/** A longer hole is not read entry by entry: the room is loaded again. */
export const holeMax: Seq = 200;

export function wantedBy(state: State): Wanted {
  const rooms: RoomId[] = [];
  const holes: { room: RoomId; after: Seq }[] = [];
  const members: RoomId[] = [];
  let count = state.mustCount;
  for (const room of state.rooms.values()) {
    if (room.state === null || room.knownSeq - room.lastSeq > holeMax) rooms.push(room.id);
    else if (room.knownSeq > room.lastSeq) holes.push({ room: room.id, after: room.lastSeq });
    if (room.membersWanted) members.push(room.id);
    if (room.marker.unsure) count = true;
  }
  return { rooms, holes, members, count };
}

/** The own role in a room; none until its members are loaded. */
export function myRole(state: State, room: RoomInChat): Role | null {
  return room.members?.get(state.me.id)?.role ?? null;
}

/** Whether one may write there, as far as is known: the server has the last word. */
export function mayWrite(state: State, room: RoomInChat): boolean {
  return myRole(state, room) !== "guest";
}

/** Whether one may change the room and its members; a superuser may in every room that is not direct. */
export function mayManage(state: State, room: RoomInChat): boolean {
  if (room.state?.kind !== "room") return false;
  const role = myRole(state, room);
  return state.me.isSuperuser || role === "owner" || role === "admin";
}

/** Whether one may delete the room and make or unmake its owners. */
export function mayOwn(state: State, room: RoomInChat): boolean {
  return room.state?.kind === "room" && (state.me.isSuperuser || myRole(state, room) === "owner");
}
