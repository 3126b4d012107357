/**
 * What is unread in one room, by the server's rule: messages behind the read marker, own ones excepted, deleted ones included;
 * of them, as mentions, those that name the reader, all, or who was here.
 *
 * The server counts when asked and whenever a marker moves; in between the client counts on. It knows each message that came
 * since the count (`heard`), so that a marker that moves among them, or an edit that adds or takes a mention, needs no asking.
 * Where it cannot know (an edit of a message from before the count; whether one was "here") it says so by `unsure`, and the
 * count is asked for again.
 */
import type { Level, Message, MessageId, Seq, UnreadRow, UserId } from "../api/shapes";

interface Heard {
  readonly id: MessageId;
  readonly seq: Seq;
  readonly forMe: boolean;
}

export interface Marker {
  /** The read marker: all up to here is read. */
  readonly readSeq: Seq;
  readonly level: Level;
  /** The server's count covers the log up to here, … */
  readonly countedSeq: Seq;
  /** … and says this of what is unread there. */
  readonly counted: { readonly unread: number; readonly mentions: number };
  /** Others' messages behind countedSeq and readSeq, ascending. */
  readonly heard: readonly Heard[];
  /** The server ought to count anew. */
  readonly unsure: boolean;
  /** Something has happened that a count under way may not know of. */
  readonly changed: boolean;
}

/** Past it the older half is only a number: who has so much unread reads it from the start or not at all. */
const heardMax = 1_000;

const nothing = { unread: 0, mentions: 0 };

/** Of who came in by the entry `seq`, and so has read all before it. */
export function markerAt(seq: Seq): Marker {
  return { readSeq: seq, level: "all", countedSeq: seq, counted: nothing, heard: [], unsure: false, changed: true };
}

/** Of whom only the server knows how he stands. */
export const unknownMarker: Marker = { ...markerAt(0), unsure: true, changed: false };

/** Whether a message is for `me`: for @here this is a guess, and only the server knows who was. */
export function isForMe(message: Message, me: UserId): boolean {
  return message.sender !== me && (message.mentionsAll !== null || message.mentions.includes(me));
}

export function unreadIn(marker: Marker): number {
  return marker.counted.unread + marker.heard.length;
}

export function mentionsIn(marker: Marker): number {
  return marker.counted.mentions + marker.heard.filter((each) => each.forMe).length;
}

/** From now on what the server is about to count may miss what happens. */
export function beginCount(marker: Marker): Marker {
  return marker.changed ? { ...marker, changed: false } : marker;
}

/** The server has counted. */
export function takeCount(marker: Marker, row: UnreadRow): Marker {
  if (marker.changed) return { ...marker, unsure: true };
  return {
    readSeq: row.readSeq,
    level: row.level,
    countedSeq: row.lastSeq,
    counted: { unread: row.unread, mentions: row.mentions },
    heard: marker.heard.filter((each) => each.seq > row.lastSeq && each.seq > row.readSeq),
    unsure: false,
    changed: false,
  };
}

export function setLevel(marker: Marker, level: Level): Marker {
  return { ...marker, level, changed: true };
}

function isAsked(marker: Marker): Marker {
  return { ...marker, unsure: true, changed: true };
}

/** All up to `seq`, which is at or behind what the server has counted, is read. */
function readBehindCount(marker: Marker, seq: Seq): Marker {
  const heard = marker.heard.filter((each) => each.seq > seq);
  return { ...marker, readSeq: seq, countedSeq: seq, counted: nothing, heard, changed: true };
}

/** The marker has moved, here or on another device, and the server counted what is unread behind it. */
export function moveMarker(marker: Marker, readSeq: Seq, unread: number, mentions: number): Marker {
  if (readSeq === marker.readSeq) return marker;
  if (readSeq >= marker.countedSeq) return readBehindCount(marker, readSeq);
  const counted = {
    unread: Math.max(0, unread - marker.heard.length),
    mentions: Math.max(0, mentions - marker.heard.filter((each) => each.forMe).length),
  };
  // Whether the count knew of all that was heard is not told.
  return isAsked({ ...marker, readSeq, counted });
}

/** A fold of what is old keeps the list short. */
function folded(marker: Marker): Marker {
  const old = marker.heard.slice(0, heardMax / 2);
  const last = old.at(-1);
  if (marker.heard.length <= heardMax || last === undefined) return marker;
  return {
    ...marker,
    countedSeq: last.seq,
    counted: {
      unread: marker.counted.unread + old.length,
      mentions: marker.counted.mentions + old.filter((each) => each.forMe).length,
    },
    heard: marker.heard.slice(old.length),
  };
}

/** Somebody has posted. */
export function hearMessage(marker: Marker, message: Message, me: UserId): Marker {
  // What the server has counted it has counted with all that follows from it.
  if (message.seq <= marker.countedSeq || message.seq <= marker.readSeq) return marker;
  if (message.sender === me) return readBehindCount(marker, message.seq); // posting marks read
  const heard = [...marker.heard, { id: message.id, seq: message.seq, forMe: isForMe(message, me) }];
  const more = folded({ ...marker, heard });
  return message.mentionsAll === "here" ? isAsked(more) : more;
}

function withForMe(marker: Marker, id: MessageId, forMe: boolean): Marker | null {
  const index = marker.heard.findIndex((each) => each.id === id);
  const known = marker.heard[index];
  if (known === undefined) return null;
  return known.forMe === forMe ? marker : { ...marker, heard: marker.heard.with(index, { ...known, forMe }) };
}

/** An edit finds its mentions anew. */
export function hearEdit(marker: Marker, message: Message, me: UserId): Marker {
  if (message.sender === me || message.seq <= marker.readSeq) return marker;
  const changed = withForMe(marker, message.id, isForMe(message, me));
  return changed === null || message.mentionsAll === "here" ? isAsked(changed ?? marker) : changed;
}

/** A deleted message mentions nobody any more; it stays unread. */
export function hearDeletion(marker: Marker, id: MessageId): Marker {
  const changed = withForMe(marker, id, false);
  if (changed !== null) return changed;
  return marker.counted.mentions > 0 ? isAsked(marker) : marker;
}

/** How a room shows in the list: bold where there is news, a number only for what is for the reader. */
export interface Standing {
  readonly isUnread: boolean;
  readonly forMe: number;
}

/** By the level that he has set: all news, only what is for him, or none. In a direct room every message is for him. */
export function standingOf(marker: Marker, isDirect: boolean): Standing {
  if (marker.level === "none") return { isUnread: false, forMe: 0 };
  const unread = unreadIn(marker);
  const forMe = isDirect && marker.level === "all" ? unread : mentionsIn(marker);
  return { isUnread: marker.level === "all" ? unread > 0 : forMe > 0, forMe };
}
