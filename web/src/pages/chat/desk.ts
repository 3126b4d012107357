import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { MessageId, RoomId, Seq } from "../../api/shapes";
import type { Drafts } from "../../model/drafts";

/** What stands over the chat, one at a time. */
export type Overlay = "goto" | "keys" | "create_room";

/** What the log, the composer and the panels of the open room hand to each other. */
export class Desk {
  private readonly edited = signal<MessageId | null>(null);
  private readonly changes = signal(0);
  private readonly wanted = signal<{ readonly room: RoomId; readonly seq: Seq } | null>(null);

  private readonly ends = signal(0);
  private readonly over = signal<Overlay | null>(null);
  private readonly seen = signal<RoomId | null>(null);

  /** The message that is being edited in its place. */
  readonly editing: ReadonlySignal<MessageId | null> = this.edited;
  /** Moves whenever a draft was changed by something else than typing in its composer, which then reads it again. */
  readonly draftsChanged: ReadonlySignal<number> = this.changes;
  /** A message that somebody wants to see (a quote, a link): the log goes there, rings it once and calls reached(). */
  readonly destination: ReadonlySignal<{ readonly room: RoomId; readonly seq: Seq } | null> = this.wanted;
  /** Moves when the open room is to be shown at its end (Esc): the log goes there. */
  readonly endWanted: ReadonlySignal<number> = this.ends;
  readonly overlay: ReadonlySignal<Overlay | null> = this.over;
  /** The room that the person has before his eyes; none while the page is hidden or another window is used. */
  readonly lookedAt: ReadonlySignal<RoomId | null> = this.seen;

  constructor(private readonly drafts: Drafts) {}

  edit(message: MessageId | null): void {
    this.edited.value = message;
  }

  /** The next message in the room answers this one; none takes the answer back. */
  replyTo(room: RoomId, message: MessageId | null): void {
    this.drafts.set(room, { ...this.drafts.get(room), replyTo: message });
    ++this.changes.value;
  }

  /** What stands in the room's composer is on its way: `Drafts.handOver`. */
  handOver(room: RoomId): () => void {
    const letGo = this.drafts.handOver(room);
    ++this.changes.value;
    return letGo;
  }

  /** A text that was not sent goes back to where it can be written on. */
  putBack(room: RoomId, text: string): void {
    this.drafts.append(room, text);
    ++this.changes.value;
  }

  takeFromOtherTab(storageKey: string | null): void {
    this.drafts.takeFromOtherTab(storageKey);
    ++this.changes.value;
  }

  goTo(room: RoomId, seq: Seq): void {
    this.wanted.value = { room, seq };
  }

  reached(): void {
    this.wanted.value = null;
  }

  toEnd(): void {
    ++this.ends.value;
  }

  /** Opens a dialog over the chat; none closes it. */
  show(overlay: Overlay | null): void {
    this.over.value = overlay;
  }

  look(at: RoomId | null): void {
    this.seen.value = at;
  }
}
