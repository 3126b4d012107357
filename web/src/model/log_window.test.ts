import { describe, expect, it } from "vitest";
import type { Entry } from "../api/events";
import { FakeServer, me } from "../testing/server";
import { room, user } from "../testing/shapes";
import { hasRow, isAtStart, rowsMax, windowOf, withLive, withNewer, withOlder } from "./log_window";
import type { LogWindow } from "./log_window";

const bob = user(2);

function serverWith(messages: number): FakeServer {
  const server = new FakeServer();
  server.createRoom(1, [me.id, bob]);
  for (let no = 1; no <= messages; ++no) server.post(room(1), bob, `text ${no}`);
  return server;
}

const end = (server: FakeServer, limit = 100) => windowOf(server.entries(room(1), { limit }), true);
const last = (server: FakeServer): Entry => {
  const [entry] = server.entries(room(1), { limit: 1 });
  if (entry === undefined) throw new Error("empty log");
  return entry;
};
const texts = (window: LogWindow) => window.shown.map((each) => (each.type === "message" ? each.message.text : each.type));

describe("a window over a log", () => {
  it("shows what people see happen: messages, who came and went, new names", () => {
    const server = serverWith(1);
    const message = server.post(room(1), me.id, "mine");
    if (message === null) throw new Error("not posted");
    server.edit(room(1), message.id, "better");
    server.setRole(room(1), bob, "owner");
    server.rename(room(1), "new name");
    server.leave(room(1), bob);
    const entries = server.entries(room(1), {});
    expect(entries.filter(hasRow).map((entry) => entry.type)).toEqual([
      "member", "member", "message", "message", "room", "member",
    ]);
  });

  it("never holds more rows than the page may have, whichever way it moves", () => {
    const server = serverWith(1_000);
    let window = end(server, 200);
    while (!isAtStart(window)) {
      window = withOlder(window, server.entries(room(1), { before: window.firstSeq, limit: 200 }));
      expect(window.shown.length).toBeLessThanOrEqual(rowsMax);
    }
    expect(texts(window)[2]).toBe("text 1");
    expect(window.atEnd).toBe(false);
    while (!window.atEnd) {
      const entries = server.entries(room(1), { after: window.lastSeq, limit: 200 });
      window = withNewer(window, entries, entries.length < 200);
      expect(window.shown.length).toBeLessThanOrEqual(rowsMax);
    }
    expect(texts(window).at(-1)).toBe("text 1000");
  });

  it("takes in at the end what is said now", () => {
    const server = serverWith(3);
    const window = end(server);
    server.post(room(1), bob, "now");
    expect(texts(withLive(window, last(server), true)).at(-1)).toBe("now");
    expect(withLive(window, last(server), true).atEnd).toBe(true);
  });

  it("takes in nothing twice, and nothing behind a hole", () => {
    const server = serverWith(3);
    const window = end(server);
    expect(withLive(window, last(server), true)).toBe(window);
    server.post(room(1), bob, "missed");
    server.post(room(1), bob, "now");
    const after = withLive(window, last(server), true);
    expect(texts(after)).toEqual(texts(window));
    expect(after.atEnd).toBe(false);
  });

  it("that is full lets the oldest go while one is at the end, and the newest while one reads further up", () => {
    const server = serverWith(400);
    const window = windowOf([...server.entries(room(1), { after: 100, limit: 200 }), ...server.entries(room(1), { after: 300, limit: 200 })], true);
    expect(window.shown).toHaveLength(rowsMax);
    server.post(room(1), bob, "now");
    const followed = withLive(window, last(server), true);
    expect([followed.shown.length, texts(followed).at(-1), followed.atEnd]).toEqual([rowsMax, "now", true]);
    const read = withLive(window, last(server), false);
    expect([read.shown, read.atEnd]).toEqual([window.shown, false]);
  });

  it("shows an edit and a deletion wherever the message stands", () => {
    const server = serverWith(300);
    const [older] = server.entries(room(1), { after: 10, limit: 1 });
    if (older?.type !== "message") throw new Error("no message");
    const window = windowOf(server.entries(room(1), { after: 0, limit: 200 }), false);
    server.edit(room(1), older.message.id, "edited");
    const edited = withLive(window, last(server), false);
    expect(texts(edited)).toContain("edited");
    server.deleteMessage(room(1), older.message.id, bob);
    const deleted = withLive(edited, last(server), false);
    const gone = deleted.shown.find((each) => each.type === "message" && each.message.id === older.message.id);
    expect(gone).toMatchObject({ message: { text: "", mentions: [] } });
    expect(gone?.type === "message" && gone.message.deleted).not.toBeNull();
    expect(texts(withLive(deleted, { ...older, type: "edit", seq: 900 }, false))).not.toContain(older.message.text);
  });
});
