/**
 * What one has written and the server has not yet acknowledged. A message stands there at once; it is kept in the database
 * until the server has it, sent in the order in which a room's were written, and again with the same nonce when no answer
 * came, so that it is in the room once. Of two tabs that know of a message, the one that holds its lock sends it.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { NewMessage } from "../api/calls";
import type { Clock } from "../api/clock";
import type { Answer, Refusal } from "../api/http";
import type { Message, MessageId, Millis, RoomId, Seq, UserId } from "../api/shapes";
import type { Locks } from "./locks";
import type { OutboxRow, OutboxStore } from "./outbox_db";

export type Sending =
  /** For the connection, for the server's patience, or for those before it. */
  | { readonly kind: "waiting" }
  /** `landed`: seen in the room already, though the answer has yet to come; not to be shown twice. */
  | { readonly kind: "sending"; readonly since: Millis; readonly landed: MessageId | null }
  /** In the log, at a place that the room's events have not reached. */
  | { readonly kind: "sent"; readonly id: MessageId; readonly seq: Seq }
  /** The server said no; the next may go. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Tried again and again; tried once more when the connection is back, or on a press. */
  | { readonly kind: "unanswered" };

export interface OutboxItem extends OutboxRow {
  readonly sending: Sending;
  /** Whether it would outlive a reload. */
  readonly isKept: boolean;
}

export interface OutboxPorts {
  readonly user: UserId;
  readonly store: OutboxStore;
  readonly locks: Locks;
  readonly post: (message: NewMessage) => Promise<Answer<Message>>;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** At most 64 characters, never the same twice. */
  readonly makeNonce: () => string;
}

export interface Written {
  readonly room: RoomId;
  readonly text: string;
  readonly replyTo: MessageId | null;
}

const triesMax = 4;
const retryMs = 1_000;

export class Outbox {
  private readonly list = signal<readonly OutboxItem[]>([]);
  /** In the order in which they were written. */
  readonly items: ReadonlySignal<readonly OutboxItem[]> = this.list;

  private readonly tries = new Map<string, number>();
  private readonly locks = new Map<string, () => void>();
  /** Rooms in which a message is on its way, or must wait for its next try. */
  private readonly busy = new Set<RoomId>();
  /** How far each room's events have come. */
  private readonly reachedSeq = new Map<RoomId, Seq>();
  private isConnected = false;
  private isSignedIn = true;
  private isClosed = false;

  constructor(private readonly ports: OutboxPorts) {}

  /** Shows it at once and sends it. Resolves when it would outlive a reload, or (false) when the browser keeps nothing. */
  async add({ room, text, replyTo }: Written): Promise<boolean> {
    const { user, store, clock, makeNonce } = this.ports;
    const row: OutboxRow = { nonce: makeNonce(), user, room, text, replyTo, created: this.nextTime(clock.now()) };
    this.list.value = [...this.list.value, { ...row, sending: { kind: "waiting" }, isKept: false }];
    const isKept = this.hold(row.nonce).then(async () => {
      await store.put(row);
      this.change(row.nonce, { isKept: true });
      // The answer was quicker than the disk.
      if (this.isDone(row.nonce)) await store.remove(row.nonce);
      return true;
    });
    this.pump(room);
    return isKept.catch(() => false);
  }

  /** Takes over what a tab that is gone has left, this tab before its reload too. */
  async adopt(): Promise<void> {
    const { store, user } = this.ports;
    const rows = await store.rowsOf(user).catch(() => []);
    for (const row of rows) {
      if (this.isKnown(row.nonce) || !(await this.hold(row.nonce))) continue;
      // Sent by the other tab while this one was asking?
      if (!(await store.has(row.nonce).catch(() => false))) this.letGo(row.nonce);
      else this.insert({ ...row, sending: { kind: "waiting" }, isKept: true });
    }
    this.pumpAll();
  }

  retry(nonce: string): void {
    const item = this.find(nonce);
    if (item?.sending.kind !== "refused" && item?.sending.kind !== "unanswered") return;
    this.tries.delete(nonce);
    this.change(nonce, { sending: { kind: "waiting" } });
    this.pump(item.room);
  }

  /** Returns the text, which the composer may want back. None: it is on its way already. */
  discard(nonce: string): string | null {
    const item = this.find(nonce);
    if (item === undefined || item.sending.kind === "sending" || item.sending.kind === "sent") return null;
    this.forget(nonce);
    return item.text;
  }

  /** The live connection has come or gone. */
  setConnected(isConnected: boolean): void {
    const isBack = isConnected && !this.isConnected;
    this.isConnected = isConnected;
    if (!isBack) return;
    for (const { nonce, sending } of this.list.value) {
      if (sending.kind === "unanswered") this.change(nonce, { sending: { kind: "waiting" } });
    }
    this.tries.clear();
    void this.adopt();
  }

  /** Nothing is sent between the end of a session and the next sign-in. */
  setSignedIn(isSignedIn: boolean): void {
    this.isSignedIn = isSignedIn && !this.isClosed;
    if (isSignedIn) this.pumpAll();
  }

  /** Its page is gone: nothing more goes out from here, and whoever is next in line may take over what waits. */
  close(): void {
    this.isClosed = true;
    this.isSignedIn = false;
    for (const nonce of [...this.locks.keys()]) this.letGo(nonce);
  }

  /** An own message has come by the room's events, perhaps before the answer to its sending. */
  heard(message: Message): void {
    const item = this.list.value.find(
      ({ room, text, replyTo, sending }) =>
        sending.kind === "sending" &&
        sending.landed === null &&
        room === message.room &&
        text === message.text &&
        replyTo === message.replyTo,
    );
    if (item?.sending.kind === "sending") this.change(item.nonce, { sending: { ...item.sending, landed: message.id } });
  }

  /** The room's events have come to `seq`: what is sent and stands there is in the room. */
  reached(room: RoomId, seq: Seq): void {
    this.reachedSeq.set(room, seq);
    const isThere = (item: OutboxItem) => item.room === room && item.sending.kind === "sent" && item.sending.seq <= seq;
    if (this.list.value.some(isThere)) this.list.value = this.list.value.filter((item) => !isThere(item));
  }

  /** Whether something would be lost by a reload. */
  hasUnkept(): boolean {
    return this.list.value.some(({ isKept, sending }) => !isKept && sending.kind !== "sent");
  }

  private pumpAll(): void {
    for (const room of new Set(this.list.value.map((item) => item.room))) this.pump(room);
  }

  private pump(room: RoomId): void {
    if (!this.isSignedIn || this.busy.has(room)) return;
    const next = this.list.value.find((item) => item.room === room && item.sending.kind === "waiting");
    if (next !== undefined) void this.send(next);
  }

  private async send(item: OutboxItem): Promise<void> {
    const { nonce, room, text, replyTo } = item;
    this.busy.add(room);
    this.change(nonce, { sending: { kind: "sending", since: this.ports.clock.now(), landed: null } });
    const answer = await this.ports.post({ nonce, room, text, replyTo });
    if (answer.ok) this.settle(nonce, answer.value);
    else this.takeRefusal(item, answer.refusal);
  }

  private settle(nonce: string, { id, seq, room }: Message): void {
    const item = this.find(nonce);
    this.forget(nonce);
    // Until the room's events tell it, it must not vanish.
    if (item !== undefined && seq > (this.reachedSeq.get(room) ?? 0)) this.insert({ ...item, sending: { kind: "sent", id, seq } });
    this.free(room);
  }

  private takeRefusal({ nonce, room }: OutboxItem, refusal: Refusal): void {
    const fate = fateOf(refusal);
    if (fate === "refused") {
      this.change(nonce, { sending: { kind: "refused", refusal } });
      return this.free(room);
    }
    this.change(nonce, { sending: { kind: "waiting" } });
    if (fate === "signed_out") {
      this.isSignedIn = false;
      this.busy.delete(room);
    } else if (refusal.kind === "refused" && refusal.retryAfter !== null) {
      this.freeAfter(room, refusal.retryAfter * 1_000 * (1 + this.ports.random() / 4));
    } else {
      this.tryAgain(nonce, room);
    }
  }

  /** Nobody has answered: soon again while there is a connection, else when there is one. */
  private tryAgain(nonce: string, room: RoomId): void {
    if (!this.isConnected) {
      this.busy.delete(room);
      return;
    }
    const tries = (this.tries.get(nonce) ?? 0) + 1;
    this.tries.set(nonce, tries);
    if (tries < triesMax) return this.freeAfter(room, retryMs * 2 ** tries * (0.5 + this.ports.random() / 2));
    this.change(nonce, { sending: { kind: "unanswered" } });
    this.free(room);
  }

  private free(room: RoomId): void {
    this.busy.delete(room);
    this.pump(room);
  }

  private freeAfter(room: RoomId, ms: number): void {
    this.ports.clock.after(ms, () => this.free(room));
  }

  private async hold(nonce: string): Promise<boolean> {
    const letGo = await this.ports.locks.tryHold(`makechat-outbox-${nonce}`).catch(() => null);
    if (letGo === null) return false;
    this.locks.set(nonce, letGo);
    if (this.isClosed) this.letGo(nonce);
    return !this.isClosed;
  }

  private letGo(nonce: string): void {
    this.locks.get(nonce)?.();
    this.locks.delete(nonce);
  }

  private forget(nonce: string): void {
    this.list.value = this.list.value.filter((item) => item.nonce !== nonce);
    this.tries.delete(nonce);
    // If that fails it is sent once more after a reload, and the server knows the nonce.
    const removed = this.ports.store.remove(nonce).catch(() => undefined);
    void removed.then(() => this.letGo(nonce));
  }

  private insert(item: OutboxItem): void {
    this.list.value = [...this.list.value, item].sort((a, b) => a.created - b.created);
  }

  private change(nonce: string, change: Partial<Pick<OutboxItem, "sending" | "isKept">>): void {
    this.list.value = this.list.value.map((item) => (item.nonce === nonce ? { ...item, ...change } : item));
  }

  private find(nonce: string): OutboxItem | undefined {
    return this.list.value.find((item) => item.nonce === nonce);
  }

  private isKnown(nonce: string): boolean {
    return this.find(nonce) !== undefined;
  }

  private isDone(nonce: string): boolean {
    const item = this.find(nonce);
    return item === undefined || item.sending.kind === "sent";
  }

  /** Two that are written within a millisecond, or while the clock is set back, keep their order. */
  private nextTime(now: Millis): Millis {
    const last = this.list.value.at(-1);
    return last === undefined ? now : Math.max(now, last.created + 1);
  }
}

/** What to do with a message that was not taken. */
function fateOf(refusal: Refusal): "refused" | "again" | "signed_out" {
  if (refusal.kind !== "refused") return "again";
  if (refusal.status === 401) return "signed_out";
  return refusal.status >= 500 || refusal.status === 408 || refusal.status === 429 ? "again" : "refused";
}

/** 128 bits, in hexadecimal. */
export function randomNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
