/** The live events of api.md, as types, and how they are read. */
import { fields, number, object, oneOf, optional, nullable, date, text } from "./decode";
import type { Fields, Reader } from "./decode";
import { level, memberId, message, messageId, profile, role, roomId, roomState, roomWas, userId } from "./shapes";
import type { Level, MemberId, Message, MessageId, Millis, Profile, Role, RoomId, RoomSettings, RoomState, Seq, UserId } from "./shapes";

/** An opaque place in the stream of events, to resume from. */
export type Cursor = string;

interface InLog {
  readonly room: RoomId;
  readonly seq: Seq;
}

export interface MessageEntry extends InLog {
  readonly type: "message";
  /** As it is now: in a replay it may have been edited or deleted since. */
  readonly message: Message;
}
export interface EditEntry extends InLog {
  readonly type: "edit";
  readonly message: Message;
}
export interface DeleteEntry extends InLog {
  readonly type: "delete";
  readonly id: MessageId;
  readonly by: UserId;
}
export interface MemberEntry extends InLog {
  readonly type: "member";
  readonly action: "join" | "leave" | "role";
  readonly member: MemberId;
  readonly user: UserId;
  readonly username: string;
  /** The one that he has now, or had when he left. */
  readonly role: Role;
  /** Himself, or who did it to him. */
  readonly by: UserId;
  /** None where the server does not tell. */
  readonly created: Millis | null;
}
export interface RoomEntry extends InLog {
  readonly type: "room";
  readonly action: "created" | "changed";
  readonly state: RoomState;
  readonly was: Partial<RoomSettings>;
  readonly by: UserId;
  readonly created: Millis | null;
}
/** Of a kind that this client does not know: it only counts. */
export interface UnknownEntry extends InLog {
  readonly type: "unknown";
}

/** A committed change in a room's log. */
export type Entry = MessageEntry | EditEntry | DeleteEntry | MemberEntry | RoomEntry | UnknownEntry;

/** From the user's own log: what concerns nobody but him. */
export type OwnEvent =
  | { readonly type: "read"; readonly room: RoomId; readonly readSeq: Seq; readonly unread: number; readonly mentions: number }
  | { readonly type: "level"; readonly room: RoomId; readonly level: Level }
  | { readonly type: "settings"; readonly settings: Fields }
  /** He has left, or was put out by somebody else. */
  | { readonly type: "removed"; readonly room: RoomId; readonly by: UserId }
  | { readonly type: "room_deleted"; readonly room: RoomId };

/** Never logged, and so never replayed. */
export type PassingEvent =
  | { readonly type: "user"; readonly user: Profile }
  | { readonly type: "presence"; readonly user: UserId; readonly online: boolean }
  /** Of a room with more than 500 members. */
  | { readonly type: "room_presence"; readonly room: RoomId; readonly online: number }
  | { readonly type: "typing"; readonly room: RoomId; readonly user: UserId };

/** What changes the state of the chat. */
export type ChatEvent = Entry | OwnEvent | PassingEvent;

/** What concerns the connection alone. */
export type StreamEvent =
  | { readonly type: "hello"; readonly user: UserId; readonly server: string; readonly retryMs: number }
  | { readonly type: "resync" }
  /** The answer to an operation that this client has sent, whatever it says. */
  | { readonly type: "answer" };

export interface LiveEvent {
  readonly event: ChatEvent | StreamEvent;
  /** Where to resume behind this event; what is never logged has none. */
  readonly cursor: Cursor | null;
}

const memberAction = oneOf("join", "leave", "role");

function entryOf(type: string, json: unknown): Entry {
  return object((get): Entry => {
    const place = { room: get("room", roomId), seq: get("seq", number) };
    switch (type) {
      case "message":
      case "edit":
        return { type, ...place, message: get("message", message) };
      case "delete":
        return { type, ...place, id: get("_id", messageId), by: get("by", userId) };
      case "member":
        return {
          type,
          ...place,
          action: get("action", memberAction),
          member: get("member", memberId),
          user: get("user", userId),
          username: get("username", text),
          role: get("role", role),
          by: get("by", userId),
          created: get("created", optional(nullable(date), null)),
        };
      case "room":
        return {
          type,
          ...place,
          action: get("action", oneOf("created", "changed")),
          state: get("state", roomState),
          was: get("was", roomWas),
          by: get("by", userId),
          created: get("created", optional(nullable(date), null)),
        };
      default:
        return { type: "unknown", ...place };
    }
  })(json);
}

function ownEventOf(type: string, json: unknown): OwnEvent | null {
  return object((get): OwnEvent | null => {
    switch (type) {
      case "read":
        return {
          type,
          room: get("room", roomId),
          readSeq: get("read_seq", number),
          unread: get("unread", number),
          mentions: get("mentions", number),
        };
      case "settings":
        return "level" in fields(json)
          ? { type: "level", room: get("room", roomId), level: get("level", level) }
          : { type, settings: get("settings", fields) };
      case "member":
        return { type: "removed", room: get("room", roomId), by: get("by", userId) };
      case "room":
        return { type: "room_deleted", room: get("room", roomId) };
      default:
        return null;
    }
  })(json);
}

function passingEventOf(type: string, json: unknown): PassingEvent | StreamEvent | null {
  return object((get): PassingEvent | StreamEvent | null => {
    switch (type) {
      case "user":
        return { type, user: get("user", profile) };
      case "presence":
        return "user" in fields(json)
          ? { type, user: get("user", userId), online: get("status", oneOf("online", "offline")) === "online" }
          : { type: "room_presence", room: get("room", roomId), online: get("online", number) };
      case "typing":
        return { type, room: get("room", roomId), user: get("user", userId) };
      case "hello":
        return { type, user: get("user", userId), server: get("server", text), retryMs: get("retry_ms", number) };
      case "resync":
        return { type };
      case "ack":
      case "error":
        return { type: "answer" };
      default:
        return null;
    }
  })(json);
}

/** An entry of a page of a room's log (`entries=all`), which has the form of the live event. */
export const entry: Reader<Entry> = (json) => entryOf(object((get) => get("type", text))(json), json);

/** None: an event of a kind that this client does not know, and need not. */
export const liveEvent: Reader<LiveEvent | null> = (json) => {
  const { type, cursor, action } = object((get) => ({
    type: get("type", text),
    cursor: get("cursor", optional(text, null)),
    action: get("action", optional(text, "")),
  }))(json);
  const passing = passingEventOf(type, json);
  if (passing !== null) return { event: passing, cursor };
  // A deletion is told from whichever log comes first; either way it is the last that is heard of the room.
  const inLog = "seq" in fields(json) && !(type === "room" && action === "deleted");
  const event = inLog ? entryOf(type, json) : ownEventOf(type, json);
  return event === null ? null : { event, cursor };
};

/** Whether the event stands in a room's log. */
export function isEntry(event: ChatEvent | StreamEvent): event is Entry {
  return "seq" in event;
}
