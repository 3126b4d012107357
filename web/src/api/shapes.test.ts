import { describe, expect, it } from "vitest";
import { dateJson, messageId, messageJson, oid, room, user } from "../testing/shapes";
import { list, Misshapen } from "./decode";
import * as shapes from "./shapes";

const roomJson = {
  _id: oid(room(1)),
  name: "general",
  topic: "All and everything",
  is_open: true,
  is_visible: true,
  mention_all_by: "members",
  members: [],
  members_total: 2,
  kind: "room",
  last_seq: 17,
  created: { $date: "2026-11-23T05:50:22.123Z" },
};

describe("a message", () => {
  it("has plain ids and times in milliseconds", () => {
    const read = shapes.message(messageJson(7, { edited: { $date: "2026-11-23T05:50:22.123Z" }, mentions: [oid(user(2))] }));
    expect(read).toEqual({
      id: messageId(7),
      room: room(1),
      seq: 7,
      sender: user(1),
      username: "alice",
      text: "text 7",
      created: 7000,
      edited: Date.UTC(2026, 10, 23, 5, 50, 22, 123),
      deleted: null,
      mentions: [user(2)],
      mentionsAll: null,
      replyTo: null,
      bot: false,
      attachments: [],
    });
  });

  it("may be a bot's, to everybody, with cards", () => {
    const card = { color: "good", title: "Live", fields: [{ title: "Commit", value: "9f3c2ab" }] };
    const read = shapes.message(messageJson(1, { bot: true, mentions_all: "here", attachments: [card] }));
    expect(read.bot).toBe(true);
    expect(read.mentionsAll).toBe("here");
    expect(read.attachments).toEqual([
      { color: "good", title: "Live", titleLink: "", text: "", fields: [{ title: "Commit", value: "9f3c2ab" }] },
    ]);
  });

  it("may carry keys that this client does not know", () => {
    expect(shapes.message(messageJson(1, { reactions: [] })).seq).toBe(1);
  });
});

describe("a room", () => {
  it("is read whole", () => {
    expect(shapes.room(roomJson)).toMatchObject({ id: room(1), name: "general", isOpen: true, membersTotal: 2, lastSeq: 17 });
  });

  it("has no name when it is direct", () => {
    expect(shapes.room({ ...roomJson, kind: "direct", name: null })).toMatchObject({ kind: "direct", name: null });
  });

  it("was what an entry says that changed, and no more", () => {
    expect(shapes.roomWas({ name: "old", is_open: false })).toEqual({ name: "old", isOpen: false });
    expect(shapes.roomWas({})).toEqual({});
  });
});

describe("what is not as the API says", () => {
  const cases: readonly [string, unknown, RegExp][] = [
    ["nothing at all", undefined, /an object expected, not nothing/],
    ["a page of HTML", "<html>", /an object expected/],
    ["a list for an object", [], /an object expected/],
    ["an id that is none", messageJson(1, { _id: oid("<script>") }), /^_id: an id expected/],
    ["an id as a text", messageJson(1, { sender: user(1) }), /^sender: an id expected/],
    ["a time that is none", messageJson(1, { created: dateJson(0).$date }), /^created: a date expected/],
    ["a missing text", messageJson(1, { text: undefined }), /^text: a text expected, not nothing/],
    ["a word that is none of these", messageJson(1, { mentions_all: "some" }), /^mentions_all: all or here expected/],
  ];
  it.each(cases)("is refused with its place: %s", (_, json, problem) => {
    expect(() => shapes.message(json)).toThrow(Misshapen);
    expect(() => shapes.message(json)).toThrow(problem);
  });

  it("is named by its place in a list", () => {
    expect(() => list(shapes.message)([messageJson(1), { ...messageJson(2), seq: "2" }])).toThrow(/^1: seq: a number/);
  });
});
