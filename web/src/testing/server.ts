/**
 * A server in miniature, with api.md's rules for what the client's model must get right: logs, events in their order,
 * read markers and counts. It keeps everything, so that it can answer as of any moment.
 */
import type { ChatEvent, Entry, OwnEvent } from "../api/events";
import type { Account, Level, Member, Message, MessageId, Role, Room, RoomId, RoomState, Seq, UnreadRow, UserId } from "../api/shapes";
import { memberId } from "../api/shapes";
import { messageId, oid, room as roomNo, user as userNo } from "./shapes";

export const me: Account = {
  id: userNo(1),
  username: "olga",
  displayName: "Olga Sokolova",
  avatar: "",
  bot: false,
  isDisabled: false,
  email: "olga@halden.example",
  isSuperuser: false,
  settings: {},
  created: 0,
};

const roles: readonly Role[] = ["owner", "admin", "member", "guest"];

export function memberOf(user: UserId, role: Role) {
  return memberId(oid(`d${roles.indexOf(role)}${user.slice(2)}`));
}

interface ServerRoom {
  state: RoomState;
  readonly members: Map<UserId, Role>;
  readonly log: Entry[];
  readonly messages: Map<MessageId, Message>;
  /** Of @here: who was online. */
  readonly here: Map<MessageId, boolean>;
  readSeq: Seq;
  level: Level;
}

/** What is said of a message besides its text. */
export interface Naming {
  readonly mentions?: readonly UserId[];
  readonly mentionsAll?: "all" | "here" | null;
}

export class FakeServer {
  readonly rooms = new Map<RoomId, ServerRoom>();
  /** What `me` is told, in the order of the commits. */
  readonly events: ChatEvent[] = [];
  private messages = 0;
  private time = 1_000_000;

  /** With its creation and its people as the first entries; `me` is told where he is one of them. */
  createRoom(no: number, people: readonly UserId[], kind: "room" | "direct" = "room"): RoomId {
    const id = roomNo(no);
    const state: RoomState = {
      id,
      kind,
      name: kind === "room" ? `room-${no}` : null,
      topic: "",
      isOpen: kind === "room",
      isVisible: kind === "room",
      mentionAllBy: "members",
      created: this.now(),
    };
    const made: ServerRoom = { state, members: new Map(), log: [], messages: new Map(), here: new Map(), readSeq: 0, level: "all" };
    this.rooms.set(id, made);
    this.append(made, (seq) => ({ type: "room", room: id, seq, action: "created", state, was: {}, by: me.id, created: state.created }));
    for (const user of people) this.join(id, user);
    return id;
  }

  join(id: RoomId, user: UserId, role: Role = "member"): void {
    const room = this.room(id);
    if (room.members.has(user)) return;
    room.members.set(user, role);
    const entry = this.append(room, (seq) => this.memberEntry(id, seq, "join", user, role));
    if (user !== me.id) return;
    room.readSeq = entry.seq;
    room.level = "all";
  }

  leave(id: RoomId, user: UserId, by: UserId = user): void {
    const room = this.room(id);
    const role = room.members.get(user);
    if (role === undefined) return;
    if (user === me.id) room.members.delete(user); // the entry itself is not for him
    this.append(room, (seq) => ({ ...this.memberEntry(id, seq, "leave", user, role), by }));
    room.members.delete(user);
    if (user === me.id) this.tell({ type: "removed", room: id, by });
  }

  setRole(id: RoomId, user: UserId, role: Role): void {
    const room = this.room(id);
    const was = room.members.get(user);
    if (was === undefined || was === role) return;
    room.members.set(user, role);
    this.append(room, (seq) => this.memberEntry(id, seq, "role", user, role));
  }

  rename(id: RoomId, name: string): void {
    const room = this.room(id);
    const was = { name: room.state.name };
    room.state = { ...room.state, name };
    const { state } = room;
    this.append(room, (seq) => ({ type: "room", room: id, seq, action: "changed", state, was, by: me.id, created: this.now() }));
  }

  deleteRoom(id: RoomId): void {
    const mine = this.room(id).members.has(me.id);
    this.rooms.delete(id);
    if (mine) this.tell({ type: "room_deleted", room: id });
  }

  post(id: RoomId, sender: UserId, text: string, naming: Naming = {}, isHere = false): Message | null {
    const room = this.room(id);
    if (!room.members.has(sender)) return null;
    const no = ++this.messages;
    const entry = this.append(room, (seq) => ({
      type: "message",
      room: id,
      seq,
      message: {
        id: messageId(no),
        room: id,
        seq,
        sender,
        username: sender === me.id ? me.username : `user-${sender.slice(-2)}`,
        text,
        created: this.now(),
        edited: null,
        deleted: null,
        mentions: naming.mentions ?? [],
        mentionsAll: naming.mentionsAll ?? null,
        replyTo: null,
        bot: false,
        attachments: [],
      },
    }));
    if (entry.type !== "message") return null;
    room.messages.set(entry.message.id, entry.message);
    room.here.set(entry.message.id, isHere);
    if (sender === me.id) room.readSeq = entry.seq;
    return entry.message;
  }

  edit(id: RoomId, message: MessageId, text: string, naming: Naming = {}, isHere = false): void {
    const room = this.room(id);
    const was = room.messages.get(message);
    if (was?.deleted !== null) return;
    const now: Message = {
      ...was,
      text,
      edited: this.now(),
      mentions: naming.mentions ?? [],
      mentionsAll: naming.mentionsAll ?? null,
    };
    room.messages.set(message, now);
    room.here.set(message, isHere);
    this.append(room, (seq) => ({ type: "edit", room: id, seq, message: now }));
  }

  deleteMessage(id: RoomId, message: MessageId, by: UserId): void {
    const room = this.room(id);
    const was = room.messages.get(message);
    if (was?.deleted !== null) return;
    room.messages.set(message, { ...was, text: "", mentions: [], mentionsAll: null, replyTo: null, deleted: this.now() });
    this.append(room, (seq) => ({ type: "delete", room: id, seq, id: message, by }));
  }

  read(id: RoomId, seq: Seq, unread: boolean): void {
    const room = this.room(id);
    const wanted = Math.min(seq, room.log.length);
    if (!room.members.has(me.id) || wanted === room.readSeq || (wanted < room.readSeq && !unread)) return;
    room.readSeq = wanted;
    const row = this.row(room);
    this.tell({ type: "read", room: id, readSeq: wanted, unread: row.unread, mentions: row.mentions });
  }

  setLevel(id: RoomId, level: Level): void {
    const room = this.room(id);
    if (!room.members.has(me.id) || room.level === level) return;
    room.level = level;
    this.tell({ type: "level", room: id, level });
  }

  wait(ms: number): void {
    this.time += ms;
  }

  // What the calls answer.

  myRooms(): readonly Room[] {
    return [...this.rooms.values()].filter((room) => room.members.has(me.id)).map((room) => this.view(room));
  }

  roomOf(id: RoomId): Room | null {
    const room = this.rooms.get(id);
    return room === undefined ? null : this.view(room);
  }

  unread(): readonly UnreadRow[] {
    return [...this.rooms.values()].filter((room) => room.members.has(me.id)).map((room) => this.row(room));
  }

  membersOf(id: RoomId): readonly Member[] {
    return [...this.room(id).members].map(([user, role]) => ({
      id: memberOf(user, role),
      role,
      user,
      username: `user-${user.slice(-2)}`,
      displayName: "",
      online: false,
    }));
  }

  /** As they are now: an edited message in its new form, a deleted one without text. */
  entries(id: RoomId, part: { before?: Seq; after?: Seq; around?: Seq; limit?: number }): readonly Entry[] {
    const { log } = this.room(id);
    const limit = Math.min(part.limit ?? 50, 200);
    let from = Math.max(0, log.length - limit);
    if (part.after !== undefined) from = part.after;
    else if (part.before !== undefined) from = Math.max(0, part.before - 1 - limit);
    else if (part.around !== undefined) from = Math.max(0, Math.min(part.around - Math.ceil(limit / 2), log.length - limit));
    const to = part.before === undefined ? from + limit : Math.min(from + limit, part.before - 1);
    return log.slice(from, to).map((entry) => this.asNow(entry));
  }

  asNow(entry: Entry): Entry;
  asNow(entry: ChatEvent): ChatEvent;
  asNow(entry: ChatEvent): ChatEvent {
    if (entry.type !== "message" && entry.type !== "edit") return entry;
    const message = this.rooms.get(entry.room)?.messages.get(entry.message.id);
    return message === undefined ? entry : { ...entry, message };
  }

  private room(id: RoomId): ServerRoom {
    const room = this.rooms.get(id);
    if (room === undefined) throw new RangeError("no such room");
    return room;
  }

  private view(room: ServerRoom): Room {
    const members = [...room.members].map(([user, role]) => memberOf(user, role));
    return { ...room.state, members, membersTotal: members.length, lastSeq: room.log.length };
  }

  private row(room: ServerRoom): UnreadRow {
    const row = { room: room.state.id, lastSeq: room.log.length, readSeq: room.readSeq, level: room.level };
    const unread = [...room.messages.values()].filter((each) => each.seq > room.readSeq && each.sender !== me.id);
    const forMe = unread.filter(
      (each) =>
        each.mentions.includes(me.id) ||
        each.mentionsAll === "all" ||
        (each.mentionsAll === "here" && room.here.get(each.id) === true),
    );
    return { ...row, unread: unread.length, mentions: forMe.length };
  }

  private memberEntry(room: RoomId, seq: Seq, action: "join" | "leave" | "role", user: UserId, role: Role): Entry {
    const username = user === me.id ? me.username : `user-${user.slice(-2)}`;
    return { type: "member", room, seq, action, member: memberOf(user, role), user, username, role, by: user, created: this.now() };
  }

  private append(room: ServerRoom, make: (seq: Seq) => Entry): Entry {
    const entry = make(room.log.length + 1);
    room.log.push(entry);
    if (room.members.has(me.id)) this.events.push(entry);
    return entry;
  }

  private tell(event: OwnEvent): void {
    this.events.push(event);
  }

  private now(): number {
    this.time += 1_000;
    return this.time;
  }
}
