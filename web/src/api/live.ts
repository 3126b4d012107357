/**
 * The live connection: a WebSocket that comes back by itself, with the cursor behind the last event that was handed on, so
 * that nothing is missed. Whoever listens gets events in pieces, a frame's worth at a time.
 */
import type { Clock } from "./clock";
import { Misshapen } from "./decode";
import { liveEvent } from "./events";
import type { ChatEvent, Cursor, LiveEvent, StreamEvent } from "./events";
import { address } from "./http";
import type { Millis, RoomId, UserId } from "./shapes";

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  received(text: string): void;
  /** Once, also where it never opened. */
  closed(code: number): void;
}

export type OpenSocket = (address: string, events: SocketEvents) => Socket;

/** What stands behind a connection that does not come about: browsers do not tell. */
export type Probe = () => Promise<
  | { readonly kind: "well" | "unauthenticated" | "unreachable" }
  /** In seconds. */
  | { readonly kind: "busy"; readonly retryAfter: number }
>;

export type LiveStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `busyUntil`: the server itself has said when to come back. */
  | { readonly kind: "waiting"; readonly busyUntil: Millis | null }
  /** The session has ended; nothing is tried until start() is called again. */
  | { readonly kind: "signed_out" }
  | { readonly kind: "stopped" };

export interface LiveListener {
  /** `resumed`: what was missed follows; else everything has to be loaded. */
  hello(user: UserId, server: string, resumed: boolean): void;
  events(events: readonly ChatEvent[]): void;
  /** Too much was missed to be told: everything has to be loaded again. */
  resync(): void;
  status(status: LiveStatus): void;
}

export interface LivePorts {
  readonly open: OpenSocket;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly probe: Probe;
  /** Nothing is drawn while the page is hidden, and timers hardly run: events are handed on as they come. */
  readonly isHidden: () => boolean;
}

/** Close codes of the server (RFC 6455 and IANA). */
const closes = { policy: 1008, tryAgainLater: 1013 };

const firstRetryMs = 1_000;
const retryMaxMs = 30_000;
const helloWithinMs = 10_000;
/** The server pings, which no script sees; a connection silent for longer is asked. */
const silenceMaxMs = 60_000;
const answerWithinMs = 8_000;
const frameMs = 16;
/** So many connections refused while the server is well, and the cursor is to blame (a server set up anew). */
const refusalsMax = 3;

export class Live {
  private socket: Socket | null = null;
  private isLive = false;
  private cursor: Cursor | null = null;
  private retryMs = firstRetryMs;
  private failures = 0;
  private refusals = 0;
  private pending: ChatEvent[] = [];
  private pendingCursor: Cursor | null = null;
  private handedOnAt = 0;
  private heardAt = 0;
  private callOffRetry = nothing;
  private callOffWatch = nothing;
  private callOffHandOn = nothing;
  private isWanted = false;
  /** A probe under way, or a socket of earlier, must not speak for the present one. */
  private attempt = 0;

  constructor(
    private readonly ports: LivePorts,
    private readonly listener: LiveListener,
  ) {}

  start(): void {
    this.isWanted = true;
    if (this.socket === null) this.connect();
  }

  stop(): void {
    this.isWanted = false;
    this.drop();
    this.listener.status({ kind: "stopped" });
  }

  /** The network is back, or somebody looks at the page again: no waiting now, and no trust in an old connection. */
  wake(): void {
    if (!this.isWanted) return;
    if (this.socket === null) this.connect();
    else if (this.isLive && this.ports.clock.now() - this.heardAt > answerWithinMs) this.ask();
  }

  /** The browser knows of no network: a connection that can carry nothing would still look like one for a minute. */
  networkLost(): void {
    if (this.isLive) this.lose(this.attempt, 0);
  }

  tellTyping(room: RoomId): void {
    if (this.isLive) this.socket?.send(JSON.stringify({ op: "typing", room }));
  }

  private connect(): void {
    this.callOffRetry();
    const attempt = ++this.attempt;
    this.listener.status({ kind: "connecting" });
    this.watch(helloWithinMs, () => this.lose(attempt, 0));
    this.socket = this.ports.open(address("/api/live", { cursor: this.cursor ?? undefined }), {
      received: (text) => {
        if (attempt === this.attempt) this.receive(text);
      },
      closed: (code) => this.lose(attempt, code),
    });
  }

  private receive(text: string): void {
    this.heardAt = this.ports.clock.now();
    if (this.isLive) this.watch(silenceMaxMs, () => this.ask());
    const read = readEvent(text);
    if (read === null) return;
    const { event, cursor } = read;
    if (isStreamEvent(event)) this.receiveOfStream(event, cursor);
    else this.keep(event, cursor);
  }

  private receiveOfStream(event: StreamEvent, cursor: Cursor | null): void {
    if (event.type === "answer") return;
    this.handOn();
    const resumed = this.cursor !== null;
    if (cursor !== null) this.cursor = cursor;
    if (event.type === "resync") return this.listener.resync();
    this.isLive = true;
    this.failures = 0;
    this.refusals = 0;
    this.retryMs = event.retryMs;
    this.watch(silenceMaxMs, () => this.ask());
    this.listener.status({ kind: "live" });
    this.listener.hello(event.user, event.server, resumed);
  }

  private keep(event: ChatEvent, cursor: Cursor | null): void {
    this.pending.push(event);
    if (cursor !== null) this.pendingCursor = cursor;
    const since = this.ports.clock.now() - this.handedOnAt;
    if (this.ports.isHidden() || since < 0 || since >= frameMs) return this.handOn();
    if (this.pending.length === 1) this.callOffHandOn = this.ports.clock.after(frameMs - since, () => this.handOn());
  }

  private handOn(): void {
    this.callOffHandOn();
    const events = this.pending;
    if (events.length === 0) return;
    this.pending = [];
    this.handedOnAt = this.ports.clock.now();
    this.listener.events(events);
    // Only now: what was not taken in is told again.
    this.cursor = this.pendingCursor ?? this.cursor;
    this.pendingCursor = null;
  }

  /** Any word of the server shows that it is there; it answers an op that it does not know, too. */
  private ask(): void {
    const { attempt } = this;
    this.socket?.send(JSON.stringify({ op: "ping" }));
    this.watch(answerWithinMs, () => this.lose(attempt, 0));
  }

  private watch(ms: number, then: () => void): void {
    this.callOffWatch();
    this.callOffWatch = this.ports.clock.after(ms, then);
  }

  private lose(attempt: number, code: number): void {
    if (attempt !== this.attempt || this.socket === null) return;
    const wasLive = this.isLive;
    this.handOn();
    this.drop();
    if (wasLive && code !== closes.policy) return this.waitAfterLoss(code);
    this.listener.status({ kind: "waiting", busyUntil: null });
    void this.probe();
  }

  private drop(): void {
    ++this.attempt;
    this.callOffRetry();
    this.callOffWatch();
    this.callOffHandOn();
    this.isLive = false;
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  private async probe(): Promise<void> {
    const { attempt } = this;
    const found = await this.ports.probe();
    if (attempt !== this.attempt || !this.isWanted) return;
    if (found.kind === "unauthenticated") {
      this.isWanted = false;
      this.listener.status({ kind: "signed_out" });
      return;
    }
    if (found.kind === "well" && this.cursor !== null && ++this.refusals >= refusalsMax) {
      this.cursor = null;
      this.refusals = 0;
    }
    if (found.kind === "busy") this.wait(found.retryAfter * 1_000 * (1 + this.ports.random()), true);
    else this.wait(this.backOff(), false);
  }

  /** The server has said how far its clients should spread; one who was too slow may come back at once. */
  private waitAfterLoss(code: number): void {
    const within = code === closes.tryAgainLater ? firstRetryMs : this.retryMs;
    this.wait(within * (0.5 + this.ports.random()), false);
  }

  private backOff(): number {
    const longest = Math.min(retryMaxMs, this.retryMs * 2 ** this.failures);
    ++this.failures;
    return longest * (0.5 + this.ports.random() / 2);
  }

  private wait(ms: number, isBusy: boolean): void {
    this.listener.status({ kind: "waiting", busyUntil: isBusy ? this.ports.clock.now() + ms : null });
    this.callOffRetry();
    this.callOffRetry = this.ports.clock.after(ms, () => this.connect());
  }
}

function nothing(): void {
  // Called off already.
}

function isStreamEvent(event: ChatEvent | StreamEvent): event is StreamEvent {
  return event.type === "hello" || event.type === "resync" || event.type === "answer";
}

/** None: nothing that concerns this client. */
function readEvent(text: string): LiveEvent | null {
  try {
    return liveEvent(JSON.parse(text));
  } catch (problem) {
    if (!(problem instanceof Misshapen || problem instanceof SyntaxError)) throw problem;
    console.error(`A live event: ${problem.message}`);
    return null;
  }
}

/** The browser's own WebSocket, to the server that the page came from. */
export const openSocket: OpenSocket = (path, events) => {
  const socket = new WebSocket(path);
  socket.onmessage = ({ data }) => events.received(String(data));
  socket.onclose = ({ code }) => events.closed(code);
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
};

/** Tells the connection when the network goes, and wakes it when that or the eyes come back; the returned function ends it. */
export function wakeWithPage(live: Pick<Live, "wake" | "networkLost">, page: Window): () => void {
  const wake = () => {
    if (!page.document.hidden) live.wake();
  };
  const lose = () => live.networkLost();
  page.addEventListener("offline", lose);
  page.addEventListener("online", wake);
  page.addEventListener("focus", wake);
  page.document.addEventListener("visibilitychange", wake);
  return () => {
    page.removeEventListener("offline", lose);
    page.removeEventListener("online", wake);
    page.removeEventListener("focus", wake);
    page.document.removeEventListener("visibilitychange", wake);
  };
}
