/**
 * A piece of a room's log, as it is shown: of any length of log at most rowsMax rows. Whatever comes at one end leaves at the
 * other, so that the page never grows.
 */
import type { Entry, MemberEntry, MessageEntry, RoomEntry } from "../api/events";
import type { Message, MessageId, Seq } from "../api/shapes";

/** An entry that has a row of its own: a message, or something that people see happen to the room. */
export type Shown = MessageEntry | MemberEntry | RoomEntry;

export interface LogWindow {
  /** Ascending. */
  readonly shown: readonly Shown[];
  /** All entries from here … */
  readonly firstSeq: Seq;
  /** … to here have been read; those with a row are in `shown`. */
  readonly lastSeq: Seq;
  /** Nothing comes behind lastSeq, as far as is known: what is said now goes in at the end. */
  readonly atEnd: boolean;
}

export const rowsMax = 300;

export function isAtStart(window: LogWindow): boolean {
  return window.firstSeq <= 1;
}

/** Whether people see it in the room. Edits and deletions are seen in the messages themselves. */
export function hasRow(entry: Entry): entry is Shown {
  switch (entry.type) {
    case "message":
      return true;
    case "member":
      return entry.action !== "role";
    case "room":
      return entry.action === "changed" && "name" in entry.was;
    case "edit":
    case "delete":
    case "unknown":
      return false;
  }
}

/** `entries`: without holes. Where they are too many, the newest stay, or the oldest. */
export function windowOf(entries: readonly Entry[], atEnd: boolean, stay: "newest" | "oldest" = "newest"): LogWindow {
  const window = {
    shown: entries.filter(hasRow),
    firstSeq: entries[0]?.seq ?? 1,
    lastSeq: entries.at(-1)?.seq ?? 0,
    atEnd,
  };
  return stay === "newest" ? withoutOldest(window) : withoutNewest(window);
}

/** With what stands before it; the newest rows leave. */
export function withOlder(window: LogWindow, entries: readonly Entry[]): LogWindow {
  const first = entries[0];
  if (first === undefined) return { ...window, firstSeq: 1 };
  return withoutNewest({ ...window, shown: [...entries.filter(hasRow), ...window.shown], firstSeq: first.seq });
}

/** With what follows; the oldest rows leave. */
export function withNewer(window: LogWindow, entries: readonly Entry[], atEnd: boolean): LogWindow {
  const following = entries.filter((entry) => entry.seq > window.lastSeq);
  const lastSeq = following.at(-1)?.seq ?? window.lastSeq;
  return withoutOldest({ ...window, shown: [...window.shown, ...following.filter(hasRow)], lastSeq, atEnd });
}

/**
 * With an entry that has just been committed. `isFollowed`: the end is in view, and the oldest rows may go; else who reads
 * further up keeps what he reads, and the end leaves the window.
 */
export function withLive(window: LogWindow, entry: Entry, isFollowed: boolean): LogWindow {
  if (entry.seq <= window.lastSeq) return window;
  const changed = withChange(window, entry);
  if (!window.atEnd) return changed;
  const isNext = entry.seq === window.lastSeq + 1;
  const isFull = hasRow(entry) && window.shown.length >= rowsMax;
  if (!isNext || (isFull && !isFollowed)) return { ...changed, atEnd: false };
  return withNewer(changed, [entry], true);
}

/** What an edit or a deletion makes of a message that is shown, wherever the end is. */
export function withChange(window: LogWindow, entry: Entry): LogWindow {
  if (entry.type === "edit") {
    const { message } = entry;
    // What is deleted stays so, though a replay tells older things again.
    return withMessage(window, message.id, (was) => (was.deleted !== null ? was : message));
  }
  if (entry.type === "delete") return withMessage(window, entry.id, asDeleted);
  return window;
}

function asDeleted(message: Message): Message {
  if (message.deleted !== null) return message;
  // When exactly is of no interest to anybody.
  return { ...message, text: "", mentions: [], mentionsAll: null, replyTo: null, attachments: [], deleted: message.created };
}

/** As one's own edit or deletion was answered, before its event comes. */
export function withMessage(window: LogWindow, id: MessageId, change: (was: Message) => Message): LogWindow {
  const index = window.shown.findIndex((each) => each.type === "message" && each.message.id === id);
  const found = window.shown[index];
  if (found?.type !== "message") return window;
  const message = change(found.message);
  return message === found.message ? window : { ...window, shown: window.shown.with(index, { ...found, message }) };
}

export function messageIn(window: LogWindow, id: MessageId): Message | null {
  const found = window.shown.find((each) => each.type === "message" && each.message.id === id);
  return found?.type === "message" ? found.message : null;
}

function withoutOldest(window: LogWindow): LogWindow {
  const shown = window.shown.slice(-rowsMax);
  const [first] = shown;
  return first === undefined || shown.length === window.shown.length ? window : { ...window, shown, firstSeq: first.seq };
}

function withoutNewest(window: LogWindow): LogWindow {
  const shown = window.shown.slice(0, rowsMax);
  const last = shown.at(-1);
  if (last === undefined || shown.length === window.shown.length) return window;
  return { ...window, shown, lastSeq: last.seq, atEnd: false };
}
