import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import type { NewMessage } from "../api/calls";
import type { Answer, Refusal } from "../api/http";
import type { Message } from "../api/shapes";
import { FakeClock } from "../testing/fake_clock";
import { FakeLocks } from "../testing/fake_locks";
import { me } from "../testing/server";
import { messageId, room } from "../testing/shapes";
import { makeLocks } from "./locks";
import { Outbox } from "./outbox";
import type { OutboxStore } from "./outbox_db";
import { openOutboxDb } from "./outbox_db";

const here = room(1);
const hello = { room: here, text: "hello", replyTo: null };

/** A server that knows nonces, and may be out of reach or unwilling. */
class Poster {
  readonly log: Message[] = [];
  calls: string[] = [];
  private readonly nonces = new Map<string, Message>();
  refuse: ((message: NewMessage) => Refusal | null) | null = null;
  /** The message is taken, and the answer lost. */
  losesAnswers = false;
  private held: (() => void)[] | null = null;

  readonly post = async (message: NewMessage): Promise<Answer<Message>> => {
    this.calls.push(message.text);
    if (this.held !== null) await new Promise<void>((resolve) => this.held?.push(resolve));
    const refusal = this.refuse?.(message) ?? null;
    if (refusal !== null) return { ok: false, refusal };
    const posted = this.nonces.get(message.nonce) ?? this.append(message);
    if (this.losesAnswers) return { ok: false, refusal: { kind: "unreachable" } };
    return { ok: true, value: posted, status: 201, total: null, goesOn: false };
  };

  hold(): void {
    this.held = [];
  }
  release(): void {
    const { held } = this;
    this.held = null;
    held?.forEach((go) => go());
  }
  texts(): readonly string[] {
    return this.log.map((message) => message.text);
  }

  private append({ room: where, text, replyTo, nonce }: NewMessage): Message {
    const seq = this.log.length + 1;
    const message: Message = {
      id: messageId(seq),
      room: where,
      seq,
      sender: me.id,
      username: me.username,
      text,
      created: seq,
      edited: null,
      deleted: null,
      mentions: [],
      mentionsAll: null,
      replyTo,
      bot: false,
      attachments: [],
    };
    this.log.push(message);
    this.nonces.set(nonce, message);
    return message;
  }
}

const unreachable = (): Refusal => ({ kind: "unreachable" });
const refused = (status: number, retryAfter: number | null = null): Refusal => ({
  kind: "refused",
  status,
  title: "Permission Denied",
  description: "Guests can only read.",
  retryAfter,
});

describe("the outbox", () => {
  let clock: FakeClock;
  let server: Poster;
  let browser: IDBFactory;
  let locks: FakeLocks;
  let nonce: number;

  beforeEach(() => {
    clock = new FakeClock();
    server = new Poster();
    browser = new IDBFactory();
    locks = new FakeLocks();
    nonce = 0;
  });

  /** A tab of the browser, connected; closing it loses all but the database. */
  function tab(changes: { store?: OutboxStore } = {}) {
    const held = locks.tab();
    let isClosed = false;
    const outbox = new Outbox({
      user: me.id,
      store: openOutboxDb(() => browser),
      locks: held,
      post: (message) => (isClosed ? new Promise(() => undefined) : server.post(message)),
      clock,
      random: () => 0,
      makeNonce: () => `nonce-${++nonce}`,
      ...changes,
    });
    outbox.setConnected(true);
    const close = () => {
      isClosed = true;
      held.close();
    };
    return { outbox, close };
  }
  const kinds = (outbox: Outbox) => outbox.items.value.map((item) => `${item.text}: ${item.sending.kind}`);
  /** Databases take turns of the event loop, not only of promises. */
  async function rest(): Promise<void> {
    for (let turn = 0; turn < 20; ++turn) {
      await clock.pass(0);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  it("shows a message at once, sends it, and keeps showing it until the room's events have come there", async () => {
    const { outbox } = tab();
    server.hold();
    void outbox.add(hello);
    expect(kinds(outbox)).toEqual(["hello: sending"]);
    server.release();
    await rest();
    expect(kinds(outbox)).toEqual(["hello: sent"]);
    outbox.reached(here, 1);
    expect(kinds(outbox)).toEqual([]);
  });

  it("does not show twice what the room has told before the answer came", async () => {
    const { outbox } = tab();
    server.hold();
    void outbox.add(hello);
    await rest();
    const [posted] = await postElsewhere("hello");
    outbox.heard(posted);
    expect(outbox.items.value[0]?.sending).toMatchObject({ kind: "sending", landed: posted.id });
  });

  async function postElsewhere(text: string): Promise<readonly [Message]> {
    const other = new Poster();
    await other.post({ room: here, text, nonce: "other", replyTo: null });
    const [message] = other.log;
    if (message === undefined) throw new Error("not posted");
    return [message];
  }

  it("sends a room's messages one after the other, and other rooms' beside them", async () => {
    const { outbox } = tab();
    server.hold();
    for (const text of ["one", "two", "three"]) void outbox.add({ ...hello, text });
    void outbox.add({ ...hello, room: room(2), text: "elsewhere" });
    await rest();
    expect(server.calls).toEqual(["one", "elsewhere"]);
    server.release();
    await rest();
    expect(server.texts()).toEqual(["one", "elsewhere", "two", "three"]);
  });

  it("says when a message would outlive a reload", async () => {
    const { outbox } = tab();
    server.hold();
    const kept = outbox.add(hello);
    expect(outbox.hasUnkept()).toBe(true);
    expect(await kept).toBe(true);
    expect(outbox.hasUnkept()).toBe(false);
  });

  it("sends all the same where the browser keeps nothing, and says so", async () => {
    const closed = () => Promise.reject(new Error("denied"));
    const { outbox } = tab({ store: { put: closed, has: closed, remove: closed, rowsOf: closed } });
    server.refuse = unreachable;
    outbox.setConnected(false);
    expect(await outbox.add(hello)).toBe(false);
    expect(outbox.hasUnkept()).toBe(true);
    server.refuse = null;
    outbox.setConnected(true);
    await rest();
    expect(server.texts()).toEqual(["hello"]);
    expect(outbox.hasUnkept()).toBe(false);
  });

  it("leaves nothing in the database behind what was sent, were the answer quicker than the disk", async () => {
    const { outbox } = tab();
    await outbox.add(hello);
    await rest();
    expect(await openOutboxDb(() => browser).rowsOf(me.id)).toEqual([]);
  });

  describe("without a connection", () => {
    it("waits, and sends in order when it is back", async () => {
      const { outbox } = tab();
      server.refuse = unreachable;
      outbox.setConnected(false);
      await outbox.add({ ...hello, text: "one" });
      await outbox.add({ ...hello, text: "two" });
      await rest();
      expect(kinds(outbox)).toEqual(["one: waiting", "two: waiting"]);
      expect(clock.waiting()).toEqual([]);
      server.refuse = null;
      outbox.setConnected(true);
      await rest();
      expect(server.texts()).toEqual(["one", "two"]);
    });

    it("survives a reload, and another day", async () => {
      server.refuse = unreachable;
      const before = tab();
      before.outbox.setConnected(false);
      await before.outbox.add({ ...hello, text: "one" });
      await before.outbox.add({ ...hello, text: "two" });
      await rest();
      before.close();
      await clock.pass(86_400_000);
      const after = tab();
      await after.outbox.adopt();
      await rest();
      expect(kinds(after.outbox)).toEqual(["one: waiting", "two: waiting"]);
      server.refuse = null;
      after.outbox.setConnected(false);
      after.outbox.setConnected(true);
      await clock.pass(60_000);
      await rest();
      expect(server.texts()).toEqual(["one", "two"]);
    });
  });

  it("is in the room once when the answer was lost", async () => {
    const { outbox } = tab();
    server.losesAnswers = true;
    await outbox.add(hello);
    await rest();
    server.losesAnswers = false;
    await clock.pass(60_000);
    await rest();
    expect(server.calls.length).toBeGreaterThan(1);
    expect(server.texts()).toEqual(["hello"]);
    outbox.reached(here, 1);
    expect(kinds(outbox)).toEqual([]);
  });

  it("is in the room once when the page was reloaded before the answer", async () => {
    const before = tab();
    server.losesAnswers = true;
    await before.outbox.add(hello);
    await rest();
    before.close();
    server.losesAnswers = false;
    const after = tab();
    await after.outbox.adopt();
    await rest();
    expect(server.texts()).toEqual(["hello"]);
  });

  it("stops after a few tries without an answer, and tries again on a press or with the next connection", async () => {
    const { outbox } = tab();
    server.refuse = () => ({ kind: "timed_out" });
    await outbox.add(hello);
    await clock.pass(60_000);
    await rest();
    expect(kinds(outbox)).toEqual(["hello: unanswered"]);
    expect(server.calls).toHaveLength(4);
    outbox.retry("nonce-1");
    await rest();
    expect(server.calls).toHaveLength(5);
    await clock.pass(60_000);
    expect(kinds(outbox)).toEqual(["hello: unanswered"]);
    server.refuse = null;
    outbox.setConnected(false);
    outbox.setConnected(true);
    await rest();
    expect(server.texts()).toEqual(["hello"]);
  });

  describe("refused", () => {
    it("keeps the text, says why, and lets the next go", async () => {
      const { outbox } = tab();
      server.refuse = ({ text }) => (text === "bad" ? refused(403) : null);
      await outbox.add({ ...hello, text: "bad" });
      await outbox.add({ ...hello, text: "good" });
      await rest();
      expect(server.texts()).toEqual(["good"]);
      expect(outbox.items.value[0]).toMatchObject({
        text: "bad",
        sending: { kind: "refused", refusal: { description: "Guests can only read." } },
      });
    });

    it("is sent again on Retry", async () => {
      const { outbox } = tab();
      server.refuse = () => refused(403);
      await outbox.add(hello);
      await rest();
      server.refuse = null;
      outbox.retry("nonce-1");
      await rest();
      expect(server.texts()).toEqual(["hello"]);
    });

    it("is gone on Discard, which gives the text back, after a reload too", async () => {
      const { outbox, close } = tab();
      server.refuse = () => refused(403);
      await outbox.add(hello);
      await rest();
      expect(outbox.discard("nonce-1")).toBe("hello");
      expect(kinds(outbox)).toEqual([]);
      await rest();
      close();
      const again = tab();
      await again.outbox.adopt();
      expect(kinds(again.outbox)).toEqual([]);
    });

    it("is still there after a reload", async () => {
      const before = tab();
      server.refuse = () => refused(403);
      await before.outbox.add(hello);
      await rest();
      before.close();
      const after = tab();
      await after.outbox.adopt();
      await rest();
      expect(kinds(after.outbox)).toEqual(["hello: refused"]);
    });
  });

  it("cannot be discarded while it is on its way", async () => {
    const { outbox } = tab();
    server.hold();
    void outbox.add(hello);
    await rest();
    expect(outbox.discard("nonce-1")).toBeNull();
  });

  it.each([429, 503])("is as patient as the server wants: %d", async (status) => {
    const { outbox } = tab();
    server.refuse = () => refused(status, 7);
    await outbox.add(hello);
    await rest();
    expect(kinds(outbox)).toEqual(["hello: waiting"]);
    server.refuse = null;
    await clock.pass(6_999);
    expect(server.calls).toHaveLength(1);
    await clock.pass(1);
    await rest();
    expect(server.texts()).toEqual(["hello"]);
  });

  it("waits for the next sign-in when the session has ended", async () => {
    const { outbox } = tab();
    server.refuse = () => refused(401);
    await outbox.add({ ...hello, text: "one" });
    await outbox.add({ ...hello, text: "two" });
    await clock.pass(60_000);
    await rest();
    expect(server.calls).toEqual(["one"]);
    server.refuse = null;
    outbox.setSignedIn(true);
    await rest();
    expect(server.texts()).toEqual(["one", "two"]);
  });

  describe("in two tabs", () => {
    it("sends a message once, from the tab in which it was written", async () => {
      const first = tab();
      const second = tab();
      server.hold();
      void first.outbox.add(hello);
      await rest();
      await second.outbox.adopt();
      await rest();
      expect(kinds(second.outbox)).toEqual([]);
      server.release();
      await rest();
      expect(server.calls).toEqual(["hello"]);
    });

    it("takes over what a closed tab has left, one tab only", async () => {
      server.refuse = unreachable;
      const first = tab();
      first.outbox.setConnected(false);
      await first.outbox.add(hello);
      await rest();
      const [second, third] = [tab(), tab()];
      first.close();
      server.calls = [];
      server.refuse = null;
      await Promise.all([second.outbox.adopt(), third.outbox.adopt()]);
      await rest();
      expect(server.calls).toEqual(["hello"]);
      expect(kinds(second.outbox).length + kinds(third.outbox).length).toBe(1);
    });

    it("is in the room once, too, where the browser has no locks (a server without TLS)", async () => {
      server.refuse = unreachable;
      const [first, second] = [0, 1].map(
        () =>
          new Outbox({
            user: me.id,
            store: openOutboxDb(() => browser),
            locks: makeLocks(undefined),
            post: server.post,
            clock,
            random: () => 0,
            makeNonce: () => `nonce-${++nonce}`,
          }),
      );
      await first?.add(hello);
      await rest();
      await second?.adopt();
      server.refuse = null;
      first?.setConnected(true);
      second?.setConnected(true);
      await rest();
      expect(server.texts()).toEqual(["hello"]);
    });
  });

  it("sends nothing once its page is gone, be the next one here somebody else, and is taken over by whom it belongs to", async () => {
    const { outbox } = tab();
    server.refuse = () => refused(503, 5);
    await outbox.add(hello);
    await rest();
    outbox.close();
    server.refuse = null;
    await clock.pass(60_000);
    await rest();
    expect(server.texts()).toEqual([]);
    const { outbox: next } = tab();
    await rest();
    expect(kinds(next)).toEqual(["hello: sent"]);
    expect(server.texts()).toEqual(["hello"]);
  });

  it("keeps the order of writing while the clock is set back", async () => {
    const { outbox } = tab();
    server.refuse = unreachable;
    outbox.setConnected(false);
    await outbox.add({ ...hello, text: "one" });
    clock.now = () => 0;
    await outbox.add({ ...hello, text: "two" });
    expect((await openOutboxDb(() => browser).rowsOf(me.id)).map((each) => each.text)).toEqual(["one", "two"]);
  });
});
