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
import type { ChatServices } from "../chat_services";
import type { Scroller } from "./scroller";
import { UnreadLine } from "./unread_line";

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
  readonly line: UnreadLine;

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
  private readonly items: ReadonlySignal<readonly OutboxItem[]>;
  private scroller: Scroller | null = null;
  private towards: "older" | "newer" = "older";
  private newest: OutboxItem | undefined;

  /** Begins to read at once, so that what is there already is never shown from another place. */
  constructor(
    readonly room: RoomId,
    readonly services: ChatServices,
  ) {
    const { chat } = services;
    this.log = chat.logOf(room);
    this.isAtEnd = computed(() => this.end.value && this.log.window.value?.atEnd === true);
    this.line = new UnreadLine(room, services, this.log, this.isAtEnd);
    const me = chat.state.peek().me.id;
    this.items = computed(() => chat.outbox.items.value.filter((item) => item.room === room));
    this.newest = this.items.peek().at(-1);
    this.rows = computed(() => {
      const window = this.log.window.value;
      const outbox = window?.atEnd === false ? [] : this.items.value;
      // Above the first row there may be more of what is new: that is not where it begins.
      const { value } = this.line.newAfter;
      const newAfter = window !== null && value !== null && window.firstSeq <= value + 1 ? value : null;
      return rowsOf(window?.shown ?? [], { me, newAfter, dayOf: localDay, outbox });
    });
    this.isAway = computed(() => this.far.value || this.log.window.value?.atEnd === false || (!this.isAtEnd.value && this.line.unseen.value > 0));
    this.stop = computed(() => stopIn(this.rows.value, this.chosen.value));
    this.mayWrite = computed(() => this.ask((found) => mayWrite(chat.state.value, found)));
    this.mayManage = computed(() => this.ask((found) => mayManage(chat.state.value, found)));
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
    this.line.pass();
    this.target.value = { kind: "end" };
    void untracked(() => this.log.jumpToEnd());
  }

  toSeq(seq: Seq): void {
    this.target.value = { kind: "seq", seq };
    void untracked(() => this.log.jumpTo(seq));
  }

  toFirstUnread(): void {
    const { value } = this.line.newAfter;
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
    if (element.tagName === "ARTICLE") this.ringed.value = idOfMessage(Number(element.dataset["seq"]));
    messageFrom(element)?.focus({ preventScroll: true }); // who goes by keys goes on from there
  }

  private look(scroller: Scroller): void {
    this.end.value = scroller.isAtEnd();
    const { below, height } = scroller.room();
    this.far.value = below > height / 3;
    this.log.setFollowed(this.isAtEnd.peek());
    this.line.look(scroller.lowestSeq(), scroller.placeOf(".new"));
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

  /** For as long as the rows are shown. At once and not with the next frame: what is read as it comes is never shown as unread. */
  watch(): () => void {
    const stops = [effect(() => this.line.readWhatIsSeen()), effect(() => this.followOwn())];
    return () => stops.forEach((stop) => stop());
  }

  /** Who writes wants to see it stand there. */
  private followOwn(): void {
    const newest = this.items.value.at(-1);
    const isNewer = newest !== undefined && newest.nonce !== this.newest?.nonce && newest.created > (this.newest?.created ?? 0);
    this.newest = newest ?? this.newest;
    if (isNewer && !this.isAtEnd.peek()) this.toEnd();
  }

  private ask(question: (found: RoomInChat) => boolean): boolean {
    const found = this.found;
    return found !== undefined && question(found);
  }
}

/** The row itself or, where it is no message, the next that is one. */
function messageFrom(row: Element | null): HTMLElement | null {
  if (row instanceof HTMLElement && row.tagName === "ARTICLE") return row;
  return row === null ? null : messageFrom(row.nextElementSibling);
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
