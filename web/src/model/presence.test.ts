import { describe, expect, it } from "vitest";
import { FakeServer, me } from "../testing/server";
import { room, user } from "../testing/shapes";
import { directRoomWith, nameOfRoom, onlineCount } from "./presence";
import { reduce } from "./reduce";
import type { Change } from "./reduce";
import { roomListOf } from "./room_list";
import { emptyState, mayManage, mayOwn, mayWrite } from "./state";
import type { State } from "./state";

const [bob, carol, dave] = [user(2), user(3), user(4)];
const collator = new Intl.Collator("en");

function chatOf(server: FakeServer, ...more: readonly Change[]): State {
  const rooms = server.myRooms();
  const members = rooms.map(({ id }) => ({ type: "members_loaded", room: id, members: server.membersOf(id) }) as const);
  const counted = { type: "counted", rows: server.unread() } as const;
  return reduce(emptyState(me), [{ type: "rooms_loaded", rooms }, counted, ...members, ...more], 0).state;
}
function roomOf(state: State, no: number) {
  const found = state.rooms.get(room(no));
  if (found === undefined) throw new Error("no room");
  return found;
}

describe("the people of a room", () => {
  const server = new FakeServer();
  const id = server.createRoom(1, [me.id, bob, carol, dave]);
  const state = chatOf(server, { type: "presence", user: carol, online: true });

  it("are counted by what is known of each, or by the server's word in a large room", () => {
    expect(onlineCount(state, roomOf(state, 1))).toBe(1);
    const large = reduce(state, [{ type: "room_presence", room: id, online: 612 }], 0).state;
    expect(onlineCount(large, roomOf(large, 1))).toBe(612);
  });
});

describe("a direct room", () => {
  const server = new FakeServer();
  server.createRoom(1, [me.id, bob, carol], "direct");
  server.createRoom(2, [me.id], "direct");
  const state = chatOf(server);

  it("is called by the others in it, or by oneself", () => {
    expect(nameOfRoom(state, roomOf(state, 1))).toBe("user-02, user-03");
    expect(nameOfRoom(state, roomOf(state, 2))).toBe("user-01");
  });

  it("is found by its people, all of them", () => {
    expect(directRoomWith(state, [carol, bob])).toBe(room(1));
    expect(directRoomWith(state, [bob])).toBeNull();
    expect(directRoomWith(state, [])).toBe(room(2));
  });
});

describe("the list of rooms", () => {
  it("has rooms by name, direct ones by their last message, and the sum of what is for the reader", () => {
    const server = new FakeServer();
    server.createRoom(1, [me.id, bob]);
    server.createRoom(2, [me.id, bob]);
    server.rename(room(1), "zebra");
    server.rename(room(2), "ape");
    server.createRoom(3, [me.id, bob], "direct");
    server.createRoom(4, [me.id, carol], "direct");
    server.post(room(1), bob, "hi", { mentions: [me.id] });
    const state = chatOf(server);
    server.post(room(3), bob, "hello");
    const after = reduce(state, server.events.slice(-1), 0).state;
    const list = roomListOf(after, collator);
    expect(list.rooms.map(({ name, isUnread, forMe }) => [name, isUnread, forMe])).toEqual([["ape", false, 0], ["zebra", true, 1]]);
    expect(list.direct.map(({ name }) => name)).toEqual(["user-02", "user-03"]);
    expect(list.forMe).toBe(2);
  });
});

describe("what one may do in a room", () => {
  it.each([
    ["owner", [true, true, true]],
    ["admin", [true, true, false]],
    ["member", [true, false, false]],
    ["guest", [false, false, false]],
  ] as const)("as %s", (role, may) => {
    const server = new FakeServer();
    server.createRoom(1, [me.id, bob]);
    server.setRole(room(1), me.id, role);
    const state = chatOf(server);
    const there = roomOf(state, 1);
    expect([mayWrite(state, there), mayManage(state, there), mayOwn(state, there)]).toEqual(may);
  });

  it("is all for a superuser, but for direct rooms", () => {
    const server = new FakeServer();
    server.createRoom(1, [me.id, bob]);
    server.createRoom(2, [me.id, bob], "direct");
    const state = { ...chatOf(server), me: { ...me, isSuperuser: true } };
    expect([1, 2].map((no) => mayOwn(state, roomOf(state, no)))).toEqual([true, false]);
  });
});
