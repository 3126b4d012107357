import { computed, effect, signal, untracked } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Message, MessageId, RoomId, Seq } from "../../../api/shapes";
import { localDay, rowsOf } from "../../../model/grouping";
import type { Row } from "../../../model/grouping";
import { isAtStart } from "../../../model/log_window";
import type { OutboxItem } from "../../../model/outbox";
import type { RoomLog } from "../../../model/room_log";
import { mayManage, mayWrite } from "../../../model/state";
import type { RoomInChat } from "../../../model/state";
import { unreadIn } from "../../../model/unread";
import type { ChatServices } from "../chat_services";
import type { Scroller } from "./scroller";

/** Of the element of a message, or of one that is still to be sent. */
export type RowId = `m-${Seq}` | `o-${string}`;
export const idOfMessage = (seq: Seq): RowId => `m-${seq}`;
export const idOfItem = (nonce: string): RowId => `o-${nonce}`;

/** Where the view is to go as soon as the rows are there. */
type Target = { readonly kind: "open" } | { readonly kind: "end" } | { readonly kind: "seq"; readonly seq: Seq };

/** So much of what is read already stands above the first unread message. */
const contextPx = 72;
/** Nearer than that to an end of what is there, the next is read; less in a low window. */
const nearPx = 800;

/** One visit to a room: what is shown of its log, and where one stands in it. */
export class LogView {
  private readonly newAbove = signal(false);

  readonly log: RoomLog;
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** Whether the end of the room is in view. */
  readonly isAtEnd: ReadonlySignal<boolean>;
  /** The row that the Tab key comes to. */
  readonly stop: ReadonlySignal<RowId | null>;
  readonly mayWrite: ReadonlySignal<boolean>;
  readonly mayManage: ReadonlySignal<boolean>;
  /** So far from the end that a way back is worth a button. */
  readonly isAway: ReadonlySignal<boolean>;
  /** Of others, and not yet gone over by the eyes. */
  readonly unseen: ReadonlySignal<number>;
  /** The line before what was unread on entering is above, and has not been seen. */
  readonly isNewAbove: ReadonlySignal<boolean> = this.newAbove;

  /** Others' messages behind it were unread on entering. */
  readonly newAfter = signal<Seq | null>(null);
  readonly target = signal<Target | null>({ kind: "open" });
  readonly hovered = signal<RowId | null>(null);
  /** The row that has the focus, or something in it. */
  readonly focused = signal<RowId | null>(null);
  readonly menu = signal<{ readonly message: Message; readonly anchor: HTMLElement } | null>(null);
  readonly history = signal<Message | null>(null);
  /** Whether the focus came by keys, and shows: a click into a text is no reason for letters to act. */
  isFocusByKeys = false;
  /** The message that a press has led to. */
  readonly ringed = signal<RowId | null>(null);

  private readonly chosen = signal<RowId | null>(null);
  private readonly end = signal(false);
  private readonly far = signal(false);
  private readonly seenSeq = signal<Seq>(0);
  /** The line has not been before one's eyes in this visit. */
  private isLineUnseen = true;
  private readonly keepsUnread = signal(false);
  private readonly items: ReadonlySignal<readonly OutboxItem[]>;
  private scroller: Scroller | null = null;
  private towards: "older" | "newer" = "older";
  private wasUnread: boolean;
  private newest: OutboxItem | undefined;

  /** Begins to read at once, so that what is there already is never shown from another place. */
  constructor(
    readonly room: RoomId,
    readonly services: ChatServices,
  ) {
    const { chat } = services;
    this.log = chat.logOf(room);
    const marker = chat.state.peek().rooms.get(room)?.marker;
    this.wasUnread = marker !== undefined && unreadIn(marker) > 0;
    if (marker !== undefined && this.wasUnread) this.newAfter.value = marker.readSeq;

    const me = chat.state.peek().me.id;
    this.items = computed(() => chat.outbox.items.value.filter((item) => item.room === room));
    this.newest = this.items.peek().at(-1);
    this.rows = computed(() => {
      const window = this.log.window.value;
      const outbox = window?.atEnd === false ? [] : this.items.value;
      // Above the first row there may be more of what is new: that is not where it begins.
      const { value } = this.newAfter;
      const newAfter = window !== null && value !== null && window.firstSeq <= value + 1 ? value : null;
      return rowsOf(window?.shown ?? [], { me, newAfter, dayOf: localDay, outbox });
    });
    this.isAtEnd = computed(() => this.end.value && this.log.window.value?.atEnd === true);
    this.isAway = computed(() => this.far.value || this.log.window.value?.atEnd === false || (!this.isAtEnd.value && this.unseen.value > 0));
    this.stop = computed(() => stopIn(this.rows.value, this.chosen.value));
    this.mayWrite = computed(() => this.ask((found) => mayWrite(chat.state.value, found)));
    this.mayManage = computed(() => this.ask((found) => mayManage(chat.state.value, found)));
    this.unseen = computed(() => this.countUnseen());
    this.begin();
  }

  /** What one knows of the room now; none where it has just gone. */
  get found(): RoomInChat | undefined {
    return this.services.chat.state.value.rooms.get(this.room);
  }

  private begin(): void {
    const { chat } = this.services;
    void untracked(() => this.log.open(chat.state.value.rooms.get(this.room)?.marker.readSeq ?? 0));
  }

  attach(scroller: Scroller | null): void {
    this.scroller = scroller;
  }

  // Going somewhere.

  toEnd(): void {
    this.keepsUnread.value = false;
    this.isLineUnseen = false;
    this.target.value = { kind: "end" };
    void untracked(() => this.log.jumpToEnd());
  }

  toSeq(seq: Seq): void {
    this.target.value = { kind: "seq", seq };
    void untracked(() => this.log.jumpTo(seq));
  }

  toFirstUnread(): void {
    const { value } = this.newAfter;
    if (value !== null) this.toSeq(value + 1);
  }

  /** What could not be read is asked for again. */
  retry(): void {
    const target = this.target.value;
    if (target?.kind === "end") void this.log.jumpToEnd();
    else if (target?.kind === "seq") void this.log.jumpTo(target.seq);
    else if (this.log.window.value === null) this.begin();
    else if (this.towards === "older") void this.log.readOlder();
    else void this.log.readNewer();
  }

  /** Which of the two ends a reading that did not succeed was for. */
  get isOlderWanted(): boolean {
    return this.towards === "older";
  }

  /** From now on this row is the one that Tab comes to. */
  choose(row: RowId): void {
    this.chosen.value = row;
  }

  /** What grows now grows downwards, though the end was in view. */
  pin(): void {
    this.scroller?.pin();
  }

  // After each change of what is shown.

  /** The rows have been rendered, or something in them has another size: the place in them stays, or is taken. */
  arrange(): void {
    const { scroller } = this;
    if (scroller?.isVisible() !== true) return;
    if (!this.reach(scroller)) scroller.hold(this.log.window.peek()?.atEnd === true);
    this.look(scroller);
    this.readOn(scroller);
  }

  /** Somebody has scrolled. */
  scrolled(): void {
    const { scroller } = this;
    if (scroller?.isVisible() !== true) return;
    const moved = scroller.noticeScroll(this.log.window.peek()?.atEnd === true);
    if (moved === 0) return;
    this.towards = moved < 0 ? "older" : "newer";
    this.look(scroller);
    this.readOn(scroller);
  }

  /** True where the view has been put somewhere. */
  private reach(scroller: Scroller): boolean {
    const target = this.target.peek();
    const window = this.log.window.peek();
    if (target === null || window === null || this.log.isReading.peek() === "anew") return false;
    if (target.kind === "end" || (target.kind === "seq" && target.seq > window.lastSeq)) {
      if (!window.atEnd) return false;
      scroller.toEnd();
    } else if (target.kind === "open") {
      const line = scroller.find(".new");
      if (line === null) scroller.toEnd();
      else scroller.toElement(line, contextPx, window.atEnd);
    } else {
      if (target.seq < window.firstSeq) return false;
      const element = scroller.rowAt(target.seq);
      if (element !== null) this.arrive(scroller, element);
    }
    this.target.value = null;
    return true;
  }

  private arrive(scroller: Scroller, element: HTMLElement): void {
    scroller.toMiddle(element);
    if (element.tagName !== "ARTICLE") return;
    this.ringed.value = idOfMessage(Number(element.dataset["seq"]));
    element.focus({ preventScroll: true });
  }

  private look(scroller: Scroller): void {
    this.end.value = scroller.isAtEnd();
    const { below, height } = scroller.room();
    this.far.value = below > height / 3;
    this.log.setFollowed(this.isAtEnd.peek());
    const lowest = scroller.lowestSeq();
    if (lowest > this.seenSeq.peek()) this.seenSeq.value = lowest;
    const line = scroller.placeOf(".new");
    if (line === "in view") this.isLineUnseen = false;
    const isAbove = line === "above" || (line === null && (this.newAfter.peek() ?? Infinity) < (this.log.window.peek()?.firstSeq ?? 0));
    this.newAbove.value = this.isLineUnseen && isAbove;
  }

  private readOn(scroller: Scroller): void {
    const window = this.log.window.peek();
    if (window === null || this.target.peek() !== null || this.log.isReading.peek() !== "nothing" || this.log.problem.peek() !== null)
      return;
    const { above, below, height } = scroller.room();
    const near = Math.min(nearPx, height);
    const isShort = above + below === 0;
    if (!isAtStart(window) && (isShort || (this.towards === "older" && above < near))) void this.log.readOlder();
    else if (!window.atEnd && (isShort || (this.towards === "newer" && below < near))) void this.log.readNewer();
  }

  // What is read, and what is not.

  /** For as long as the rows are shown. At once and not with the next frame: what is read as it comes is never shown as unread. */
  watch(): () => void {
    const stops = [effect(() => this.readWhatIsSeen()), effect(() => this.followOwn())];
    return () => stops.forEach((stop) => stop());
  }

  /** What comes while the end is before one's eyes is read; where what comes is not seen, the line goes before it. */
  private readWhatIsSeen(): void {
    const { chat, desk } = this.services;
    const marker = this.found?.marker;
    if (marker === undefined) return;
    const isUnread = unreadIn(marker) > 0;
    const isSeen = this.isAtEnd.value && desk.lookedAt.value === this.room && !this.keepsUnread.value;
    if (isUnread && isSeen) void chat.markRead(this.room);
    else if (isUnread && !this.wasUnread) {
      this.newAfter.value = marker.readSeq;
      this.isLineUnseen = true;
    }
    this.wasUnread = isUnread && !isSeen;
  }

  /** It stays unread while one looks at it, until one goes to the end or leaves. */
  async markUnreadFrom(seq: Seq) {
    this.keepsUnread.value = true;
    this.newAfter.value = seq - 1;
    this.wasUnread = true;
    const answer = await this.services.chat.markUnreadFrom(this.room, seq);
    if (!answer.ok) this.keepsUnread.value = false;
    return answer;
  }

  /** Who writes wants to see it stand there. */
  private followOwn(): void {
    const newest = this.items.value.at(-1);
    const isNewer = newest !== undefined && newest.nonce !== this.newest?.nonce && newest.created > (this.newest?.created ?? 0);
    this.newest = newest ?? this.newest;
    if (isNewer && !this.isAtEnd.peek()) this.toEnd();
  }

  private countUnseen(): number {
    const found = this.found;
    if (found === undefined) return 0;
    const { readSeq } = found.marker;
    const seen = this.seenSeq.value;
    const me = this.services.chat.state.value.me.id;
    const passed = (this.log.window.value?.shown ?? []).filter(
      (entry) => entry.type === "message" && entry.message.sender !== me && entry.seq > readSeq && entry.seq <= seen,
    );
    return Math.max(0, unreadIn(found.marker) - passed.length);
  }

  private ask(question: (found: RoomInChat) => boolean): boolean {
    const found = this.found;
    return found !== undefined && question(found);
  }
}

function stopIn(rows: readonly Row[], chosen: RowId | null): RowId | null {
  let last: RowId | null = null;
  for (const row of rows) {
    if (row.kind === "message") last = idOfMessage(row.message.seq);
    else if (row.kind === "outbox") last = idOfItem(row.item.nonce);
    else continue;
    if (last === chosen) return chosen;
  }
  return last;
}

export const LogContext = createContext<LogView | undefined>(undefined);

export function useLog(): LogView {
  const view = useContext(LogContext);
  if (view === undefined) throw new Error("No LogContext around this row.");
  return view;
}

/** Whose draft is shown where the message stands. */
export const isEditing = (view: LogView, id: MessageId): boolean => view.services.desk.editing.value === id;
