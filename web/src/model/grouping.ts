/** What the message list shows, row by row: days, groups of one person's messages, folded system entries, the new line. */
import type { MemberEntry, RoomEntry } from "../api/events";
import type { Message, Millis, Seq, UserId } from "../api/shapes";
import type { Shown } from "./log_window";
import type { OutboxItem } from "./outbox";

export type Row =
  /** A line with the day on which the next was written. */
  | { readonly kind: "day"; readonly key: string; readonly time: Millis }
  /** The line before what was unread when the room was entered. */
  | { readonly kind: "new"; readonly key: string }
  /** `isFirst`: with face, name and time; else one more of the same person. */
  | { readonly kind: "message"; readonly key: string; readonly message: Message; readonly isFirst: boolean }
  | { readonly kind: "outbox"; readonly key: string; readonly item: OutboxItem; readonly isFirst: boolean }
  /** Neighbours of one kind: several who joined, several who left, or one new name of the room. */
  | { readonly kind: "members"; readonly key: string; readonly action: "join" | "leave"; readonly entries: readonly MemberEntry[]; readonly time: Millis | null }
  | { readonly kind: "renamed"; readonly key: string; readonly entry: RoomEntry; readonly time: Millis | null };

export interface Grouping {
  readonly me: UserId;
  /** Messages of others behind it are new. None: nothing is marked. */
  readonly newAfter: Seq | null;
  /** Two times have the same if and only if they are of one day where the reader is. */
  readonly dayOf: (time: Millis) => string;
  readonly outbox: readonly OutboxItem[];
}

export const groupMaxMs = 5 * 60_000;

export function localDay(time: Millis): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Of a message, or of what came just before an entry whose time the server does not tell. */
function timeOf(entry: Shown, before: Millis | null): Millis | null {
  return entry.type === "message" ? entry.message.created : (entry.created ?? before);
}

function continues(before: Row | undefined, sender: UserId, username: string, time: Millis): boolean {
  if (before?.kind !== "message") return false;
  const { message } = before;
  // The clocks may differ, or may have been set back: far apart is far apart in either direction.
  return message.sender === sender && message.username === username && Math.abs(time - message.created) < groupMaxMs;
}

function systemRow(entry: MemberEntry | RoomEntry, time: Millis | null): Row {
  const key = `s${entry.seq}`;
  if (entry.type === "room") return { kind: "renamed", key, entry, time };
  return { kind: "members", key, action: entry.action === "leave" ? "leave" : "join", entries: [entry], time };
}

/** Adds to `rows` a row for `entry`, or the entry to the last row. */
function addEntry(rows: Row[], entry: Shown, time: Millis | null): void {
  const before = rows.at(-1);
  if (entry.type === "message") {
    const { message } = entry;
    const isFirst = !continues(before, message.sender, message.username, message.created);
    rows.push({ kind: "message", key: `m${entry.seq}`, message, isFirst });
  } else if (entry.type === "member" && before?.kind === "members" && before.action === entry.action) {
    rows[rows.length - 1] = { ...before, entries: [...before.entries, entry] };
  } else {
    rows.push(systemRow(entry, time));
  }
}

export function rowsOf(shown: readonly Shown[], { me, newAfter, dayOf, outbox }: Grouping): readonly Row[] {
  const rows: Row[] = [];
  let day = "";
  let time: Millis | null = null;
  let isMarked = newAfter === null;
  for (const entry of shown) {
    time = timeOf(entry, time);
    if (time !== null && dayOf(time) !== day) {
      day = dayOf(time);
      rows.push({ kind: "day", key: `d${day}-${entry.seq}`, time });
    }
    if (!isMarked && newAfter !== null && entry.seq > newAfter && entry.type === "message" && entry.message.sender !== me) {
      isMarked = true;
      rows.push({ kind: "new", key: "new" });
    }
    addEntry(rows, entry, time);
  }
  addOutbox(rows, outbox, me);
  return rows;
}

function addOutbox(rows: Row[], outbox: readonly OutboxItem[], me: UserId): void {
  for (const item of outbox) {
    // It stands among the messages already.
    if (item.sending.kind === "sending" && item.sending.landed !== null) continue;
    const before = rows.at(-1);
    const isFirst = before?.kind !== "outbox" && !continuesOwn(before, me, item.created);
    rows.push({ kind: "outbox", key: item.nonce, item, isFirst });
  }
}

function continuesOwn(before: Row | undefined, me: UserId, time: Millis): boolean {
  return before?.kind === "message" && continues(before, me, before.message.username, time);
}
