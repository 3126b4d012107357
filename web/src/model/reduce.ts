/**
 * How what happens changes the state. The same whatever comes twice, late, or with holes: entries count in the order of
 * their seq and once, what lies beyond a hole waits, and what cannot be known is marked as wanted (state.ts).
 */
import type { ChatEvent, Entry, MemberEntry, OwnEvent, PassingEvent } from "../api/events";
import { isEntry } from "../api/events";
import type { Account, Member, Message, Millis, Profile, Room, RoomId, RoomState, UnreadRow, UserId } from "../api/shapes";
import { holeMax } from "./state";
import type { LostRoom, Membership, Person, RoomInChat, State } from "./state";
import { beginTyping, endTyping, expireTyping } from "./typing";
import * as unread from "./unread";

/** What the server has answered, and what the page asks for. */
export type Loaded =
  /** All rooms that he is in, and how he stands there. */
  | { readonly type: "rooms_loaded"; readonly rooms: readonly Room[] }
  | { readonly type: "room_loaded"; readonly room: Room }
  /** Made or joined just now, by the answer to that. */
  | { readonly type: "room_joined"; readonly room: Room }
  | { readonly type: "room_missing"; readonly room: RoomId }
  /** What is unread is about to be asked for; `counted` is the answer. */
  | { readonly type: "count_begun" }
  | { readonly type: "counted"; readonly rows: readonly UnreadRow[] }
  | { readonly type: "members_wanted"; readonly room: RoomId }
  | { readonly type: "members_begun"; readonly room: RoomId }
  | { readonly type: "members_refused"; readonly room: RoomId }
  | { readonly type: "members_loaded"; readonly room: RoomId; readonly members: readonly Member[] }
  | { readonly type: "users_loaded"; readonly users: readonly Profile[] }
  | { readonly type: "me_changed"; readonly me: Account }
  | { readonly type: "last_message_loaded"; readonly message: Message }
  /** The stream goes on after a pause: what is never logged was missed. */
  | { readonly type: "resumed" }
  | { readonly type: "time_passed" };

export type Change = ChatEvent | Loaded;

export interface Reduced {
  readonly state: State;
  /** The entries that were taken in, each once and in its room's order: for whoever shows that room. */
  readonly applied: readonly Entry[];
}

interface Copies {
  users?: Map<UserId, Person>;
  rooms?: Map<RoomId, RoomInChat>;
  lost?: Map<RoomId, LostRoom>;
  online?: Set<UserId>;
  onlineIn?: Map<RoomId, number>;
}

/** A state in the making: a map is copied when it is first written to, once for all changes that come together. */
class Draft {
  readonly applied: Entry[] = [];
  private readonly copied: Copies = {};

  constructor(
    public state: State,
    readonly now: Millis,
  ) {}

  set<K extends keyof State>(key: K, value: State[K]): void {
    if (this.state[key] !== value) this.state = { ...this.state, [key]: value };
  }

  users(): Map<UserId, Person> {
    const copy = (this.copied.users ??= new Map(this.state.users));
    this.set("users", copy);
    return copy;
  }
  rooms(): Map<RoomId, RoomInChat> {
    const copy = (this.copied.rooms ??= new Map(this.state.rooms));
    this.set("rooms", copy);
    return copy;
  }
  lost(): Map<RoomId, LostRoom> {
    const copy = (this.copied.lost ??= new Map(this.state.lost));
    this.set("lost", copy);
    return copy;
  }
  online(): Set<UserId> {
    const copy = (this.copied.online ??= new Set(this.state.online));
    this.set("online", copy);
    return copy;
  }
  onlineIn(): Map<RoomId, number> {
    const copy = (this.copied.onlineIn ??= new Map(this.state.onlineIn));
    this.set("onlineIn", copy);
    return copy;
  }

  changeRoom(id: RoomId, change: (room: RoomInChat) => RoomInChat): void {
    const room = this.state.rooms.get(id);
    if (room === undefined) return;
    const changed = change(room);
    if (changed !== room) this.rooms().set(id, changed);
  }
}

export function reduce(state: State, changes: readonly Change[], now: Millis): Reduced {
  const draft = new Draft(state, now);
  for (const change of changes) {
    if (isLoaded(change)) takeLoaded(draft, change);
    else if (isEntry(change)) receive(draft, change);
    else if (isOwn(change)) takeOwn(draft, change);
    else takePassing(draft, change);
  }
  return { state: draft.state, applied: draft.applied };
}

const loadedTypes: ReadonlySet<string> = new Set<Loaded["type"]>([
  "rooms_loaded",
  "room_loaded",
  "room_joined",
  "room_missing",
  "count_begun",
  "counted",
  "members_wanted",
  "members_begun",
  "members_refused",
  "members_loaded",
  "users_loaded",
  "me_changed",
  "last_message_loaded",
  "resumed",
  "time_passed",
]);
const ownTypes: ReadonlySet<string> = new Set<OwnEvent["type"]>(["read", "level", "settings", "removed", "room_deleted"]);

function isLoaded(change: Change): change is Loaded {
  return loadedTypes.has(change.type);
}
function isOwn(change: OwnEvent | PassingEvent): change is OwnEvent {
  return ownTypes.has(change.type);
}

// Entries of rooms' logs.

function newRoom(id: RoomId): RoomInChat {
  return {
    id,
    state: null,
    membersTotal: 0,
    members: null,
    membersWanted: false,
    membersChanged: false,
    lastSeq: 0,
    knownSeq: 0,
    early: new Map(),
    marker: unread.unknownMarker,
    lastMessageAt: null,
  };
}

function isOwnJoin(draft: Draft, entry: Entry): boolean {
  return entry.type === "member" && entry.action === "join" && entry.user === draft.state.me.id;
}

/** An entry as it comes: to be taken in now, later, or not at all. */
function receive(draft: Draft, entry: Entry): void {
  const room = draft.state.rooms.get(entry.room);
  if (room === undefined) return meet(draft, entry);
  if (entry.seq <= room.lastSeq) return;
  if (entry.seq > room.lastSeq + 1) return keepEarly(draft, room, entry);
  apply(draft, entry);
  applyEarly(draft, entry.room);
}

/** The first word of a room: he has come in, or its loading is not yet done. */
function meet(draft: Draft, entry: Entry): void {
  const room = newRoom(entry.room);
  if (!isOwnJoin(draft, entry)) return keepEarly(draft, room, entry);
  // Who comes in has read all that was said before.
  const { seq } = entry;
  draft.rooms().set(entry.room, { ...room, lastSeq: seq, knownSeq: seq, marker: unread.markerAt(seq) });
  if (draft.state.lost.has(entry.room)) draft.lost().delete(entry.room);
  draft.applied.push(entry);
}

function keepEarly(draft: Draft, room: RoomInChat, entry: Entry): void {
  // Past the longest hole that is read the room is loaded again, and the entry with it.
  const isKept = entry.seq - room.lastSeq <= holeMax || room.state === null;
  const early = isKept && room.early.size < holeMax ? new Map(room.early).set(entry.seq, entry) : room.early;
  draft.rooms().set(room.id, { ...room, early, knownSeq: Math.max(room.knownSeq, entry.seq) });
}

function applyEarly(draft: Draft, id: RoomId): void {
  for (;;) {
    const room = draft.state.rooms.get(id);
    const next = room?.early.get(room.lastSeq + 1);
    if (next === undefined) break;
    apply(draft, next);
  }
  draft.changeRoom(id, (room) => {
    if (room.early.size === 0) return room;
    const early = new Map([...room.early].filter(([seq]) => seq > room.lastSeq));
    return early.size === room.early.size ? room : { ...room, early };
  });
}

/** The next entry of its room's log. */
function apply(draft: Draft, entry: Entry): void {
  draft.changeRoom(entry.room, (room) => ({
    ...changedBy(draft, room, entry),
    lastSeq: entry.seq,
    knownSeq: Math.max(room.knownSeq, entry.seq),
  }));
  if (entry.type === "message") draft.set("typing", endTyping(draft.state.typing, entry.room, entry.message.sender));
  draft.applied.push(entry);
}

function changedBy(draft: Draft, room: RoomInChat, entry: Entry): RoomInChat {
  const me = draft.state.me.id;
  switch (entry.type) {
    case "message":
      return {
        ...room,
        marker: unread.hearMessage(room.marker, entry.message, me),
        lastMessageAt: entry.message.created,
      };
    case "edit":
      return { ...room, marker: unread.hearEdit(room.marker, entry.message, me) };
    case "delete":
      return { ...room, marker: unread.hearDeletion(room.marker, entry.id) };
    case "member":
      return takeMember(draft, room, entry);
    case "room":
      // Of a room that is still being loaded the answer says more than that.
      return room.state === null ? room : { ...room, state: entry.state };
    case "unknown":
      return room;
  }
}

function takeMember(draft: Draft, room: RoomInChat, entry: MemberEntry): RoomInChat {
  const { user, username } = entry;
  if (!draft.state.users.has(user)) meetPerson(draft, { id: user, username, displayName: "" });
  const members = room.members === null ? null : new Map(room.members);
  if (entry.action === "leave") members?.delete(user);
  else members?.set(user, { id: entry.member, role: entry.role });
  const more = entry.action === "join" ? 1 : entry.action === "leave" ? -1 : 0;
  if (entry.action === "leave") draft.set("typing", endTyping(draft.state.typing, room.id, user));
  return { ...room, members, membersChanged: true, membersTotal: Math.max(0, room.membersTotal + more) };
}

// The user's own log.

function takeOwn(draft: Draft, event: OwnEvent): void {
  switch (event.type) {
    case "read":
      return draft.changeRoom(event.room, (room) => ({
        ...room,
        marker: unread.moveMarker(room.marker, event.readSeq, event.unread, event.mentions),
      }));
    case "level":
      return draft.changeRoom(event.room, (room) => ({ ...room, marker: unread.setLevel(room.marker, event.level) }));
    case "settings":
      return draft.set("me", { ...draft.state.me, settings: event.settings });
    case "removed":
      loseRoom(draft, event.room, event.by === draft.state.me.id ? "left" : "removed");
      // If this is old news (told twice), the count shows that he is in again.
      return draft.set("mustCount", true);
    case "room_deleted":
      return loseRoom(draft, event.room, "deleted");
  }
}

function loseRoom(draft: Draft, id: RoomId, why: LostRoom["why"]): void {
  const room = draft.state.rooms.get(id);
  if (room === undefined) return;
  draft.rooms().delete(id);
  if (room.state !== null) draft.lost().set(id, { name: room.state.name, why });
  if (draft.state.onlineIn.has(id)) draft.onlineIn().delete(id);
}

// What is never logged.

function takePassing(draft: Draft, event: PassingEvent): void {
  switch (event.type) {
    case "user":
      return takeProfile(draft, event.user);
    case "presence":
      return setOnline(draft, event.user, event.online);
    case "room_presence":
      draft.onlineIn().set(event.room, event.online);
      return;
    case "typing":
      if (event.user !== draft.state.me.id)
        draft.set("typing", beginTyping(draft.state.typing, event.room, event.user, draft.now));
      return;
  }
}

function setOnline(draft: Draft, user: UserId, isOnline: boolean): void {
  if (draft.state.online.has(user) === isOnline) return;
  if (isOnline) draft.online().add(user);
  else draft.online().delete(user);
}

function takeProfile(draft: Draft, user: Profile): void {
  draft.users().set(user.id, { ...user, isWhole: true });
  if (user.id === draft.state.me.id) draft.set("me", { ...draft.state.me, ...user });
}

/** Of whom only the names are known. */
function meetPerson(draft: Draft, named: Pick<Person, "id" | "username" | "displayName">): void {
  const known = draft.state.users.get(named.id);
  if (known?.username === named.username && known.displayName === named.displayName) return;
  const stranger = { avatar: "", bot: false, isDisabled: false, isWhole: false };
  draft.users().set(named.id, { ...(known ?? stranger), ...named });
}

// Answers.

function takeLoaded(draft: Draft, loaded: Loaded): void {
  switch (loaded.type) {
    case "rooms_loaded":
      return takeRooms(draft, loaded.rooms);
    case "room_loaded":
      return takeRoom(draft, loaded.room, false);
    case "room_joined":
      // A count under way does not know of it yet.
      if (!draft.state.rooms.has(loaded.room.id))
        draft.rooms().set(loaded.room.id, { ...newRoom(loaded.room.id), marker: { ...unread.unknownMarker, changed: true } });
      return takeRoom(draft, loaded.room, true);
    case "room_missing":
      return forgetUnseen(draft, loaded.room);
    case "count_begun":
      for (const { id } of draft.state.rooms.values())
        draft.changeRoom(id, (room) => ({ ...room, marker: unread.beginCount(room.marker) }));
      return draft.set("mustCount", false);
    case "counted":
      return takeCounts(draft, loaded.rows);
    case "members_wanted":
      return draft.changeRoom(loaded.room, (room) => ({ ...room, membersWanted: true }));
    case "members_begun":
      return draft.changeRoom(loaded.room, (room) => ({ ...room, membersChanged: false }));
    case "members_refused":
      return draft.changeRoom(loaded.room, (room) => ({ ...room, membersWanted: false }));
    case "members_loaded":
      return takeMembers(draft, loaded.room, loaded.members);
    case "users_loaded":
      for (const user of loaded.users) takeProfile(draft, user);
      return;
    case "me_changed":
      draft.users().set(loaded.me.id, { ...loaded.me, isWhole: true });
      return draft.set("me", loaded.me);
    case "last_message_loaded":
      return draft.changeRoom(loaded.message.room, (room) => ({
        ...room,
        lastMessageAt: room.lastMessageAt ?? loaded.message.created,
      }));
    case "resumed":
      return forgetPassing(draft);
    case "time_passed":
      return draft.set("typing", expireTyping(draft.state.typing, draft.now));
  }
}

function takeRooms(draft: Draft, rooms: readonly Room[]): void {
  const listed = new Set(rooms.map((room) => room.id));
  for (const room of rooms) takeRoom(draft, room, true);
  for (const [id, room] of draft.state.rooms) {
    // What has not been loaded yet came in while the list was on its way.
    if (!listed.has(id) && room.state !== null) loseRoom(draft, id, "removed");
  }
}

/** Without what moves with every entry. */
function stateOf({ id, kind, name, topic, isOpen, isVisible, mentionAllBy, created }: Room): RoomState {
  return { id, kind, name, topic, isOpen, isVisible, mentionAllBy, created };
}

/** A room as it was at its lastSeq, which may be behind what the events have told already. */
function takeRoom(draft: Draft, loaded: Room, isMine: boolean): void {
  const known = draft.state.rooms.get(loaded.id);
  // A room that nobody has ever spoken of is his only if the list of his rooms says so.
  if (known === undefined && !isMine) return;
  const room = known ?? newRoom(loaded.id);
  // Older than what is known already: a room that has not been loaded stays wanted.
  if (loaded.lastSeq < room.lastSeq || (room.state !== null && loaded.lastSeq === room.lastSeq)) return;
  draft.rooms().set(room.id, {
    ...room,
    state: stateOf(loaded),
    membersTotal: loaded.membersTotal,
    // Who came and went meanwhile was not told.
    membersWanted: room.membersWanted || room.members !== null,
    lastSeq: loaded.lastSeq,
    knownSeq: Math.max(room.knownSeq, loaded.lastSeq),
    marker: loaded.lastSeq > room.lastSeq ? { ...room.marker, unsure: true } : room.marker,
  });
  if (draft.state.lost.has(room.id)) draft.lost().delete(room.id);
  applyEarly(draft, room.id);
}

function forgetUnseen(draft: Draft, id: RoomId): void {
  if (draft.state.rooms.get(id)?.state === null) draft.rooms().delete(id);
}

/** A row for each room that he is in, and so the word on which these are. */
function takeCounts(draft: Draft, rows: readonly UnreadRow[]): void {
  const counted = new Set(rows.map((row) => row.room));
  for (const row of rows) {
    const room = draft.state.rooms.get(row.room) ?? newRoom(row.room);
    const knownSeq = Math.max(room.knownSeq, row.lastSeq);
    draft.rooms().set(row.room, { ...room, marker: unread.takeCount(room.marker, row), knownSeq });
  }
  for (const [id, room] of draft.state.rooms) {
    // Unless he came in while it was counted.
    if (!counted.has(id) && !room.marker.changed) loseRoom(draft, id, "removed");
  }
}

function takeMembers(draft: Draft, id: RoomId, members: readonly Member[]): void {
  for (const each of members) {
    meetPerson(draft, { id: each.user, username: each.username, displayName: each.displayName });
    setOnline(draft, each.user, each.online);
  }
  draft.changeRoom(id, (room) => ({
    ...room,
    members: new Map(members.map((each): [UserId, Membership] => [each.user, { id: each.id, role: each.role }])),
    membersTotal: members.length,
    membersWanted: room.membersChanged,
    membersChanged: false,
  }));
}

/** Who came online or went while nobody told; the lists of members say it. */
function forgetPassing(draft: Draft): void {
  draft.set("typing", new Map());
  for (const { id } of draft.state.rooms.values())
    draft.changeRoom(id, (room) => (room.members === null ? room : { ...room, membersWanted: true }));
}
