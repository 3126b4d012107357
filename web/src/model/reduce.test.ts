import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChatEvent, Entry } from "../api/events";
import { isEntry } from "../api/events";
import type { RoomId } from "../api/shapes";
import { FakeServer, me, memberOf } from "../testing/server";
import { messageId, room, user } from "../testing/shapes";
import { reduce } from "./reduce";
import type { Change, Loaded } from "./reduce";
import { emptyState, wantedBy } from "./state";
import type { State } from "./state";
import { mentionsIn, unreadIn } from "./unread";

const noon = 1_000_000;
const [bob, carol] = [user(2), user(3)];

/** A client that has what events and answers make of it. */
class Client {
  state = emptyState(me);
  readonly applied: Entry[] = [];

  take(...changes: readonly Change[]): this {
    const { state, applied } = reduce(this.state, changes, noon);
    this.state = state;
    this.applied.push(...applied);
    return this;
  }

  load(server: FakeServer): this {
    return this.take({ type: "rooms_loaded", rooms: server.myRooms() }, { type: "count_begun" }, { type: "counted", rows: server.unread() });
  }

  /** Asks for what it wants until nothing is missing. */
  complete(server: FakeServer): this {
    for (let turn = 0; turn < 20; ++turn) {
      const wanted = wantedBy(this.state);
      if (!wanted.count && wanted.rooms.length + wanted.holes.length + wanted.members.length === 0) return this;
      if (wanted.count) this.take({ type: "count_begun" }, { type: "counted", rows: server.unread() });
      for (const id of wanted.rooms) this.take(roomAnswer(server, id));
      for (const { room: id, after } of wanted.holes) this.take(...server.entries(id, { after, limit: 200 }));
      for (const id of wanted.members)
        this.take({ type: "members_begun", room: id }, { type: "members_loaded", room: id, members: server.membersOf(id) });
    }
    throw new Error(`still wanted: ${JSON.stringify(wantedBy(this.state))}`);
  }
}

function roomAnswer(server: FakeServer, id: RoomId): Loaded {
  const found = server.roomOf(id);
  return found === null ? { type: "room_missing", room: id } : { type: "room_loaded", room: found };
}

/** What people see of the state. */
function seen(state: State) {
  return Object.fromEntries(
    [...state.rooms.values()].map((each) => [
      each.id,
      {
        name: each.state?.name,
        lastSeq: each.lastSeq,
        members: each.membersTotal,
        read: each.marker.readSeq,
        level: each.marker.level,
        unread: unreadIn(each.marker),
        mentions: mentionsIn(each.marker),
      },
    ]),
  );
}

/** The same, by the server. */
function truth(server: FakeServer) {
  const rows = new Map(server.unread().map((row) => [row.room, row]));
  return Object.fromEntries(
    server.myRooms().map((each) => {
      const row = rows.get(each.id);
      return [
        each.id,
        {
          name: each.name,
          lastSeq: each.lastSeq,
          members: each.membersTotal,
          read: row?.readSeq,
          level: row?.level,
          unread: row?.unread,
          mentions: row?.mentions,
        },
      ];
    }),
  );
}

/** Each room's entries, in the order in which they were taken in. */
function seqsOf(entries: readonly Entry[]): Map<RoomId, number[]> {
  const seqs = new Map<RoomId, number[]>();
  for (const entry of entries) seqs.set(entry.room, [...(seqs.get(entry.room) ?? []), entry.seq]);
  return seqs;
}

// What people do, drawn at random.

const naming = fc.constantFrom({}, { mentions: [me.id] }, { mentions: [carol] }, { mentionsAll: "all" } as const, {
  mentionsAll: "here",
} as const);
const person = fc.constantFrom(me.id, bob, carol);
const roomNo = fc.constantFrom(1, 2, 3);

type Deed = (server: FakeServer) => void;
const anyRoom = (server: FakeServer, no: number, act: (id: RoomId) => void) => {
  if (server.rooms.has(room(no))) act(room(no));
};
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(roomNo, person, naming, fc.boolean()).map(([no, who, names, here]): Deed => (server) =>
    anyRoom(server, no, (id) => server.post(id, who, "text", names, here))) },
  { weight: 3, arbitrary: fc.tuple(roomNo, fc.nat(40), naming, fc.boolean()).map(([no, which, names, here]): Deed => (server) =>
    anyRoom(server, no, (id) => server.edit(id, messageId(which), "edited", names, here))) },
  { weight: 2, arbitrary: fc.tuple(roomNo, fc.nat(40)).map(([no, which]): Deed => (server) =>
    anyRoom(server, no, (id) => server.deleteMessage(id, messageId(which), bob))) },
  { weight: 4, arbitrary: fc.tuple(roomNo, fc.nat(40), fc.boolean()).map(([no, seq, back]): Deed => (server) =>
    anyRoom(server, no, (id) => server.read(id, seq, back))) },
  { weight: 1, arbitrary: fc.tuple(roomNo, fc.constantFrom("all", "mentions", "none")).map(([no, level]): Deed => (server) =>
    anyRoom(server, no, (id) => server.setLevel(id, level))) },
  { weight: 2, arbitrary: fc.tuple(roomNo, person).map(([no, who]): Deed => (server) => anyRoom(server, no, (id) => server.join(id, who))) },
  { weight: 1, arbitrary: fc.tuple(roomNo, person).map(([no, who]): Deed => (server) => anyRoom(server, no, (id) => server.leave(id, who, bob))) },
  { weight: 1, arbitrary: fc.tuple(roomNo, fc.nat(99)).map(([no, name]): Deed => (server) => anyRoom(server, no, (id) => server.rename(id, `name ${name}`))) },
  { weight: 1, arbitrary: fc.tuple(roomNo, fc.constantFrom("owner", "guest", "member")).map(([no, role]): Deed => (server) =>
    anyRoom(server, no, (id) => server.setRole(id, carol, role))) },
);
const deeds = fc.array(deed, { maxLength: 60 });

/** Two rooms of his, and one that he may come to. */
function someRooms(): FakeServer {
  const server = new FakeServer();
  server.createRoom(1, [me.id, bob]);
  server.createRoom(2, [bob, me.id, carol]);
  server.createRoom(3, [bob]);
  return server;
}

/** What happens from here on, as it is told. */
function told(server: FakeServer, what: readonly Deed[]): readonly ChatEvent[] {
  const from = server.events.length;
  for (const each of what) each(server);
  return server.events.slice(from);
}

describe("events in their order", () => {
  it("make of the state what the server has", () => {
    fc.assert(
      fc.property(deeds, deeds, (before, after) => {
        const server = someRooms();
        told(server, before);
        const client = new Client().load(server);
        client.take(...told(server, after)).complete(server);
        expect(seen(client.state)).toEqual(truth(server));
      }),
      { numRuns: 500 },
    );
  });

  it("need no question about what is plain: posting, reading, joining", () => {
    const server = someRooms();
    const client = new Client().load(server);
    server.post(room(1), bob, "hi", { mentions: [me.id] });
    server.post(room(2), carol, "hello");
    server.read(room(1), 4, false);
    server.post(room(1), bob, "more");
    server.leave(room(2), carol);
    client.take(...server.events);
    expect(wantedBy(client.state)).toEqual({ rooms: [], holes: [], members: [], count: false });
    expect(seen(client.state)).toEqual(truth(server));
  });
});

describe("events in any order", () => {
  /** Events with some told again, some lost, and the rooms' logs mixed up. The own log keeps its order, as api.md promises. */
  const mishap = fc.record({
    again: fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 3 }),
    lost: fc.array(fc.nat(60), { maxLength: 10 }),
    order: fc.array(fc.nat(1_000), { minLength: 120, maxLength: 120 }),
    mixed: fc.boolean(),
  });
  type Mishap = typeof mishap extends fc.Arbitrary<infer T> ? T : never;

  function after({ again, lost, order, mixed }: Mishap, clean: readonly ChatEvent[], server: FakeServer): readonly ChatEvent[] {
    const gone = new Set(lost);
    let events = clean.filter((event, index) => !(isEntry(event) && gone.has(index)));
    if (mixed) events = mix(events, order);
    // A stream that was cut begins again from an earlier cursor, and shows messages as they are now.
    for (const [at, back] of again) {
      const end = Math.min(at, events.length);
      const replayed = events.slice(Math.max(0, end - back)).map((event) => server.asNow(event));
      events = [...events.slice(0, end), ...replayed];
    }
    return events;
  }

  /** Entries of different rooms, and of one room, change places; his own log stays as it is. */
  function mix(events: readonly ChatEvent[], order: readonly number[]): ChatEvent[] {
    const entries = events.filter(isEntry).map((event, index) => ({ event, rank: index + (order[index] ?? 0) % 8 }));
    entries.sort((a, b) => a.rank - b.rank);
    let next = 0;
    return events.map((event) => (isEntry(event) ? (entries[next++]?.event ?? event) : event));
  }

  it("end where the clean order ends, and take each entry in once", () => {
    fc.assert(
      fc.property(deeds, deeds, mishap, (before, during, how) => {
        const server = someRooms();
        told(server, before);
        const client = new Client().load(server);
        const clean = told(server, during);
        for (const event of after(how, clean, server)) client.take(event);
        // A later word of each room shows the holes at the ends.
        client.take({ type: "count_begun" }, { type: "counted", rows: server.unread() });
        client.complete(server);
        expect(seen(client.state)).toEqual(truth(server));
      }),
      { numRuns: 1000 },
    );
  });

  it("take each entry in once and in order while one is in the room", () => {
    fc.assert(
      fc.property(deeds, mishap, (during, how) => {
        const server = someRooms();
        const client = new Client().load(server);
        const clean = told(server, during);
        const leaves = clean.some((event) => event.type === "removed");
        for (const event of after(how, clean, server)) client.take(event);
        client.complete(server);
        if (leaves) return;
        for (const seqs of seqsOf(client.applied).values())
          expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
      }),
      { numRuns: 500 },
    );
  });

  it("survive a resync with answers that are older than what was told meanwhile", () => {
    fc.assert(
      fc.property(deeds, deeds, deeds, fc.nat(60), (before, missed, during, late) => {
        const server = someRooms();
        told(server, before);
        const client = new Client().load(server);
        told(server, missed); // never told: the cursor was too old
        client.take({ type: "count_begun" });
        const [rooms, rows] = [server.myRooms(), server.unread()];
        const events = told(server, during);
        client.take(...events.slice(0, late), { type: "rooms_loaded", rooms }, { type: "counted", rows }, ...events.slice(late));
        client.take({ type: "count_begun" }, { type: "counted", rows: server.unread() });
        client.complete(server);
        expect(seen(client.state)).toEqual(truth(server));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a hole in seq", () => {
  it("is noticed, and what lies beyond it waits", () => {
    const server = someRooms();
    const client = new Client().load(server);
    server.post(room(1), bob, "first");
    server.post(room(1), bob, "second");
    const [first, second] = server.events.slice(-2);
    if (first === undefined || second === undefined) throw new Error("nothing was told");
    client.take(second);
    expect(wantedBy(client.state).holes).toEqual([{ room: room(1), after: 3 }]);
    expect(client.applied).toEqual([]);
    client.take(first);
    expect(wantedBy(client.state).holes).toEqual([]);
    expect(client.applied).toEqual([first, second]);
  });

  it("that is too long to read has the room loaded again", () => {
    const server = someRooms();
    const client = new Client().load(server);
    for (let i = 0; i < 300; ++i) server.post(room(1), bob, "text");
    client.take(...server.events.slice(-1));
    expect(wantedBy(client.state)).toMatchObject({ rooms: [room(1)], holes: [] });
    client.complete(server);
    expect(seen(client.state)).toEqual(truth(server));
  });

  it("is none where an entry is of a kind to come", () => {
    const server = someRooms();
    const client = new Client().load(server);
    client.take({ type: "unknown", room: room(1), seq: 4 });
    expect(wantedBy(client.state).holes).toEqual([]);
  });
});

describe("rooms that come and go", () => {
  it("come with the own join, and are loaded", () => {
    const server = someRooms();
    const client = new Client().load(server);
    server.join(room(3), me.id);
    server.post(room(3), bob, "welcome", { mentions: [me.id] });
    client.take(...server.events.slice(-2));
    expect(wantedBy(client.state).rooms).toEqual([room(3)]);
    client.complete(server);
    expect(seen(client.state)[room(3)]).toMatchObject({ name: "room-3", unread: 1, mentions: 1 });
  });

  it.each([
    ["left", (server: FakeServer) => server.leave(room(1), me.id)],
    ["removed", (server: FakeServer) => server.leave(room(1), me.id, bob)],
    ["deleted", (server: FakeServer) => server.deleteRoom(room(1))],
  ] as const)("go, and it is known why: %s", (why, act) => {
    const server = someRooms();
    const client = new Client().load(server);
    act(server);
    client.take(...server.events.slice(-1));
    expect(client.state.rooms.has(room(1))).toBe(false);
    expect(client.state.lost.get(room(1))).toEqual({ name: "room-1", why });
  });

  it("are not made by a late word of a room that one has left", () => {
    const server = someRooms();
    const client = new Client().load(server);
    server.post(room(1), bob, "late");
    const late = server.events.slice(-1);
    server.leave(room(1), me.id);
    client.take(...server.events.slice(-1), ...late).complete(server);
    expect(client.state.rooms.has(room(1))).toBe(false);
  });
});

describe("members", () => {
  function withMembers(): { server: FakeServer; client: Client } {
    const server = someRooms();
    const client = new Client().load(server).take({ type: "members_wanted", room: room(2) }).complete(server);
    return { server, client };
  }
  const rolesIn = (client: Client) =>
    Object.fromEntries([...(client.state.rooms.get(room(2))?.members ?? [])].map(([id, { role }]) => [id, role]));

  it("follow who comes, goes, and gets another role", () => {
    const { server, client } = withMembers();
    server.join(room(2), user(4), "guest");
    server.leave(room(2), bob);
    server.setRole(room(2), carol, "owner");
    client.take(...server.events.slice(-3));
    expect(rolesIn(client)).toEqual({ [me.id]: "member", [carol]: "owner", [user(4)]: "guest" });
    expect(client.state.rooms.get(room(2))?.members?.get(carol)?.id).toBe(memberOf(carol, "owner"));
  });

  it("are loaded again where somebody came while they were on their way", () => {
    const { server, client } = withMembers();
    client.take({ type: "members_wanted", room: room(2) }, { type: "members_begun", room: room(2) });
    const old = server.membersOf(room(2));
    server.join(room(2), user(4));
    client.take(...server.events.slice(-1), { type: "members_loaded", room: room(2), members: old });
    expect(wantedBy(client.state).members).toEqual([room(2)]);
    client.complete(server);
    expect(rolesIn(client)).toHaveProperty(user(4), "member");
  });

  it("show who is online, until told otherwise", () => {
    const { client } = withMembers();
    client.take({ type: "presence", user: bob, online: true });
    expect(client.state.online.has(bob)).toBe(true);
    client.take({ type: "presence", user: bob, online: false }, { type: "room_presence", room: room(2), online: 612 });
    expect(client.state.online.has(bob)).toBe(false);
    expect(client.state.onlineIn.get(room(2))).toBe(612);
  });

  it("are asked for again after a pause, in which presence was not told", () => {
    const { client } = withMembers();
    expect(wantedBy(client.take({ type: "resumed" }).state).members).toEqual([room(2)]);
  });
});

describe("people", () => {
  const profile = { id: bob, username: "bob", displayName: "Bob", avatar: "", bot: true, isDisabled: false };

  it("are known by name from the members, and wholly when asked for", () => {
    const client = new Client().load(someRooms()).take({ type: "members_wanted", room: room(1) }).complete(someRooms());
    expect(client.state.users.get(bob)).toMatchObject({ username: "user-02", isWhole: false });
    client.take({ type: "users_loaded", users: [profile] });
    expect(client.state.users.get(bob)).toEqual({ ...profile, isWhole: true });
  });

  it("change their profile, oneself too", () => {
    const client = new Client().take({ type: "user", user: { ...profile, id: me.id, displayName: "Olya" } });
    expect(client.state.me.displayName).toBe("Olya");
    expect(client.state.me.email).toBe(me.email);
  });
});

describe("a state that nothing has changed", () => {
  it("is the same object, so that nothing is drawn anew", () => {
    const server = someRooms();
    const client = new Client().load(server);
    const { state } = client;
    expect(client.take(...server.events, { type: "time_passed" }).state).toBe(state);
  });
});
