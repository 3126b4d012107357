import { describe, expect, it } from "vitest";
import { messageId, messageJson, oid, room, user } from "../testing/shapes";
import { entry, liveEvent } from "./events";

const at = { room: oid(room(1)), seq: 17, cursor: "c17" };
const state = {
  _id: oid(room(1)),
  name: "tiles",
  topic: "",
  is_open: true,
  is_visible: true,
  mention_all_by: "members",
  kind: "room",
  created: { $date: "2026-11-23T05:50:22.123Z" },
};
const joined = { type: "member", action: "join", member: oid(user(9)), user: oid(user(2)), username: "bob", role: "member", by: oid(user(1)) };

describe("a live event", () => {
  it("carries a message and the cursor behind it", () => {
    const read = liveEvent({ type: "message", ...at, message: messageJson(17) });
    expect(read?.cursor).toBe("c17");
    expect(read?.event).toMatchObject({ type: "message", room: room(1), seq: 17, message: { text: "text 17" } });
  });

  it("tells a deletion by the message's id", () => {
    const read = liveEvent({ type: "delete", ...at, _id: oid(messageId(3)), by: oid(user(1)) });
    expect(read?.event).toEqual({ type: "delete", room: room(1), seq: 17, id: messageId(3), by: user(1) });
  });

  it("of the room's log is an entry, of the own log the loss of the room", () => {
    const left = { ...joined, action: "leave" };
    expect(liveEvent({ ...left, ...at })?.event).toMatchObject({ type: "member", action: "leave", seq: 17 });
    expect(liveEvent({ ...left, room: at.room, cursor: "c18" })).toEqual({
      event: { type: "removed", room: room(1), by: user(1) },
      cursor: "c18",
    });
  });

  it("tells the end of a room from whichever log", () => {
    const deleted = { type: "room", action: "deleted", room: at.room, state, was: {} };
    for (const where of [{}, { seq: 18, cursor: "c18" }])
      expect(liveEvent({ ...deleted, ...where })?.event).toEqual({ type: "room_deleted", room: room(1) });
  });

  it("tells a change of a room with what was", () => {
    const read = liveEvent({ type: "room", action: "changed", ...at, state, was: { name: "tile" }, by: joined.by });
    const told = { type: "room", action: "changed", state: { name: "tiles" }, was: { name: "tile" }, by: user(1) };
    expect(read?.event).toMatchObject(told);
  });

  it("tells two kinds of settings", () => {
    expect(liveEvent({ type: "settings", room: at.room, level: "none", cursor: "c" })?.event).toEqual({
      type: "level",
      room: room(1),
      level: "none",
    });
    expect(liveEvent({ type: "settings", settings: { theme: "dark" }, cursor: "c" })?.event).toEqual({
      type: "settings",
      settings: { theme: "dark" },
    });
  });

  it("tells presence of a person or of a large room, and has no cursor then", () => {
    expect(liveEvent({ type: "presence", user: oid(user(2)), status: "offline" })).toEqual({
      event: { type: "presence", user: user(2), online: false },
      cursor: null,
    });
    expect(liveEvent({ type: "presence", room: at.room, online: 512 })?.event).toEqual({
      type: "room_presence",
      room: room(1),
      online: 512,
    });
  });

  it("answers an operation, well or ill", () => {
    expect(liveEvent({ type: "ack", room: at.room, seq: 4, _id: oid(messageId(4)) })?.event).toEqual({ type: "answer" });
    expect(liveEvent({ type: "error", title: "Bad parameter", description: "" })?.event).toEqual({ type: "answer" });
  });

  it("of a new kind counts in its log, and is nothing elsewhere", () => {
    expect(liveEvent({ type: "reaction", ...at, emoji: "👍" })?.event).toEqual({ type: "unknown", room: room(1), seq: 17 });
    expect(liveEvent({ type: "weather", cursor: "c" })).toBeNull();
  });
});

describe("an entry of a page", () => {
  it("has the form of the live event, with a time where the server tells it", () => {
    expect(entry({ ...joined, ...at })).toMatchObject({ type: "member", action: "join", user: user(2), created: null });
    expect(entry({ ...joined, ...at, created: { $date: "1970-01-01T00:00:01.000Z" } })).toMatchObject({ created: 1000 });
  });
});
