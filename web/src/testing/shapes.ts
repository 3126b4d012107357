/** JSON as the server writes it, for tests that begin at the border. */
import { isMessageId, isRoomId, isUserId } from "../api/shapes";
import type { MessageId, RoomId, UserId } from "../api/shapes";

function digitsOf(kind: string, no: number): string {
  return kind + no.toString(16).padStart(24 - kind.length, "0");
}

export function user(no: number): UserId {
  const id = digitsOf("aa", no);
  if (!isUserId(id)) throw new RangeError("not an id");
  return id;
}

export function room(no: number): RoomId {
  const id = digitsOf("bb", no);
  if (!isRoomId(id)) throw new RangeError("not an id");
  return id;
}

export function messageId(no: number): MessageId {
  const id = digitsOf("cc", no);
  if (!isMessageId(id)) throw new RangeError("not an id");
  return id;
}

export const oid = (id: string) => ({ $oid: id });
export const dateJson = (millis: number) => ({ $date: new Date(millis).toISOString() });

export function messageJson(no: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    _id: oid(messageId(no)),
    room: oid(room(1)),
    seq: no,
    sender: oid(user(1)),
    username: "alice",
    text: `text ${no}`,
    created: dateJson(no * 1000),
    edited: null,
    deleted: null,
    mentions: [],
    reply_to: null,
    ...changes,
  };
}
