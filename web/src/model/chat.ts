/**
 * The chat of one who is signed in: the one writer of its state, which it keeps in step with the server. Events come by the
 * live connection; what the state wants besides (reduce.ts, state.ts) is asked for, after a moment in which it may still come
 * by itself, and again for as long as there is no answer.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { listPartMax, usersByIdMax } from "../api/calls";
import type { Calls } from "../api/calls";
import type { Clock } from "../api/clock";
import type { ChatEvent, Entry } from "../api/events";
import type { Answer } from "../api/http";
import { Live } from "../api/live";
import type { LivePorts, LiveStatus } from "../api/live";
import type { Account, Member, Message, MessageId, Room, RoomId, Seq, UserId } from "../api/shapes";
import type { Outbox } from "./outbox";
import { reduce } from "./reduce";
import type { Change } from "./reduce";
import { RoomLog } from "./room_log";
import { emptyState, wantedBy } from "./state";
import type { RoomInChat, State, Wanted } from "./state";
import { TypingTeller } from "./typing";
import { unreadIn } from "./unread";

export interface ChatPorts {
  readonly me: Account;
  readonly calls: Calls;
  readonly clock: Clock;
  readonly live: Omit<LivePorts, "clock">;
  readonly outbox: Outbox;
  /** Somebody else has said something, just now: to be notified of, or not. */
  readonly heard: (message: Message, room: RoomInChat) => void;
  /** The browser is signed in as somebody else by now (in another tab). */
  readonly otherUser: () => void;
}

/** Holes and strange rooms mostly explain themselves within that. */
const tendAfterMs = 400;
const retryFirstMs = 2_000;
const retryMaxMs = 60_000;
const usersAfterMs = 30;
const readEveryMs = 1_000;
/** Rooms whose window is kept, so that going back shows it at once. */
const logsMax = 8;
const askedAtOnce = 4;

export class Chat {
  private readonly current: Signal<State>;
  private readonly loaded = signal(false);
  private readonly status = signal<LiveStatus>({ kind: "connecting" });
  private readonly name = signal("");
  /** False until the rooms are there for the first time. */
  readonly isLoaded: ReadonlySignal<boolean> = this.loaded;
  readonly connection: ReadonlySignal<LiveStatus> = this.status;
  readonly serverName: ReadonlySignal<string> = this.name;
  readonly outbox: Outbox;
  readonly typing: TypingTeller;

  private readonly live: Live;
  /** The least recently used first. */
  private readonly logs = new Map<RoomId, RoomLog>();
  /** How far each of them was told. */
  private readonly told = new Map<RoomId, Seq>();
  /** Rooms whose reading the server was told a moment ago, and whether there is more to tell. */
  private readonly readTold = new Map<RoomId, "all" | "more">();
  private readonly usersWanted = new Set<UserId>();
  /** Of whom the server has told what it knows, though it were nothing. */
  private readonly usersAsked = new Set<UserId>();
  private readonly lastMessagesAsked = new Set<RoomId>();
  private isStopped = false;
  private mustLoad = true;
  private mustCount = false;
  private isTending = false;
  private failures = 0;
  private callOffTending: (() => void) | null = null;
  private callOffUsers: (() => void) | null = null;
  private callOffTyping: (() => void) | null = null;

  constructor(private readonly ports: ChatPorts) {
    const { me, clock, live, outbox, otherUser } = ports;
    this.current = signal(emptyState(me));
    this.outbox = outbox;
    this.live = new Live(
      { ...live, clock },
      {
        hello: (user, server, resumed) => {
          if (user !== me.id) return otherUser();
          this.name.value = server;
          this.begin(resumed);
        },
        events: (events) => this.take(events),
        resync: () => this.reload(),
        status: (status) => {
          this.status.value = status;
          outbox.setConnected(status.kind === "live");
        },
      },
    );
    this.typing = new TypingTeller(clock, (room) => this.live.tellTyping(room));
  }

  get state(): ReadonlySignal<State> {
    return this.current;
  }

  /** Loads and connects at once; also after the session had ended. */
  start(): void {
    this.isStopped = false;
    this.live.start();
    this.outbox.setSignedIn(true);
    this.tendSoon(0);
  }

  stop(): void {
    this.isStopped = true;
    this.live.stop();
    this.callOffTending?.();
    this.callOffUsers?.();
    this.callOffTyping?.();
  }

  /** The network is back, or somebody looks at the page again. */
  wake(): void {
    this.live.wake();
  }

  networkLost(): void {
    this.live.networkLost();
  }

  /** The window over a room's messages; the same one when one comes back soon. */
  logOf(room: RoomId): RoomLog {
    const log = this.logs.get(room) ?? this.newLog(room);
    this.logs.delete(room);
    this.logs.set(room, log);
    for (const [oldest] of this.logs) {
      if (this.logs.size <= logsMax) break;
      this.logs.delete(oldest);
      this.told.delete(oldest);
    }
    return log;
  }

  /** The members of a room that is shown. */
  wantMembers(room: RoomId): void {
    const found = this.current.value.rooms.get(room);
    if (found?.members === null && !found.membersWanted) this.take([{ type: "members_wanted", room }]);
  }

  /** The members of a large room, again: of them the server tells only how many are online, and not who. */
  refreshMembers(room: RoomId): void {
    const { rooms, onlineIn } = this.current.value;
    const found = rooms.get(room);
    if (found?.members != null && !found.membersWanted && onlineIn.has(room)) this.take([{ type: "members_wanted", room }]);
  }

  /** The profiles of people who are shown: those that are not known are asked for, together. */
  wantUsers(ids: Iterable<UserId>): void {
    for (const id of ids) {
      const isKnown = this.usersAsked.has(id) || this.current.value.users.get(id)?.isWhole === true;
      if (!isKnown) this.usersWanted.add(id);
    }
    if (this.usersWanted.size > 0) this.callOffUsers ??= this.ports.clock.after(usersAfterMs, () => void this.askForUsers());
  }

  /** All that is in the room is read. Where much comes, the server is told of it together. */
  async markRead(id: RoomId): Promise<void> {
    const room = this.current.value.rooms.get(id);
    if (room === undefined || unreadIn(room.marker) === 0) return;
    this.take([{ type: "read", room: id, readSeq: room.lastSeq, unread: 0, mentions: 0 }]);
    if (this.readTold.has(id)) this.readTold.set(id, "more");
    else await this.tellRead(id);
  }

  private async tellRead(id: RoomId): Promise<void> {
    const readSeq = this.current.value.rooms.get(id)?.marker.readSeq;
    this.readTold.delete(id);
    if (readSeq === undefined || this.isStopped) return;
    this.readTold.set(id, "all");
    this.ports.clock.after(readEveryMs, () => {
      if (this.readTold.get(id) === "more") void this.tellRead(id);
      else this.readTold.delete(id);
    });
    const answer = await this.ports.calls.markRead(id, readSeq);
    if (!answer.ok) this.countAgain();
  }

  /** From this message on the room is unread; the server tells how much that is. */
  markUnreadFrom(id: RoomId, seq: Seq): Promise<Answer<string>> {
    if (this.readTold.has(id)) this.readTold.set(id, "all");
    return this.ports.calls.markRead(id, seq - 1, true);
  }

  async edit(message: Message, text: string): Promise<Answer<Message>> {
    const answer = await this.ports.calls.edit(message.id, text);
    if (answer.ok) this.logs.get(message.room)?.replace(answer.value);
    return answer;
  }

  deleteMessage(id: MessageId): Promise<Answer<string>> {
    return this.ports.calls.deleteMessage(id);
  }

  /** A room that was just made, or joined: its event need not be waited for. */
  takeRoom(room: Room): void {
    this.take([{ type: "room_joined", room }, ...peopleOfDirect(room)]);
  }

  /** A room that was just left or deleted: its event need not be waited for. */
  dropRoom(room: RoomId, why: "left" | "deleted"): void {
    this.take([why === "left" ? { type: "removed", room, by: this.ports.me.id } : { type: "room_deleted", room }]);
  }

  /** The own profile was changed. */
  takeMe(me: Account): void {
    this.take([{ type: "me_changed", me }]);
  }

  private newLog(room: RoomId): RoomLog {
    this.told.set(room, this.current.value.rooms.get(room)?.lastSeq ?? 0);
    return new RoomLog({
      read: (part) => this.ports.calls.entries(room, part),
      endSeq: () => this.current.value.rooms.get(room)?.lastSeq ?? 0,
    });
  }

  private begin(resumed: boolean): void {
    if (resumed) {
      if (this.loaded.value) this.take([{ type: "resumed" }]);
    } else if (this.loaded.value) {
      this.reload();
    } else {
      // The rooms may have been read before the connection stood: what was said in between shows in the count.
      this.countAgain();
    }
  }

  private reload(): void {
    this.mustLoad = true;
    for (const log of this.logs.values()) void log.refresh();
    this.tendSoon(0);
  }

  private countAgain(): void {
    this.mustCount = true;
    this.tendSoon(tendAfterMs);
  }

  private take(changes: readonly (Change | ChatEvent)[]): void {
    const { state, applied } = reduce(this.current.value, changes, this.ports.clock.now());
    this.current.value = state;
    for (const entry of applied) this.tell(entry);
    this.followJumps();
    if (state.typing.size > 0) this.callOffTyping ??= this.ports.clock.after(1_000, () => this.expireTyping());
    if (!isNothing(wantedBy(state))) this.tendSoon(tendAfterMs);
  }

  private tell(entry: Entry): void {
    this.logs.get(entry.room)?.receive(entry);
    if (this.told.has(entry.room)) this.told.set(entry.room, entry.seq);
    if (entry.type !== "message") return;
    const { message } = entry;
    const room = this.current.value.rooms.get(entry.room);
    if (message.sender === this.ports.me.id) this.outbox.heard(message);
    else if (room !== undefined && message.deleted === null && entry.seq > room.marker.readSeq) this.ports.heard(message, room);
  }

  /** Where a room was loaded anew, entries were left out that its window has not been told. */
  private followJumps(): void {
    for (const room of new Set(this.outbox.items.value.map((item) => item.room)))
      this.outbox.reached(room, this.current.value.rooms.get(room)?.lastSeq ?? 0);
    for (const [id, log] of this.logs) {
      const room = this.current.value.rooms.get(id);
      if (room === undefined || room.lastSeq === this.told.get(id)) continue;
      this.told.set(id, room.lastSeq);
      void log.refresh();
    }
  }

  private expireTyping(): void {
    this.callOffTyping = null;
    this.take([{ type: "time_passed" }]);
  }

  // What is wanted.

  private tendSoon(ms: number): void {
    if (this.isStopped) return;
    if (ms === 0) {
      this.callOffTending?.();
      this.callOffTending = null;
    }
    this.callOffTending ??= this.ports.clock.after(ms, () => void this.tend());
  }

  private async tend(): Promise<void> {
    this.callOffTending = null;
    if (this.isTending || this.isStopped) return;
    this.isTending = true;
    const isDone = await this.askForAll();
    this.isTending = false;
    if (isDone) this.failures = 0;
    else ++this.failures;
    const isLeft = this.mustLoad || this.mustCount || !isNothing(wantedBy(this.current.value));
    if (isLeft) this.tendSoon(isDone ? tendAfterMs : Math.min(retryMaxMs, retryFirstMs * 2 ** (this.failures - 1)));
  }

  /** False: somebody did not answer. What was refused is not asked for again without a new reason. */
  private async askForAll(): Promise<boolean> {
    if (this.mustLoad && !(await this.load())) return false;
    if ((this.mustCount || wantedBy(this.current.value).count) && !(await this.count())) return false;
    const { rooms, holes } = wantedBy(this.current.value);
    for (const room of rooms) if (!(await this.loadRoom(room))) return false;
    for (const { room, after } of holes) if (!(await this.fillHole(room, after))) return false;
    const members = wantedBy(this.current.value).members.map((room) => () => this.loadMembers(room));
    const times = this.directWithoutTime().map((room) => () => this.loadLastMessage(room));
    return allDone([...members, ...times], askedAtOnce);
  }

  private async load(): Promise<boolean> {
    this.mustLoad = false;
    this.take([{ type: "count_begun" }]);
    const [rooms, unread] = await Promise.all([this.allMyRooms(), this.ports.calls.unread()]);
    if (rooms === null || !unread.ok) {
      this.mustLoad = true;
      return false;
    }
    this.take([
      { type: "rooms_loaded", rooms },
      { type: "counted", rows: unread.value },
      ...rooms.flatMap(peopleOfDirect),
    ]);
    this.loaded.value = true;
    return true;
  }

  private async allMyRooms(): Promise<readonly Room[] | null> {
    const rooms: Room[] = [];
    for (;;) {
      const answer = await this.ports.calls.myRooms({ offset: rooms.length, limit: listPartMax });
      if (!answer.ok) return null;
      rooms.push(...answer.value);
      if (!answer.goesOn || answer.value.length === 0) return rooms;
    }
  }

  private async count(): Promise<boolean> {
    this.mustCount = false;
    this.take([{ type: "count_begun" }]);
    const answer = await this.ports.calls.unread();
    if (answer.ok) this.take([{ type: "counted", rows: answer.value }]);
    else this.mustCount = true;
    return answer.ok;
  }

  private async loadRoom(id: RoomId): Promise<boolean> {
    const answer = await this.ports.calls.room(id);
    if (answer.ok) {
      this.take([{ type: "room_loaded", room: answer.value }, ...peopleOfDirect(answer.value)]);
      return true;
    }
    if (!isFinal(answer)) return false;
    this.take([{ type: "room_missing", room: id }]);
    this.mustCount = true;
    return true;
  }

  private async fillHole(room: RoomId, after: Seq): Promise<boolean> {
    const answer = await this.ports.calls.entries(room, { after, limit: 200 });
    if (answer.ok) this.take(answer.value);
    else if (isFinal(answer)) this.mustCount = true;
    return answer.ok;
  }

  private async loadMembers(room: RoomId): Promise<boolean> {
    this.take([{ type: "members_begun", room }]);
    const members: Member[] = [];
    for (;;) {
      const answer = await this.ports.calls.members(room, { offset: members.length, limit: listPartMax });
      if (!answer.ok) {
        if (isFinal(answer)) this.take([{ type: "members_refused", room }]);
        return isFinal(answer);
      }
      members.push(...answer.value);
      if (!answer.goesOn || answer.value.length === 0) break;
    }
    this.take([{ type: "members_loaded", room, members }]);
    return true;
  }

  private directWithoutTime(): readonly RoomId[] {
    return [...this.current.value.rooms.values()]
      .filter(({ id, state, lastMessageAt }) => state?.kind === "direct" && lastMessageAt === null && !this.lastMessagesAsked.has(id))
      .map(({ id }) => id);
  }

  private async loadLastMessage(room: RoomId): Promise<boolean> {
    const answer = await this.ports.calls.latestMessages(room, 1);
    if (!answer.ok && !isFinal(answer)) return false;
    this.lastMessagesAsked.add(room);
    const message = answer.ok ? answer.value[0] : undefined;
    if (message !== undefined) this.take([{ type: "last_message_loaded", message }]);
    return true;
  }

  private async askForUsers(): Promise<void> {
    const ids = [...this.usersWanted].slice(0, usersByIdMax);
    const answer = await this.ports.calls.usersById(ids);
    this.callOffUsers = null;
    if (answer.ok) this.take([{ type: "users_loaded", users: answer.value }]);
    if (answer.ok || isFinal(answer)) {
      for (const id of ids) {
        this.usersWanted.delete(id);
        this.usersAsked.add(id);
      }
    }
    if (this.isStopped || this.usersWanted.size === 0) return;
    this.callOffUsers = this.ports.clock.after(answer.ok ? usersAfterMs : retryFirstMs, () => void this.askForUsers());
  }
}

function isNothing({ rooms, holes, members, count }: Wanted): boolean {
  return !count && rooms.length + holes.length + members.length === 0;
}

/** A direct room's name is its people's. */
function peopleOfDirect({ id, kind }: Room): readonly Change[] {
  return kind === "direct" ? [{ type: "members_wanted", room: id }] : [];
}

/** A refusal that asking again would not change. */
function isFinal(answer: Answer<unknown>): boolean {
  if (answer.ok || answer.refusal.kind !== "refused") return false;
  const { status } = answer.refusal;
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
}

/** A few at a time; false where one was not done, and then no new ones are begun. */
async function allDone(works: readonly (() => Promise<boolean>)[], atOnce: number): Promise<boolean> {
  const queue = [...works];
  let isWell = true;
  const worker = async () => {
    for (let work = queue.shift(); work !== undefined && isWell; work = queue.shift()) if (!(await work())) isWell = false;
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return isWell;
}
