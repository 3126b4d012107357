/**
 * The window over one room's log (log_window.ts), moved by reading and by what is said meanwhile. Answers and events may
 * overtake each other: what came while an answer was on its way is laid over it.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { LogPart } from "../api/calls";
import { logPartMax } from "../api/calls";
import type { Entry } from "../api/events";
import type { Answer, Refusal } from "../api/http";
import type { Message, MessageId, Seq } from "../api/shapes";
import * as windows from "./log_window";
import type { LogWindow } from "./log_window";

export interface RoomLogPorts {
  readonly read: (part: LogPart) => Promise<Answer<readonly Entry[]>>;
  /** The room's newest seq that is known of; 0 where nobody tells (a room that one is not in). */
  readonly endSeq: () => Seq;
}

export type Reading = "nothing" | "older" | "newer" | "anew";

/** So many entries are read at once: enough for a tall screen and some scrolling. */
const partSize = 100;
/** An answer may hold edits alone; then the next is read, but not for ever. */
const partsMax = 5;
const rowsWanted = 20;
/** Of what comes during a reading; past it the window is behind, and reads on. */
const meanwhileMax = 500;

export class RoomLog {
  private readonly current = signal<LogWindow | null>(null);
  private readonly reading = signal<Reading>("nothing");
  private readonly refusal = signal<Refusal | null>(null);
  /** None until the first answer. */
  readonly window: ReadonlySignal<LogWindow | null> = this.current;
  /** What is on its way. */
  readonly isReading: ReadonlySignal<Reading> = this.reading;
  /** Why the last reading did not succeed. */
  readonly problem: ReadonlySignal<Refusal | null> = this.refusal;

  private meanwhile: Entry[] = [];
  private isFollowed = true;
  /** A jump makes every older answer void. */
  private jumps = 0;

  constructor(private readonly ports: RoomLogPorts) {}

  /** To where one left off: the first unread message, or the end where that is near it. */
  async open(readSeq: Seq): Promise<void> {
    const end = this.ports.endSeq();
    if (end - readSeq < partSize / 2) await this.jumpToEnd();
    else await this.jumpTo(readSeq + 1);
  }

  async jumpToEnd(): Promise<void> {
    this.isFollowed = true;
    if (this.current.value?.atEnd === true) return;
    await this.readAnew({ limit: partSize }, () => true);
  }

  /** So that the entry is in the window, with its surroundings; nothing is read where it is there already. */
  async jumpTo(seq: Seq): Promise<void> {
    this.isFollowed = false;
    const window = this.current.value;
    if (window !== null && window.firstSeq <= seq && seq <= window.lastSeq) return;
    await this.readAnew({ around: seq, limit: partSize }, (last) => last >= this.ports.endSeq() && last > 0);
  }

  /** Whether the view is at the end of the room, and stays there when something comes. */
  setFollowed(isFollowed: boolean): void {
    this.isFollowed = isFollowed;
  }

  async readOlder(): Promise<void> {
    await this.read("older", async () => {
      for (let parts = 0, rows = 0; parts < partsMax && rows < rowsWanted; ++parts) {
        const window = this.current.value;
        if (window === null || windows.isAtStart(window)) return true;
        const entries = await this.part({ before: window.firstSeq, limit: partSize });
        if (entries === null) return false;
        rows += entries.filter(windows.hasRow).length;
        this.current.value = windows.withOlder(this.current.value ?? window, entries);
      }
      return true;
    });
  }

  async readNewer(): Promise<void> {
    await this.read("newer", async () => {
      for (let parts = 0, rows = 0; parts < partsMax && rows < rowsWanted; ++parts) {
        const window = this.current.value;
        if (window === null || window.atEnd) return true;
        const entries = await this.part({ after: window.lastSeq, limit: partSize });
        if (entries === null) return false;
        rows += entries.filter(windows.hasRow).length;
        this.current.value = windows.withNewer(this.current.value ?? window, entries, entries.length < partSize);
      }
      return true;
    });
  }

  /** Too much was missed to be told: the same piece of the log is read again, and the place in it stays. */
  async refresh(): Promise<void> {
    const before = this.current.value;
    if (before === null) return;
    if (this.isFollowed && this.ports.endSeq() - before.lastSeq > windows.rowsMax) {
      return this.readAnew({ limit: partSize }, () => true);
    }
    await this.read("anew", async () => {
      const entries: Entry[] = [];
      let atEnd = false;
      for (let next = before.firstSeq - 1; !atEnd && next < before.lastSeq; ) {
        const part = await this.part({ after: next, limit: logPartMax });
        if (part === null) return false;
        entries.push(...part);
        atEnd = part.length < logPartMax;
        next = part.at(-1)?.seq ?? next;
      }
      this.current.value = windows.windowOf(entries, atEnd, this.isFollowed ? "newest" : "oldest");
      return true;
    });
  }

  /** An entry that the room's state has taken in, in its order (reduce.ts). */
  receive(entry: Entry): void {
    if (this.reading.value !== "nothing" && this.meanwhile.length < meanwhileMax) this.meanwhile.push(entry);
    const window = this.current.value;
    if (window === null) return;
    const next = windows.withLive(window, entry, this.isFollowed);
    this.current.value = next;
    // Something was missed, and whoever looks at the end must not wait for it.
    if (window.atEnd && !next.atEnd && this.isFollowed) void this.readNewer();
  }

  /** The answer to one's own edit or deletion, which may be quicker than its event. */
  replace(message: Message): void {
    this.overlay((window) => windows.withMessage(window, message.id, () => message));
  }

  find(id: MessageId): Message | null {
    return this.current.value === null ? null : windows.messageIn(this.current.value, id);
  }

  private overlay(change: (window: LogWindow) => LogWindow): void {
    if (this.current.value !== null) this.current.value = change(this.current.value);
  }

  private async readAnew(part: LogPart, isEnd: (last: Seq) => boolean): Promise<void> {
    ++this.jumps;
    this.reading.value = "nothing";
    await this.read("anew", async () => {
      const entries = await this.part(part);
      if (entries === null) return false;
      this.current.value = windows.windowOf(entries, isEnd(entries.at(-1)?.seq ?? 0));
      return true;
    });
  }

  /** One reading at a time; what came during it is laid over what it brought. */
  private async read(what: Reading, work: () => Promise<boolean>): Promise<void> {
    if (this.reading.value !== "nothing") return;
    const jump = this.jumps;
    this.reading.value = what;
    this.refusal.value = null;
    this.meanwhile = [];
    const isDone = await work();
    if (jump !== this.jumps) return;
    this.reading.value = "nothing";
    if (isDone) this.layOver(this.meanwhile);
    this.meanwhile = [];
    if (isDone && this.isFollowed && this.current.value?.atEnd === false && what !== "older") await this.readNewer();
  }

  private layOver(entries: readonly Entry[]): void {
    for (const entry of entries)
      this.overlay((window) => windows.withLive(windows.withChange(window, entry), entry, this.isFollowed));
    // The room went on further than that.
    this.overlay((window) => (window.lastSeq < this.ports.endSeq() ? { ...window, atEnd: false } : window));
  }

  /** None: refused, or no longer wanted. */
  private async part(part: LogPart): Promise<readonly Entry[] | null> {
    const jump = this.jumps;
    const answer = await this.ports.read(part);
    if (jump !== this.jumps) return null;
    if (answer.ok) return answer.value;
    this.refusal.value = answer.refusal;
    return null;
  }
}
