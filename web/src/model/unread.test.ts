import { describe, expect, it } from "vitest";
import type { Message } from "../api/shapes";
import { messageId, room, user } from "../testing/shapes";
import * as unread from "./unread";
import type { Marker } from "./unread";

const me = user(1);

function message(seq: number, changes: Partial<Message> = {}): Message {
  return {
    id: messageId(seq),
    room: room(1),
    seq,
    sender: user(2),
    username: "bob",
    text: "text",
    created: seq,
    edited: null,
    deleted: null,
    mentions: [],
    mentionsAll: null,
    replyTo: null,
    bot: false,
    attachments: [],
    ...changes,
  };
}

const row = { room: room(1), lastSeq: 20, readSeq: 10, unread: 8, mentions: 2, level: "all" } as const;
const counted: Marker = unread.takeCount(unread.unknownMarker, row);
const hear = (marker: Marker, ...messages: readonly Message[]) =>
  messages.reduce((before, each) => unread.hearMessage(before, each, me), marker);
const shown = (marker: Marker) => [unread.unreadIn(marker), unread.mentionsIn(marker), marker.unsure];

describe("what is unread", () => {
  it("is what the server counted, and what came since", () => {
    expect(shown(counted)).toEqual([8, 2, false]);
    expect(shown(hear(counted, message(21), message(22, { mentions: [me] })))).toEqual([10, 3, false]);
    expect(shown(hear(counted, message(21, { mentionsAll: "all" })))).toEqual([9, 3, false]);
  });

  it("is not counted twice, though the count knew of it already", () => {
    expect(shown(hear(counted, message(19), message(20)))).toEqual([8, 2, false]);
  });

  it("holds deleted messages", () => {
    expect(shown(hear(counted, message(21, { deleted: 5, text: "" })))).toEqual([9, 2, false]);
  });

  it("holds no own ones, and ends where one has posted", () => {
    const posted = hear(counted, message(21), message(22, { sender: me, mentions: [me] }));
    expect(shown(posted).slice(0, 2)).toEqual([0, 0]);
    expect(posted.readSeq).toBe(22);
  });

  it("asks the server whether one was here", () => {
    expect(shown(hear(counted, message(21, { mentionsAll: "here" })))).toEqual([9, 3, true]);
  });
});

describe("the read marker", () => {
  const heard = hear(counted, message(21, { mentions: [me] }), message(22), message(23));

  it("among what was heard needs no count", () => {
    expect(shown(unread.moveMarker(heard, 21, 99, 99))).toEqual([2, 0, false]);
  });

  it("may be ahead of the messages that it covers", () => {
    const ahead = unread.moveMarker(counted, 22, 0, 0);
    expect(shown(hear(ahead, message(21), message(22), message(23)))).toEqual([1, 0, false]);
  });

  it("moved back takes the server's count, and has it looked at again", () => {
    expect(shown(unread.moveMarker(heard, 5, 16, 4))).toEqual([16, 4, true]);
  });

  it("told twice changes nothing", () => {
    const moved = unread.moveMarker(heard, 22, 1, 0);
    expect(unread.moveMarker(moved, 22, 5, 5)).toBe(moved);
  });
});

describe("an edit or a deletion", () => {
  const heard = hear(counted, message(21), message(22, { mentions: [me] }));

  it("gives and takes a mention of what was heard", () => {
    expect(shown(unread.hearEdit(heard, message(21, { mentions: [me] }), me))).toEqual([10, 4, false]);
    expect(shown(unread.hearEdit(heard, message(22), me))).toEqual([10, 2, false]);
    expect(shown(unread.hearDeletion(heard, messageId(22)))).toEqual([10, 2, false]);
  });

  it("of what the server counted has it count anew", () => {
    expect(shown(unread.hearEdit(heard, message(15), me))[2]).toBe(true);
    expect(shown(unread.hearDeletion(heard, messageId(15)))[2]).toBe(true);
  });

  it("of what is read changes nothing", () => {
    expect(unread.hearEdit(heard, message(9, { mentions: [me] }), me)).toBe(heard);
  });
});

describe("a count that was under way", () => {
  it("does not undo what happened meanwhile, and is asked for again", () => {
    const moved = unread.moveMarker(unread.beginCount(counted), 20, 0, 0);
    expect(shown(unread.takeCount(moved, row))).toEqual([0, 0, true]);
  });

  it("keeps what came after it", () => {
    const heard = hear(unread.beginCount(counted), message(21), message(22));
    expect(shown(unread.takeCount(heard, { ...row, lastSeq: 21, unread: 9 }))).toEqual([10, 2, false]);
  });
});

describe("a room nobody looks at for weeks", () => {
  it("keeps a number instead of a list", () => {
    let marker = counted;
    for (let seq = 21; seq <= 5_020; ++seq) marker = hear(marker, message(seq, seq % 10 === 0 ? { mentions: [me] } : {}));
    expect(shown(marker)).toEqual([5_008, 502, false]);
    expect(marker.heard.length).toBeLessThanOrEqual(1_000);
    expect(shown(unread.moveMarker(marker, 5_000, 99, 99))).toEqual([20, 2, false]);
  });
});

describe("a room in the list", () => {
  it("is bold where something is unread, with a number only for what is for me", () => {
    expect(unread.standingOf(counted, false)).toEqual({ isUnread: true, forMe: 2 });
  });
  it("of a direct kind is all for me", () => {
    expect(unread.standingOf(counted, true)).toEqual({ isUnread: true, forMe: 8 });
  });
  it("that may speak of mentions alone does so", () => {
    const some = unread.setLevel(counted, "mentions");
    expect(unread.standingOf(some, false)).toEqual({ isUnread: true, forMe: 2 });
    expect(unread.standingOf({ ...some, counted: { unread: 8, mentions: 0 } }, true)).toEqual({ isUnread: false, forMe: 0 });
  });
  it("that is muted says nothing", () => {
    expect(unread.standingOf(unread.setLevel(counted, "none"), true)).toEqual({ isUnread: false, forMe: 0 });
  });
});
