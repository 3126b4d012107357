import { effect } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Clock } from "../../../api/clock";
import type { Message, RoomId, Seq } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import type { Locks } from "../../../model/locks";
import { nameOf, nameOfRoom } from "../../../model/presence";
import type { RoomInChat, State } from "../../../model/state";
import { isForMe } from "../../../model/unread";
import { plainText } from "../../../text/plain";

export interface Notice {
  /** One for each room: a newer one takes the older one's place. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly press: () => void;
}

export interface NotifierPorts {
  readonly state: ReadonlySignal<State>;
  readonly clock: Clock;
  readonly locks: Locks;
  /** The room that is in view here; none while the page is hidden or another window has the focus. */
  readonly lookedAt: ReadonlySignal<RoomId | null>;
  readonly isOn: () => boolean;
  /** Returns what takes it away again; none where the browser will not. */
  readonly show: (notice: Notice) => (() => void) | null;
  /** Goes to the message, in this tab. */
  readonly goTo: (room: RoomId, seq: Seq) => void;
}

/** So long another tab or device has to read it first, and further messages to come in one. */
const waitMs = 700;
const bodyMax = 180;
/** Of a message of 16,000 characters nobody needs more, and its Markdown is not free. */
const readMax = 1_000;

const lookingAt = (room: RoomId) => `makechat-looking-${room}`;

/**
 * Tells of what others say where it is for the reader, by the browser's own notices. Of several tabs one tells: the first to
 * get the lock, as long as it lives. Each tab holds another lock for the room that is in view, so that the one that tells
 * knows of it.
 */
export class Notifier {
  /** The latest message of each room that has yet to be told. */
  private readonly due = new Map<RoomId, Message>();
  private readonly shown = new Map<RoomId, { readonly seq: Seq; readonly close: () => void }>();
  private holdsTurn = false;

  constructor(private readonly ports: NotifierPorts) {}

  /** Until the returned function is called. */
  start(): () => void {
    const stopClosing = effect(() => this.closeWhatIsRead(this.ports.state.value));
    const stopLooking = effect(() => this.look(this.ports.lookedAt.value));
    return () => {
      stopClosing();
      stopLooking();
      for (const { close } of this.shown.values()) close();
      this.shown.clear();
    };
  }

  /** Somebody has said something just now. */
  heard(message: Message, room: RoomInChat): void {
    if (!this.ports.isOn() || !isToTell(message, room, this.ports.state.peek())) return;
    const isFirst = !this.due.has(room.id);
    this.due.set(room.id, message);
    if (isFirst) this.ports.clock.after(waitMs, () => void this.tell(room.id));
  }

  private async tell(id: RoomId): Promise<void> {
    const message = this.due.get(id);
    this.due.delete(id);
    const room = this.ports.state.peek().rooms.get(id);
    if (message === undefined || room === undefined || room.marker.readSeq >= message.seq) return;
    if ((await this.isLookedAt(id)) || !(await this.hasTurn())) return;
    const close = this.ports.show(this.noticeOf(message, room));
    if (close !== null) this.shown.set(id, { seq: message.seq, close });
  }

  private async isLookedAt(room: RoomId): Promise<boolean> {
    if (this.ports.lookedAt.peek() === room) return true;
    const letGo = await this.ports.locks.tryHold(lookingAt(room)).catch(() => () => undefined);
    letGo?.();
    return letGo === null;
  }

  private async hasTurn(): Promise<boolean> {
    if (this.holdsTurn) return true;
    const { locks, state } = this.ports;
    const held = await locks.tryHold(`makechat-notices-${state.peek().me.id}`).catch(() => null);
    this.holdsTurn = held !== null;
    return this.holdsTurn;
  }

  private noticeOf(message: Message, room: RoomInChat): Notice {
    const state = this.ports.state.peek();
    const sender = state.users.get(message.sender);
    const author = message.bot || sender === undefined ? message.username : nameOf(sender);
    const isDirect = room.state?.kind === "direct";
    const place = nameOfRoom(state, room);
    return {
      tag: `makechat-${room.id}`,
      title: isDirect ? author : t("notice.title", { a: author, room: place }),
      body: bodyOf(message),
      press: () => this.ports.goTo(room.id, message.seq),
    };
  }

  private closeWhatIsRead({ rooms }: State): void {
    for (const [id, { seq, close }] of this.shown) {
      const room = rooms.get(id);
      if (room !== undefined && room.marker.readSeq < seq) continue;
      close();
      this.shown.delete(id);
    }
  }

  private letGoOfLook: (() => void) | null = null;

  private look(room: RoomId | null): void {
    this.letGoOfLook?.();
    this.letGoOfLook = null;
    if (room === null) return;
    let isOver = false;
    let letGo: (() => void) | null = null;
    this.letGoOfLook = () => {
      isOver = true;
      letGo?.();
    };
    // Where it is refused another tab has it and is about to let it go: this tab knows of its own look anyhow.
    void this.ports.locks.tryHold(lookingAt(room)).then(
      (got) => {
        letGo = got;
        if (isOver) got?.();
      },
      () => undefined,
    );
  }
}

/** By the level of the room: in a direct one all of it is for the reader, elsewhere what names him. */
function isToTell(message: Message, room: RoomInChat, state: State): boolean {
  if (room.marker.level === "none") return false;
  return isForMe(message, state.me.id) || (room.state?.kind === "direct" && room.marker.level === "all");
}

function bodyOf(message: Message): string {
  const words = plainText(message.text.slice(0, readMax), { names: { people: new Map(), everybody: null }, origin: "" });
  const text = words === "" ? (message.attachments[0]?.title ?? "") : words;
  return text.length > bodyMax ? `${text.slice(0, bodyMax).trimEnd()}…` : text;
}
