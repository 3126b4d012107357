/**
 * What stands in the composers, kept over a reload: a draft for each room, and one for each message that is being edited.
 * In localStorage, which writes at once: a page that is closed has no time for a database.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Clock } from "../api/clock";
import { isMessageId } from "../api/shapes";
import type { MessageId, RoomId, UserId } from "../api/shapes";
import type { TextStorage } from "../page_storage";

export interface Draft {
  readonly text: string;
  readonly replyTo: MessageId | null;
}

export type DraftKey = RoomId | `edit-${MessageId}`;

export const editOf = (message: MessageId): DraftKey => `edit-${message}`;

export const noDraft: Draft = { text: "", replyTo: null };

/** A keystroke later than that is written with the next one. */
const writeAfterMs = 250;

function isEmpty({ text, replyTo }: Draft): boolean {
  return text.trim() === "" && replyTo === null;
}

function parse(json: string | null): Draft {
  if (json === null) return noDraft;
  try {
    const found: unknown = JSON.parse(json);
    if (typeof found !== "object" || found === null) return noDraft;
    const { text, replyTo }: { text?: unknown; replyTo?: unknown } = found;
    return {
      text: typeof text === "string" ? text : "",
      replyTo: typeof replyTo === "string" && isMessageId(replyTo) ? replyTo : null,
    };
  } catch {
    return noDraft;
  }
}

export class Drafts {
  private readonly present = signal<ReadonlySet<string>>(new Set());
  /** The keys of what is not empty: the rooms that the list marks. */
  readonly keys: ReadonlySignal<ReadonlySet<string>> = this.present;

  private readonly prefix: string;
  /** What was typed here, whether or not the browser could keep it. */
  private readonly typed = new Map<DraftKey, Draft>();
  private readonly unwritten = new Set<DraftKey>();
  private callOff: (() => void) | null = null;

  constructor(
    private readonly storage: TextStorage,
    private readonly clock: Clock,
    user: UserId,
  ) {
    this.prefix = `makechat.draft.${user}.`;
    this.present.value = new Set(this.storedKeys());
  }

  get(key: DraftKey): Draft {
    return this.typed.get(key) ?? parse(this.storage.getItem(this.prefix + key));
  }

  set(key: DraftKey, draft: Draft): void {
    this.typed.set(key, draft);
    this.unwritten.add(key);
    this.mark(key, !isEmpty(draft));
    this.callOff ??= this.clock.after(writeAfterMs, () => this.write());
  }

  clear(key: DraftKey): void {
    this.set(key, noDraft);
    this.write();
  }

  /**
   * It is on its way, and its composer is empty. The browser keeps it until the function that is returned is called, or
   * something else is typed there.
   */
  handOver(key: DraftKey): () => void {
    this.write();
    const none: Draft = { ...noDraft };
    this.typed.set(key, none);
    this.mark(key, false);
    return () => {
      if (this.typed.get(key) === none) this.clear(key);
    };
  }

  /** Text that must not be lost goes behind what stands there: of a room that is gone, of a message that was discarded. */
  append(key: DraftKey, text: string): void {
    const { text: before, replyTo } = this.get(key);
    this.set(key, { text: before === "" ? text : `${before}\n${text}`, replyTo });
  }

  /** When the page is hidden or closed, and after a pause in typing. */
  write(): void {
    this.callOff?.();
    this.callOff = null;
    for (const key of this.unwritten) {
      const draft = this.typed.get(key) ?? noDraft;
      try {
        if (isEmpty(draft)) this.storage.removeItem(this.prefix + key);
        else this.storage.setItem(this.prefix + key, JSON.stringify(draft));
        this.unwritten.delete(key);
      } catch {
        // Full, or forbidden: it stays here, and is tried again with the next.
      }
    }
  }

  /** Another tab has written: for `storage` events of the window. What was typed here is older then. */
  takeFromOtherTab(storageKey: string | null): void {
    if (storageKey?.startsWith(this.prefix) !== true) return;
    const stored = new Set(this.storedKeys());
    for (const key of this.typed.keys()) {
      if (this.prefix + key === storageKey && !this.unwritten.has(key)) this.typed.delete(key);
    }
    for (const key of this.unwritten) stored.add(key);
    this.present.value = stored;
  }

  private *storedKeys(): Iterable<string> {
    for (let index = 0; index < this.storage.length; ++index) {
      const key = this.storage.key(index);
      if (key?.startsWith(this.prefix) === true) yield key.slice(this.prefix.length);
    }
  }

  private mark(key: DraftKey, isPresent: boolean): void {
    if (this.present.value.has(key) === isPresent) return;
    const present = new Set(this.present.value);
    if (isPresent) present.add(key);
    else present.delete(key);
    this.present.value = present;
  }
}
