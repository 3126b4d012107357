import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { LogPart } from "../api/calls";
import type { Entry } from "../api/events";
import type { Answer } from "../api/http";
import { settle } from "../testing/fake_clock";
import { FakeServer, me } from "../testing/server";
import { messageId, room, user } from "../testing/shapes";
import { rowsMax } from "./log_window";
import { RoomLog } from "./room_log";

const here = room(1);
const bob = user(2);

class Reader {
  readonly server = new FakeServer();
  readonly parts: LogPart[] = [];
  isDown = false;
  /** Answers that the server has written, and that have not arrived. */
  private held: (() => void)[] | null = null;
  readonly log = new RoomLog({ read: (part) => this.read(part), endSeq: () => this.server.roomOf(here)?.lastSeq ?? 0 });

  constructor(messages: number) {
    this.server.createRoom(1, [me.id, bob]);
    for (let no = 1; no <= messages; ++no) this.server.post(here, bob, `text ${no}`);
  }

  /** Something happens, and is told. */
  happen(deed: (server: FakeServer) => void): void {
    const from = this.server.events.length;
    deed(this.server);
    for (const event of this.server.events.slice(from)) if ("seq" in event) this.log.receive(event);
  }
  say(text: string): void {
    this.happen((server) => server.post(here, bob, text));
  }

  texts(): readonly string[] {
    return (this.log.window.value?.shown ?? []).map((each) => (each.type === "message" ? each.message.text : each.type));
  }
  seqs(): readonly number[] {
    return (this.log.window.value?.shown ?? []).map((each) => each.seq);
  }

  hold(): void {
    this.held = [];
  }
  async release(): Promise<void> {
    const { held } = this;
    this.held = null;
    held?.forEach((go) => go());
    await settle();
  }

  private async read(part: LogPart): Promise<Answer<readonly Entry[]>> {
    this.parts.push(part);
    if (this.isDown) return { ok: false, refusal: { kind: "unreachable" } };
    const value = this.server.entries(here, part);
    if (this.held !== null) await new Promise<void>((resolve) => this.held?.push(resolve));
    return { ok: true, value, status: 200, total: null, goesOn: false };
  }
}

describe("a room's log", () => {
  let reader: Reader;
  beforeEach(() => {
    reader = new Reader(1_000);
  });

  it("opens at the end where little is unread, and at the first unread message else", async () => {
    await reader.log.open(990);
    expect(reader.texts().at(-1)).toBe("text 1000");
    const other = new Reader(1_000);
    await other.log.open(402);
    expect(other.parts).toEqual([{ around: 403, limit: 100 }]);
    expect(other.texts()).toContain("text 400");
    expect(other.log.window.value?.atEnd).toBe(false);
  });

  it("reads older and newer parts without holes or repeats", async () => {
    await reader.log.jumpTo(500);
    for (let i = 0; i < 4; ++i) await reader.log.readOlder();
    for (let i = 0; i < 7; ++i) await reader.log.readNewer();
    const seqs = reader.seqs();
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    expect(seqs.length).toBeLessThanOrEqual(rowsMax);
  });

  it("reads nothing where there is nothing", async () => {
    await reader.log.jumpToEnd();
    await reader.log.readNewer();
    await reader.log.jumpToEnd();
    expect(reader.parts).toHaveLength(1);
    await reader.log.jumpTo(3);
    await reader.log.readOlder();
    expect(reader.parts).toHaveLength(2);
  });

  it("reads on where an answer holds nothing but edits", async () => {
    const quiet = new Reader(40);
    for (let no = 0; no < 250; ++no) quiet.server.edit(here, messageId(1), `edit ${no}`);
    await quiet.log.jumpToEnd();
    expect(quiet.texts()).toEqual([]);
    await quiet.log.readOlder();
    expect(quiet.texts().at(-1)).toBe("text 40");
  });

  it("takes in what is said while one is at the end", async () => {
    await reader.log.jumpToEnd();
    reader.say("now");
    expect(reader.texts().at(-1)).toBe("now");
  });

  it("leaves in place what one reads further up, and finds the way back to the end", async () => {
    await reader.log.jumpToEnd();
    for (let i = 0; i < 3; ++i) await reader.log.readOlder();
    reader.log.setFollowed(false);
    const before = reader.texts();
    for (let i = 0; i < 50; ++i) reader.say(`now ${i}`);
    expect(reader.texts()).toEqual(before);
    await reader.log.jumpToEnd();
    expect(reader.texts().at(-1)).toBe("now 49");
  });

  it("reads what it has missed, when something comes from behind a hole", async () => {
    await reader.log.jumpToEnd();
    reader.server.post(here, bob, "missed");
    reader.say("now");
    await settle();
    expect(reader.texts().slice(-2)).toEqual(["missed", "now"]);
  });

  it("jumps while an answer to something else is on its way", async () => {
    await reader.log.jumpToEnd();
    reader.hold();
    const older = reader.log.readOlder();
    await settle();
    const jump = reader.log.jumpTo(100);
    await reader.release();
    await Promise.all([older, jump]);
    expect(reader.texts()).toContain("text 98");
    expect(reader.texts()).not.toContain("text 900");
    expect(reader.log.isReading.value).toBe("nothing");
  });

  it("lays over an answer what was told while it was on its way", async () => {
    reader.hold();
    const opening = reader.log.jumpToEnd();
    await settle();
    reader.happen((server) => server.edit(here, messageId(999), "edited"));
    reader.happen((server) => server.deleteMessage(here, messageId(998), bob));
    reader.say("now");
    await reader.release();
    await opening;
    expect(reader.texts().slice(-4)).toEqual(["", "edited", "text 1000", "now"]);
  });

  it("says why it could not read, and can be asked again", async () => {
    reader.isDown = true;
    await reader.log.jumpToEnd();
    expect(reader.log.window.value).toBeNull();
    expect(reader.log.problem.value).toEqual({ kind: "unreachable" });
    reader.isDown = false;
    await reader.log.jumpToEnd();
    expect(reader.log.problem.value).toBeNull();
    expect(reader.texts().at(-1)).toBe("text 1000");
  });

  it("shows an answered edit at once", async () => {
    await reader.log.jumpToEnd();
    reader.happen(() => undefined);
    const before = reader.log.find(messageId(1_000));
    if (before === null) throw new Error("not shown");
    reader.log.replace({ ...before, text: "answered" });
    expect(reader.texts().at(-1)).toBe("answered");
  });

  describe("after a resync", () => {
    it("shows the same piece of the log as it is now", async () => {
      await reader.log.jumpTo(500);
      const seqs = reader.seqs();
      reader.server.edit(here, messageId(480), "edited");
      reader.server.deleteMessage(here, messageId(481), bob);
      for (let i = 0; i < 500; ++i) reader.server.post(here, bob, "missed");
      await reader.log.refresh();
      expect(reader.seqs().slice(0, seqs.length)).toEqual(seqs);
      expect(reader.seqs().length).toBeLessThanOrEqual(rowsMax);
      expect(reader.texts()).toContain("edited");
      expect(reader.log.find(messageId(481))?.deleted).not.toBeNull();
    });

    it("is at the end again, where one was there", async () => {
      await reader.log.jumpToEnd();
      for (const missed of [10, 150, 2_000]) {
        for (let i = 0; i < missed; ++i) reader.server.post(here, bob, "missed");
        reader.server.post(here, bob, `last of ${missed}`);
        await reader.log.refresh();
        expect(reader.texts().at(-1)).toBe(`last of ${missed}`);
        expect(reader.log.window.value?.atEnd).toBe(true);
      }
    });
  });

  it("agrees with the server however one moves and whatever happens", async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constantFrom("older", "newer", "end", "refresh", "follow", "leave"), at: fc.constant(0) }),
      fc.record({ act: fc.constantFrom("jump", "edit", "delete"), at: fc.integer({ min: 1, max: 600 }) }),
      fc.record({ act: fc.constantFrom("say", "miss"), at: fc.integer({ min: 1, max: 80 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, isSlow) => {
        const one = new Reader(500);
        await one.log.open(400);
        const moves: Promise<void>[] = [];
        for (const { act, at } of steps) {
          if (isSlow) one.hold();
          if (act === "older") moves.push(one.log.readOlder());
          else if (act === "newer") moves.push(one.log.readNewer());
          else if (act === "end") moves.push(one.log.jumpToEnd());
          else if (act === "refresh") moves.push(one.log.refresh());
          else if (act === "follow" || act === "leave") one.log.setFollowed(act === "follow");
          else if (act === "jump") moves.push(one.log.jumpTo(at));
          else if (act === "edit") one.happen((server) => server.edit(here, messageId(at), `edit of ${at}`));
          else if (act === "delete") one.happen((server) => server.deleteMessage(here, messageId(at), bob));
          else for (let i = 0; i < at; ++i) if (act === "say") one.say("said"); else one.server.post(here, bob, "missed");
          if (isSlow) await one.release();
          else await settle();
        }
        await Promise.all(moves);
        await settle();
        const window = one.log.window.value;
        if (window === null) throw new Error("never opened");
        expect(window.shown.length).toBeLessThanOrEqual(rowsMax);
        const truth: Entry[] = [];
        for (let next = window.firstSeq - 1; next < window.lastSeq; next = truth.at(-1)?.seq ?? next)
          truth.push(...one.server.entries(here, { after: next, limit: 200 }));
        const expected = truth.filter((each) => each.seq <= window.lastSeq && (each.type === "message" || each.type === "member"));
        expect(window.shown.map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq));
        expect(one.texts()).toEqual(expected.map((each) => (each.type === "message" ? each.message.text : each.type)));
      }),
      { numRuns: 200 },
    );
  });

  it("walks through 50,000 messages with no more rows than ever", async () => {
    const long = new Reader(50_000);
    await long.log.jumpToEnd();
    let reads = 0;
    for (; long.log.window.value?.firstSeq !== 1; ++reads) {
      await long.log.readOlder();
      expect(long.log.window.value?.shown.length).toBeLessThanOrEqual(rowsMax);
    }
    expect(reads).toBe(500);
    expect(long.texts().slice(2, 4)).toEqual(["text 1", "text 2"]);
    await long.log.jumpTo(25_000);
    expect(long.texts()).toContain("text 24998");
    await long.log.jumpToEnd();
    expect(long.texts().at(-1)).toBe("text 50000");
  }, 30_000);
});
