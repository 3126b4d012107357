import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../../../api/http";
import type { RoomId, Seq } from "../../../api/shapes";
import type { RoomLog } from "../../../model/room_log";
import { unreadIn } from "../../../model/unread";
import type { Marker } from "../../../model/unread";
import type { ChatServices } from "../chat_services";

/** The line before what is new in this visit to a room, how much of that nobody has seen yet, and when it counts as read. */
export class UnreadLine {
  private readonly after = signal<Seq | null>(null);
  private readonly above = signal(false);
  private readonly seenSeq = signal<Seq>(0);
  private readonly keepsUnread = signal(false);

  /** Others' messages behind it are new. It stays until the next visit, or until something comes that is not seen. */
  readonly newAfter: ReadonlySignal<Seq | null> = this.after;
  /** The line is above, and has not been seen. */
  readonly isAbove: ReadonlySignal<boolean> = this.above;
  /** Messages of others that the eyes have not gone over. */
  readonly unseen: ReadonlySignal<number>;

  private isLineUnseen = true;
  private wasUnread: boolean;

  constructor(
    private readonly room: RoomId,
    private readonly services: ChatServices,
    private readonly log: RoomLog,
    private readonly isAtEnd: ReadonlySignal<boolean>,
  ) {
    const marker = services.chat.state.peek().rooms.get(room)?.marker;
    this.wasUnread = marker !== undefined && unreadIn(marker) > 0;
    if (marker !== undefined && this.wasUnread) this.after.value = marker.readSeq;
    this.unseen = computed(() => this.countUnseen());
  }

  /** What is seen now: of the log down to `lowest`, and where the line is; null where it is not among what is loaded. */
  look(lowest: Seq, line: "above" | "in view" | "below" | null): void {
    if (lowest > this.seenSeq.peek()) this.seenSeq.value = lowest;
    if (line === "in view") this.isLineUnseen = false;
    const isBefore = (this.after.peek() ?? Infinity) < (this.log.window.peek()?.firstSeq ?? 0);
    this.above.value = this.isLineUnseen && (line === "above" || (line === null && isBefore));
  }

  /** One goes to the end: what is new is of no more interest, and what was kept unread is read. */
  pass(): void {
    this.keepsUnread.value = false;
    this.isLineUnseen = false;
  }

  /** From there on it stays unread while one looks at it, until one goes to the end or leaves. */
  async markUnreadFrom(seq: Seq): Promise<Answer<string>> {
    this.keepsUnread.value = true;
    this.after.value = seq - 1;
    this.wasUnread = true;
    const answer = await this.services.chat.markUnreadFrom(this.room, seq);
    if (!answer.ok) this.keepsUnread.value = false;
    return answer;
  }

  /** What comes while the end is before one's eyes is read; where what comes is not seen, the line goes before it. An effect. */
  readWhatIsSeen(): void {
    const { chat, desk } = this.services;
    const { marker } = this;
    if (marker === undefined) return;
    const isUnread = unreadIn(marker) > 0;
    const isSeen = this.isAtEnd.value && desk.lookedAt.value === this.room && !this.keepsUnread.value;
    if (isUnread && isSeen) void chat.markRead(this.room);
    else if (isUnread && !this.wasUnread) {
      this.after.value = marker.readSeq;
      this.isLineUnseen = true;
    }
    this.wasUnread = isUnread && !isSeen;
  }

  private get marker(): Marker | undefined {
    return this.services.chat.state.value.rooms.get(this.room)?.marker;
  }

  private countUnseen(): number {
    const { marker } = this;
    if (marker === undefined) return 0;
    const seen = this.seenSeq.value;
    const me = this.services.chat.state.value.me.id;
    const passed = (this.log.window.value?.shown ?? []).filter(
      (entry) => entry.type === "message" && entry.message.sender !== me && entry.seq > marker.readSeq && entry.seq <= seen,
    );
    return Math.max(0, unreadIn(marker) - passed.length);
  }
}
