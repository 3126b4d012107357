/**
 * What api.md's JSON says, as types, and how it is read: ids are their 24 hex digits under a type of their own, times are
 * milliseconds since 1970, names are as in the API, in camel case. Live events are in events.ts.
 */
import { boolean, date, fields, idOf, list, nullable, number, object, oneOf, optional, text } from "./decode";
import type { Fields, Reader } from "./decode";

declare const names: unique symbol;
export type UserId = string & { readonly [names]: "user" };
export type RoomId = string & { readonly [names]: "room" };
/** Of the pair (user, role): the same in every room in which that user has that role. */
export type MemberId = string & { readonly [names]: "member" };
export type MessageId = string & { readonly [names]: "message" };
export type SessionId = string & { readonly [names]: "session" };
export type TokenId = string & { readonly [names]: "token" };

/** An entry's number in its room's log: 1, 2, 3, … without holes; 0 is before the first. */
export type Seq = number;
/** Since 1970, by the server's clock. */
export type Millis = number;

const idForm = /^[0-9a-f]{24}$/;
export const isUserId = (digits: string): digits is UserId => idForm.test(digits);
export const isRoomId = (digits: string): digits is RoomId => idForm.test(digits);
export const isMessageId = (digits: string): digits is MessageId => idForm.test(digits);

export const userId = idOf(isUserId);
export const roomId = idOf(isRoomId);
export const messageId = idOf(isMessageId);
export const memberId = idOf((digits): digits is MemberId => idForm.test(digits));
const sessionId = idOf((digits): digits is SessionId => idForm.test(digits));
const tokenId = idOf((digits): digits is TokenId => idForm.test(digits));

export type Role = "owner" | "admin" | "member" | "guest";
export type Level = "all" | "mentions" | "none";
export type MentionAllBy = "members" | "owners";

export const role: Reader<Role> = oneOf("owner", "admin", "member", "guest");
export const level: Reader<Level> = oneOf("all", "mentions", "none");
const mentionAllBy: Reader<MentionAllBy> = oneOf("members", "owners");

/** Somebody, as everybody sees him. */
export interface Profile {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
  readonly avatar: string;
  readonly bot: boolean;
  readonly isDisabled: boolean;
}

export const profile: Reader<Profile> = object((get) => ({
  id: get("_id", userId),
  username: get("username", text),
  displayName: get("display_name", text),
  avatar: get("avatar", text),
  bot: get("bot", boolean),
  isDisabled: get("is_disabled", boolean),
}));

/** When somebody was last here, to the minute or so; none: never. */
export const lastSeen: Reader<Millis | null> = object((get) => get("last_seen", nullable(date)));

/** The own account. `settings` is the client's own, kept by the server. */
export interface Account extends Profile {
  readonly email: string;
  readonly isSuperuser: boolean;
  readonly settings: Fields;
  readonly created: Millis;
}

export const account: Reader<Account> = object((get) => ({
  id: get("_id", userId),
  username: get("username", text),
  displayName: get("display_name", text),
  avatar: get("avatar", text),
  bot: get("bot", boolean),
  isDisabled: get("is_disabled", boolean),
  email: get("email", text),
  isSuperuser: get("is_superuser", boolean),
  settings: get("settings", fields),
  created: get("created", date),
}));

/** Somebody, as a search for names shows him. */
export interface Suggestion {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
}

export const suggestion: Reader<Suggestion> = object((get) => ({
  id: get("_id", userId),
  username: get("username", text),
  displayName: get("display_name", text),
}));

/** Somebody, as the admin page shows him. */
export interface UserForAdmin extends Suggestion {
  readonly email: string;
  readonly isSuperuser: boolean;
  readonly isDisabled: boolean;
  readonly bot: boolean;
  readonly online: boolean;
  readonly created: Millis;
  readonly lastSeen: Millis | null;
  readonly tokens: number;
}

export const userForAdmin: Reader<UserForAdmin> = object((get) => ({
  id: get("_id", userId),
  username: get("username", text),
  displayName: get("display_name", text),
  email: get("email", text),
  isSuperuser: get("is_superuser", boolean),
  isDisabled: get("is_disabled", boolean),
  bot: get("bot", boolean),
  online: get("online", boolean),
  created: get("created", date),
  lastSeen: get("last_seen", nullable(date)),
  tokens: get("tokens", number),
}));

export interface Session {
  readonly id: SessionId;
  readonly created: Millis;
  readonly lastUsed: Millis;
  readonly address: string;
  readonly agent: string;
  /** The one that asked. */
  readonly current: boolean;
}

export const session: Reader<Session> = object((get) => ({
  id: get("_id", sessionId),
  created: get("created", date),
  lastUsed: get("last_used", date),
  address: get("address", text),
  agent: get("agent", text),
  current: get("current", boolean),
}));

export type Scope = "all" | "read";

export interface Token {
  readonly id: TokenId;
  readonly name: string;
  readonly scope: Scope;
  /** The first four characters of its value. */
  readonly prefix: string;
  readonly created: Millis;
  readonly lastUsed: Millis | null;
}

/** With its value, which is shown this once. */
export interface NewToken extends Token {
  readonly value: string;
}

export const token: Reader<Token> = object((get) => ({
  id: get("_id", tokenId),
  name: get("name", text),
  scope: get("scope", oneOf("all", "read")),
  prefix: get("prefix", text),
  created: get("created", date),
  lastUsed: get("last_used", nullable(date)),
}));

export const newToken: Reader<NewToken> = (json) => ({ ...token(json), value: object((get) => get("value", text))(json) });

/** What owners set of a room. A direct room has no name. */
export interface RoomSettings {
  readonly name: string | null;
  readonly topic: string;
  readonly isOpen: boolean;
  readonly isVisible: boolean;
  readonly mentionAllBy: MentionAllBy;
}

/** A room as its log's entries tell it. */
export interface RoomState extends RoomSettings {
  readonly id: RoomId;
  readonly kind: "room" | "direct";
  readonly created: Millis;
}

export interface Room extends RoomState {
  /** The first of them: up to 100 in a list of rooms, 1,000 for one room. */
  readonly members: readonly MemberId[];
  readonly membersTotal: number;
  readonly lastSeq: Seq;
}

export const roomState: Reader<RoomState> = object((get) => ({
  id: get("_id", roomId),
  kind: get("kind", oneOf("room", "direct")),
  name: get("name", nullable(text)),
  topic: get("topic", text),
  isOpen: get("is_open", boolean),
  isVisible: get("is_visible", boolean),
  mentionAllBy: get("mention_all_by", mentionAllBy),
  created: get("created", date),
}));

export const room: Reader<Room> = (json) => ({
  ...roomState(json),
  ...object((get) => ({
    members: get("members", list(memberId)),
    membersTotal: get("members_total", number),
    lastSeq: get("last_seq", number),
  }))(json),
});

/** How many messages were posted in a room: what goes with it when it is deleted. */
export const messagesTotal: Reader<number> = object((get) => get("messages_total", number));

/** The old values of what an entry changed. */
export const roomWas: Reader<Partial<RoomSettings>> = (json) => {
  const was = fields(json);
  return {
    ...("name" in was && { name: nullable(text)(was["name"]) }),
    ...("topic" in was && { topic: text(was["topic"]) }),
    ...("is_open" in was && { isOpen: boolean(was["is_open"]) }),
    ...("is_visible" in was && { isVisible: boolean(was["is_visible"]) }),
    ...("mention_all_by" in was && { mentionAllBy: mentionAllBy(was["mention_all_by"]) }),
  };
};

/** A user in one room. */
export interface Member {
  readonly id: MemberId;
  readonly role: Role;
  readonly user: UserId;
  readonly username: string;
  readonly displayName: string;
  readonly online: boolean;
}

export const member: Reader<Member> = object((get) => ({
  id: get("_id", memberId),
  role: get("role", role),
  user: get("profile", userId),
  username: get("username", text),
  displayName: get("display_name", text),
  online: get("online", boolean),
}));

/** A card that a webhook sent, in Slack's form; every key may be missing. */
export interface Attachment {
  readonly color: string;
  readonly title: string;
  readonly titleLink: string;
  readonly text: string;
  readonly fields: readonly { readonly title: string; readonly value: string }[];
}

const attachment: Reader<Attachment> = object((get) => ({
  color: get("color", optional(text, "")),
  title: get("title", optional(text, "")),
  titleLink: get("title_link", optional(text, "")),
  text: get("text", optional(text, "")),
  fields: get(
    "fields",
    optional(
      list(
        object((each) => ({
          title: each("title", optional(text, "")),
          value: each("value", optional(text, "")),
        })),
      ),
      [],
    ),
  ),
}));

export interface Message {
  readonly id: MessageId;
  readonly room: RoomId;
  readonly seq: Seq;
  readonly sender: UserId;
  /** As it was when the answer was written; of a bot or hook, the name that it goes by. */
  readonly username: string;
  /** Empty once deleted. */
  readonly text: string;
  readonly created: Millis;
  readonly edited: Millis | null;
  readonly deleted: Millis | null;
  readonly mentions: readonly UserId[];
  readonly mentionsAll: "all" | "here" | null;
  readonly replyTo: MessageId | null;
  readonly bot: boolean;
  readonly attachments: readonly Attachment[];
}

export const message: Reader<Message> = object((get) => ({
  id: get("_id", messageId),
  room: get("room", roomId),
  seq: get("seq", number),
  sender: get("sender", userId),
  username: get("username", text),
  text: get("text", text),
  created: get("created", date),
  edited: get("edited", nullable(date)),
  deleted: get("deleted", nullable(date)),
  mentions: get("mentions", list(userId)),
  mentionsAll: get("mentions_all", optional(oneOf("all", "here"), null)),
  replyTo: get("reply_to", nullable(messageId)),
  bot: get("bot", optional(boolean, false)),
  attachments: get("attachments", optional(list(attachment), [])),
}));

/** One form that a message has had, and since when. */
export interface MessageVersion {
  readonly text: string;
  readonly created: Millis;
}

export const messageVersion: Reader<MessageVersion> = object((get) => ({
  text: get("text", text),
  created: get("created", date),
}));

/** How one stands in a room of one's own, as counted by the server. */
export interface UnreadRow {
  readonly room: RoomId;
  readonly lastSeq: Seq;
  readonly readSeq: Seq;
  readonly unread: number;
  readonly mentions: number;
  readonly level: Level;
}

export const unreadRow: Reader<UnreadRow> = object((get) => ({
  room: get("room", roomId),
  lastSeq: get("last_seq", number),
  readSeq: get("read_seq", number),
  unread: get("unread", number),
  mentions: get("mentions", number),
  level: get("level", level),
}));

/** The answer to sign-in, sign-up and set-up; the session is in a cookie that no script sees. */
export const signedIn: Reader<Account> = object((get) => get("user", account));

export interface Ping {
  readonly username: string;
  readonly isSuperuser: boolean;
  readonly haveRooms: boolean;
}

export const ping: Reader<Ping> = object((get) => ({
  username: get("username", text),
  isSuperuser: get("is_superuser", boolean),
  haveRooms: get("have_rooms", boolean),
}));

export interface ServerSetting {
  readonly key: string;
  /** Secrets are masked by the server. */
  readonly value: string;
  /** "default", the flag, the variable, or the file's line. */
  readonly source: string;
}

export interface ServerReport {
  readonly name: string;
  readonly version: string;
  readonly started: Millis;
  readonly uptimeS: number;
  readonly store: string;
  readonly storeBytes: number;
  readonly messagesTotal: number;
  readonly memoryBytes: number;
  readonly connections: { readonly websocket: number; readonly events: number; readonly longPoll: number };
  /** Of the last 60 minutes, the present one last. */
  readonly messagesPerMinute: readonly number[];
  readonly settings: readonly ServerSetting[];
}

export const serverReport: Reader<ServerReport> = object((get) => ({
  name: get("name", text),
  version: get("version", text),
  started: get("started", date),
  uptimeS: get("uptime_s", number),
  store: get("store", text),
  storeBytes: get("store_bytes", number),
  messagesTotal: get("messages_total", number),
  memoryBytes: get("memory_bytes", number),
  connections: get(
    "connections",
    object((each) => ({
      websocket: each("websocket", number),
      events: each("events", number),
      longPoll: each("long_poll", number),
    })),
  ),
  messagesPerMinute: get("messages_per_minute", list(number)),
  settings: get(
    "settings",
    list(object((each) => ({ key: each("key", text), value: each("value", text), source: each("source", text) }))),
  ),
}));
