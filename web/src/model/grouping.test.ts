import { describe, expect, it } from "vitest";
import type { RoomId } from "../api/shapes";
import { FakeServer, me } from "../testing/server";
import { room, user } from "../testing/shapes";
import { groupMaxMs, rowsOf } from "./grouping";
import type { Row } from "./grouping";
import { windowOf } from "./log_window";
import type { OutboxItem } from "./outbox";

const [bob, carol] = [user(2), user(3)];
const minute = 60_000;

function item(text: string, changes: Partial<OutboxItem> = {}): OutboxItem {
  const sending = { kind: "waiting" } as const;
  return { nonce: text, user: me.id, room: room(1), text, replyTo: null, created: 2_000_000, sending, isKept: true, ...changes };
}

function line(row: Row): string {
  switch (row.kind) {
    case "day":
      return `-- day ${row.time}`;
    case "new":
      return "-- new";
    case "message":
      return (row.isFirst ? `${row.message.username}: ` : "  ") + row.message.text;
    case "outbox":
      return (row.isFirst ? "me: " : "  ") + `(${row.item.text})`;
    case "members":
      return `* ${row.entries.map((each) => each.username).join(", ")} ${row.action}`;
    case "renamed":
      return `* renamed to ${row.entry.state.name ?? ""}`;
  }
}

/** What is said, at which time; and how it is shown. */
function shown(act: (server: FakeServer, id: RoomId) => void, changes: Partial<Parameters<typeof rowsOf>[1]> = {}): readonly string[] {
  const server = new FakeServer();
  const id = server.createRoom(1, [me.id]);
  server.join(id, bob);
  server.join(id, carol);
  const from = server.roomOf(id)?.lastSeq ?? 0;
  act(server, id);
  const { shown: entries } = windowOf(server.entries(id, { after: from, limit: 200 }), true);
  return rowsOf(entries, { me: me.id, newAfter: null, dayOf: () => "one", outbox: [], ...changes })
    .filter((row) => row.kind !== "day")
    .map(line);
}

describe("messages", () => {
  it("of one person stand together, with one head", () => {
    expect(
      shown((server, id) => {
        for (const text of ["one", "two"]) server.post(id, bob, text);
        server.post(id, carol, "three");
        server.post(id, bob, "four");
      }),
    ).toEqual(["user-02: one", "  two", "user-03: three", "user-02: four"]);
  });

  it("begin anew behind a pause, and behind anything that stands between", () => {
    expect(
      shown((server, id) => {
        server.post(id, bob, "one");
        server.wait(groupMaxMs - minute);
        server.post(id, bob, "two");
        server.wait(groupMaxMs);
        server.post(id, bob, "three");
        server.rename(id, "new name");
        server.post(id, bob, "four");
      }),
    ).toEqual(["user-02: one", "  two", "user-02: three", "* renamed to new name", "user-02: four"]);
  });
});

describe("days", () => {
  it("are told before the first message of each, and begin a new group", () => {
    const server = new FakeServer();
    const id = server.createRoom(1, [bob, me.id]);
    server.post(id, bob, "late");
    server.post(id, bob, "early");
    const { shown: entries } = windowOf(server.entries(id, { after: 3 }), true);
    const times = entries.map((each) => (each.type === "message" ? each.message.created : 0));
    const rows = rowsOf(entries, { me: me.id, newAfter: null, dayOf: (time) => (time === times[0] ? "fri" : "sat"), outbox: [] });
    expect(rows.map(line)).toEqual([`-- day ${times[0] ?? 0}`, "user-02: late", `-- day ${times[1] ?? 0}`, "user-02: early"]);
  });
});

describe("who came and went", () => {
  it("is one line for neighbours of one kind", () => {
    expect(
      shown((server, id) => {
        server.join(id, user(4));
        server.join(id, user(5));
        server.leave(id, carol);
        server.leave(id, user(4));
        server.post(id, bob, "busy here");
        server.join(id, user(6));
      }),
    ).toEqual(["* user-04, user-05 join", "* user-03, user-04 leave", "user-02: busy here", "* user-06 join"]);
  });
});

describe("the new line", () => {
  const talk = (server: FakeServer, id: RoomId) => {
    server.post(id, bob, "read");
    server.post(id, me.id, "mine");
    server.post(id, bob, "new");
    server.post(id, bob, "newer");
  };

  it("stands before the first message of others that was unread, and begins a group", () => {
    expect(shown(talk, { newAfter: 5 })).toEqual(["user-02: read", "olga: mine", "-- new", "user-02: new", "  newer"]);
  });

  it("stands nowhere where all was read", () => {
    expect(shown(talk, { newAfter: 99 })).not.toContain("-- new");
  });
});

describe("what waits in the outbox", () => {
  it("stands behind all others, in one group", () => {
    expect(shown((server, id) => server.post(id, bob, "hi"), { outbox: [item("one"), item("two")] })).toEqual([
      "user-02: hi",
      "me: (one)",
      "  (two)",
    ]);
  });

  it("goes on in one's own group, where it is not long ago", () => {
    const mine = (server: FakeServer, id: RoomId) => server.post(id, me.id, "hi");
    expect(shown(mine, { outbox: [item("soon", { created: 1_000_000 })] })).toEqual(["olga: hi", "  (soon)"]);
    expect(shown(mine, { outbox: [item("later", { created: 9_000_000 })] })).toEqual(["olga: hi", "me: (later)"]);
  });

  it("is not shown twice once it is in the room", () => {
    const landed = item("hi", { sending: { kind: "sending", since: 0, landed: null } });
    expect(shown(() => undefined, { outbox: [landed] })).toEqual(["me: (hi)"]);
    const server = new FakeServer();
    const message = server.post(server.createRoom(1, [me.id]), me.id, "hi");
    const there = item("hi", { sending: { kind: "sending", since: 0, landed: message?.id ?? null } });
    expect(shown((all, id) => all.post(id, me.id, "hi"), { outbox: [there] })).toEqual(["olga: hi"]);
  });
});
