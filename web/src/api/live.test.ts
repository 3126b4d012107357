import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClock, settle } from "../testing/fake_clock";
import { FakeSockets } from "../testing/fake_sockets";
import { messageJson, oid, room, user } from "../testing/shapes";
import { Live } from "./live";
import type { LiveStatus, Probe } from "./live";
import type { ChatEvent } from "./events";

describe("the live connection", () => {
  let clock: FakeClock;
  let sockets: FakeSockets;
  let chance: number;
  let hidden: boolean;
  let statuses: LiveStatus["kind"][];
  let received: ChatEvent[][];
  let live: Live;
  const probe = vi.fn<Probe>();
  const hello = vi.fn();
  const resync = vi.fn();

  beforeEach(() => {
    clock = new FakeClock();
    sockets = new FakeSockets();
    chance = 0.5;
    hidden = false;
    statuses = [];
    received = [];
    vi.resetAllMocks();
    probe.mockResolvedValue({ kind: "unreachable" });
    live = new Live(
      { open: sockets.open, clock, random: () => chance, probe, isHidden: () => hidden },
      { hello, resync, events: (events) => received.push([...events]), status: ({ kind }) => statuses.push(kind) },
    );
    live.start();
  });
  const message = (seq: number) =>
    sockets.say({ type: "message", room: oid(room(1)), seq, cursor: `c${seq}`, message: messageJson(seq) });
  const seqs = () => received.map((piece) => piece.map((event) => ("seq" in event ? event.seq : 0)));

  it("begins at the present, and everything has to be loaded", () => {
    sockets.hello("c0");
    expect(sockets.addresses).toEqual(["/api/live"]);
    expect(hello).toHaveBeenCalledWith(user(1), "Halden Maps", false);
    expect(statuses).toEqual(["connecting", "live"]);
  });

  it("hands on the first event at once, and what comes in the same frame together", async () => {
    sockets.hello("c0");
    message(1);
    expect(seqs()).toEqual([[1]]);
    message(2);
    message(3);
    expect(seqs()).toEqual([[1]]);
    await clock.pass(16);
    expect(seqs()).toEqual([[1], [2, 3]]);
  });

  it("hands on everything at once where nothing is drawn", () => {
    hidden = true;
    sockets.hello("c0");
    message(1);
    message(2);
    expect(seqs()).toEqual([[1], [2]]);
  });

  it("comes back with the cursor behind the last event, after the time that the server wants", async () => {
    sockets.hello("c0", 4_000);
    message(1);
    message(2);
    sockets.close(1012);
    expect(seqs()).toEqual([[1], [2]]);
    await clock.pass(3_999);
    expect(sockets.addresses).toHaveLength(1);
    await clock.pass(1);
    expect(sockets.addresses).toEqual(["/api/live", "/api/live?cursor=c2"]);
    sockets.hello("c2");
    expect(hello).toHaveBeenLastCalledWith(user(1), "Halden Maps", true);
  });

  it("spreads over time with all others", async () => {
    sockets.hello("c0", 4_000);
    chance = 0.99;
    sockets.close(1006);
    await clock.pass(5_900);
    expect(sockets.addresses).toHaveLength(1);
    await clock.pass(100);
    expect(sockets.addresses).toHaveLength(2);
  });

  it("does not wait long when it was only too slow", async () => {
    sockets.hello("c0", 15_000);
    sockets.close(1013);
    await clock.pass(1_000);
    expect(sockets.addresses).toHaveLength(2);
  });

  it("tells a resync, and resumes from there", async () => {
    sockets.hello("c0");
    sockets.say({ type: "resync", cursor: "c900" });
    expect(resync).toHaveBeenCalledOnce();
    sockets.close(1006);
    await clock.pass(2_000);
    expect(sockets.addresses.at(-1)).toBe("/api/live?cursor=c900");
  });

  it("waits longer and longer for a server that is down, up to half a minute", async () => {
    const tries: number[] = [];
    for (let i = 0; i < 9; ++i) {
      const before = clock.now();
      sockets.close(1006);
      await settle();
      const [next] = clock.waiting();
      await clock.pass(next ?? 0);
      tries.push(clock.now() - before);
    }
    expect(tries).toEqual([750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500, 22_500]);
  });

  it("comes back at once when the network or the eyes do", async () => {
    sockets.close(1006);
    await settle();
    live.wake();
    expect(sockets.addresses).toHaveLength(2);
    expect(clock.waiting()).toEqual([10_000]); // for the hello, and no second try beside it
  });

  it("tells that the session has ended, and tries nothing more until it is started again", async () => {
    probe.mockResolvedValue({ kind: "unauthenticated" });
    sockets.hello("c5");
    sockets.close(1008);
    await clock.pass(600_000);
    expect(statuses.at(-1)).toBe("signed_out");
    expect(sockets.addresses).toHaveLength(1);
    live.start();
    expect(sockets.addresses.at(-1)).toBe("/api/live?cursor=c5");
  });

  it("waits as long as a busy server says", async () => {
    probe.mockResolvedValue({ kind: "busy", retryAfter: 20 });
    sockets.close(1006);
    await clock.pass(20_000);
    expect(sockets.addresses).toHaveLength(1);
    await clock.pass(10_000);
    expect(sockets.addresses).toHaveLength(2);
  });

  it("begins anew where the server is well but does not take the cursor", async () => {
    probe.mockResolvedValue({ kind: "well" });
    sockets.hello("forged");
    sockets.close(1006);
    for (let i = 0; i < 3; ++i) {
      await clock.pass(30_000);
      sockets.close(1006);
    }
    await clock.pass(30_000);
    expect(sockets.addresses.at(-1)).toBe("/api/live");
    sockets.hello("c0");
    expect(hello).toHaveBeenLastCalledWith(user(1), "Halden Maps", false);
  });

  it("asks a silent connection whether it is there, and leaves one that does not answer", async () => {
    sockets.hello("c0");
    await clock.pass(60_000);
    expect(sockets.sent).toEqual(['{"op":"ping"}']);
    sockets.say({ type: "error", title: "Bad parameter", description: "The 'op' parameter …" });
    await clock.pass(59_000);
    expect(sockets.isOpen).toBe(true);
    await clock.pass(1_000 + 8_000);
    expect(sockets.isOpen).toBe(false);
    await clock.pass(2_000);
    expect(sockets.addresses).toHaveLength(2);
  });

  it("asks when a machine wakes up with an old connection", async () => {
    sockets.hello("c0");
    await clock.pass(30_000);
    live.wake();
    expect(sockets.sent).toEqual(['{"op":"ping"}']);
  });

  it("is over at once when the browser has no network, and is tried again as after any loss", async () => {
    sockets.hello("c0");
    live.networkLost();
    expect(sockets.isOpen).toBe(false);
    expect(statuses.at(-1)).toBe("waiting");
    live.networkLost();
    await clock.pass(2_000);
    expect(sockets.addresses.at(-1)).toBe("/api/live?cursor=c0");
  });

  it("does not wait for a hello that never comes", async () => {
    await clock.pass(10_000);
    expect(sockets.isOpen).toBe(false);
    expect(statuses.at(-1)).toBe("waiting");
  });

  it("says that one is typing while it is there, and not before", () => {
    live.tellTyping(room(1));
    sockets.hello("c0");
    live.tellTyping(room(1));
    expect(sockets.sent).toEqual([`{"op":"typing","room":"${room(1)}"}`]);
  });

  it("reads over what it cannot read", () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    sockets.hello("c0");
    sockets.say({ type: "message", room: oid(room(1)), seq: 1, cursor: "c1", message: { text: 7 } });
    sockets.say("nonsense");
    message(2);
    expect(seqs()).toEqual([[2]]);
    expect(log).toHaveBeenCalledTimes(2);
  });

  it("is silent once stopped", async () => {
    sockets.hello("c0");
    live.stop();
    message(1);
    sockets.close(1006);
    live.wake();
    await clock.pass(60_000);
    expect(received).toEqual([]);
    expect(sockets.addresses).toHaveLength(1);
    expect(statuses.at(-1)).toBe("stopped");
    expect(clock.waiting()).toEqual([]);
  });
});
