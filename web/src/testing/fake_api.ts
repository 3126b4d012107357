/** The API of FakeServer, in the JSON that the real one writes: what is read from it goes through the border. */
import type { Entry } from "../api/events";
import type { Answer, Call, Refusal } from "../api/http";
import type { Account, Member, Message, Room, RoomState, UnreadRow } from "../api/shapes";
import { isRoomId } from "../api/shapes";
import { makeCalls } from "../api/calls";
import type { ChatEvent } from "../api/events";
import { me } from "./server";
import type { FakeServer } from "./server";
import { dateJson, oid } from "./shapes";

const date = (time: number | null) => (time === null ? null : dateJson(time));

export const accountJson = (account: Account) => ({
  _id: oid(account.id),
  username: account.username,
  display_name: account.displayName,
  avatar: account.avatar,
  bot: account.bot,
  is_disabled: account.isDisabled,
});

const stateJson = (state: RoomState) => ({
  _id: oid(state.id),
  kind: state.kind,
  name: state.name,
  topic: state.topic,
  is_open: state.isOpen,
  is_visible: state.isVisible,
  mention_all_by: state.mentionAllBy,
  created: dateJson(state.created),
});

const roomJson = (room: Room) => ({
  ...stateJson(room),
  members: room.members.map(oid),
  members_total: room.membersTotal,
  last_seq: room.lastSeq,
  messages_total: room.lastSeq,
});

const messageJson = (message: Message) => ({
  _id: oid(message.id),
  room: oid(message.room),
  seq: message.seq,
  sender: oid(message.sender),
  username: message.username,
  text: message.text,
  created: dateJson(message.created),
  edited: date(message.edited),
  deleted: date(message.deleted),
  mentions: message.mentions.map(oid),
  reply_to: message.replyTo === null ? null : oid(message.replyTo),
  ...(message.mentionsAll !== null && { mentions_all: message.mentionsAll }),
});

const memberJson = (member: Member) => ({
  _id: oid(member.id),
  role: member.role,
  profile: oid(member.user),
  username: member.username,
  display_name: member.displayName,
  online: member.online,
});

const rowJson = (row: UnreadRow) => ({
  room: oid(row.room),
  last_seq: row.lastSeq,
  read_seq: row.readSeq,
  unread: row.unread,
  mentions: row.mentions,
  level: row.level,
});

function entryJson(entry: Entry) {
  const place = { type: entry.type, room: oid(entry.room), seq: entry.seq };
  switch (entry.type) {
    case "message":
    case "edit":
      return { ...place, message: messageJson(entry.message) };
    case "delete":
      return { ...place, _id: oid(entry.id), by: oid(entry.by) };
    case "member": {
      const { action, username, role } = entry;
      return { ...place, action, member: oid(entry.member), user: oid(entry.user), username, role, by: oid(entry.by) };
    }
    case "room":
      return { ...place, action: entry.action, state: stateJson(entry.state), was: entry.was, by: oid(entry.by) };
    case "unknown":
      return place;
  }
}

/** As it is sent to live connections. */
export function eventJson(event: ChatEvent): object {
  if ("seq" in event) return { ...entryJson(event), cursor: `c${event.room}-${event.seq}` };
  switch (event.type) {
    case "read": {
      const { readSeq, unread, mentions } = event;
      return { type: "read", room: oid(event.room), read_seq: readSeq, unread, mentions, cursor: "own" };
    }
    case "removed":
      return { type: "member", action: "leave", room: oid(event.room), by: oid(event.by), cursor: "own" };
    case "room_deleted":
      return { type: "room", action: "deleted", room: oid(event.room), cursor: "own" };
    case "level":
      return { type: "settings", room: oid(event.room), level: event.level, cursor: "own" };
    case "settings":
      return { type: "settings", settings: event.settings, cursor: "own" };
    case "user":
      return { type: "user", user: event.user };
    case "presence":
      return { type: "presence", user: oid(event.user), status: event.online ? "online" : "offline" };
    case "room_presence":
      return { type: "presence", room: oid(event.room), online: event.online };
    case "typing":
      return { type: "typing", room: oid(event.room), user: oid(event.user) };
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;

function answerTo(server: FakeServer, path: string, query: Query): unknown {
  const roomId = String(query["room"] ?? path.replace("/api/rooms/", ""));
  const part = (name: string) => (typeof query[name] === "number" ? { [name]: query[name] } : {});
  if (path === "/api/rooms") return server.myRooms().map(roomJson);
  if (path === "/api/unread") return server.unread().map(rowJson);
  if (path === "/api/users") return [{ ...accountJson(me), last_seen: null }];
  if (!isRoomId(roomId)) return undefined;
  const room = server.roomOf(roomId);
  if (room === null) return undefined;
  if (path === "/api/members") return server.membersOf(roomId).map(memberJson);
  if (path !== "/api/messages") return roomJson(room);
  const entries = server.entries(roomId, { ...part("before"), ...part("after"), ...part("around"), ...part("limit") });
  if (query["entries"] === "all") return entries.map(entryJson);
  return entries.flatMap((entry) => (entry.type === "message" ? [messageJson(entry.message)] : []));
}

/** Calls that a FakeServer answers, one after the other in `asked`. */
export class FakeApi {
  readonly asked: string[] = [];
  refusal: Refusal | null = null;

  constructor(private readonly server: FakeServer) {}

  private readonly call: Call = async <T>(request: Parameters<Call>[0] & { read: (json: unknown) => T }): Promise<Answer<T>> => {
    const { method, path, query = {} } = request;
    this.asked.push(`${method} ${path}`);
    await Promise.resolve();
    if (this.refusal !== null) return { ok: false, refusal: this.refusal };
    if (path.endsWith("/read")) return this.done(request, { status: "ok" });
    const json = answerTo(this.server, path, query);
    if (json !== undefined) return this.done(request, json);
    return { ok: false, refusal: { kind: "refused", status: 404, title: "Not Found", description: "", retryAfter: null } };
  };

  readonly calls = makeCalls(this.call);

  private done<T>(request: { read: (json: unknown) => T }, json: unknown): Answer<T> {
    return { ok: true, value: request.read(json), status: 200, total: null, goesOn: false };
  }
}
