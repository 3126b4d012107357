import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatEvent } from "../api/events";
import type { Message } from "../api/shapes";
import { eventJson, FakeApi } from "../testing/fake_api";
import { FakeClock } from "../testing/fake_clock";
import { FakeLocks } from "../testing/fake_locks";
import { FakeSockets } from "../testing/fake_sockets";
import { FakeServer, me } from "../testing/server";
import { messageId, room, user } from "../testing/shapes";
import { Chat } from "./chat";
import { Outbox } from "./outbox";
import { nameOfRoom } from "./presence";
import { mentionsIn, unreadIn } from "./unread";

const [bob, carol] = [user(2), user(3)];

describe("the chat", () => {
  let server: FakeServer;
  let api: FakeApi;
  let sockets: FakeSockets;
  let clock: FakeClock;
  let chat: Chat;
  let told: number;
  const heard = vi.fn<(message: Message) => void>();
  const otherUser = vi.fn();

  beforeEach(() => {
    vi.resetAllMocks();
    server = new FakeServer();
    server.createRoom(1, [me.id, bob]);
    server.createRoom(2, [bob, me.id, carol]);
    server.createRoom(3, [me.id, bob], "direct");
    api = new FakeApi(server);
    sockets = new FakeSockets();
    clock = new FakeClock();
    const nothing = () => Promise.resolve();
    const outbox = new Outbox({
      user: me.id,
      store: { put: nothing, remove: nothing, has: () => Promise.resolve(false), rowsOf: () => Promise.resolve([]) },
      locks: new FakeLocks().tab(),
      post: ({ room: id, text }) => {
        const message = server.post(id, me.id, text);
        if (message === null) throw new Error("not a member");
        return Promise.resolve({ ok: true, value: message, status: 201, total: null, goesOn: false });
      },
      clock,
      random: () => 0.5,
      makeNonce: () => "nonce",
    });
    const probe = () => Promise.resolve({ kind: "unreachable" } as const);
    const live = { open: sockets.open, random: () => 0.5, probe, isHidden: () => false };
    chat = new Chat({ me, calls: api.calls, clock, live, outbox, heard, otherUser });
    told = server.events.length;
  });

  /** What has happened since is told, but for what a mishap keeps back. */
  function tell(isTold: (event: ChatEvent) => boolean = () => true): void {
    for (const event of server.events.slice(told)) if (isTold(event)) sockets.say(eventJson(event));
    told = server.events.length;
  }
  async function enter(): Promise<void> {
    chat.start();
    sockets.hello("c0");
    await clock.pass(2_000);
    api.asked.length = 0;
  }
  const roomNow = (no: number) => chat.state.value.rooms.get(room(no));
  const texts = (no: number) =>
    (chat.logOf(room(no)).window.value?.shown ?? []).map((each) => (each.type === "message" ? each.message.text : each.type));

  it("has the rooms as soon as they are answered, and the names of direct ones a moment later", async () => {
    server.post(room(1), bob, "hi", { mentions: [me.id] });
    chat.start();
    await clock.pass(0);
    expect(chat.isLoaded.value).toBe(true);
    expect(roomNow(1)?.state?.name).toBe("room-1");
    sockets.hello("c0");
    await clock.pass(2_000);
    const direct = roomNow(3);
    expect(direct && nameOfRoom(chat.state.value, direct)).toBe("user-02");
    const marker = roomNow(1)?.marker;
    expect(marker && [unreadIn(marker), mentionsIn(marker)]).toEqual([1, 1]);
    expect(chat.serverName.value).toBe("Halden Maps");
  });

  it("misses nothing that is said between the reading of the rooms and the connection", async () => {
    chat.start();
    await clock.pass(0);
    server.post(room(1), bob, "in between");
    told = server.events.length;
    sockets.hello("c0");
    await clock.pass(3_000);
    expect(roomNow(1)?.lastSeq).toBe(4);
    const marker = roomNow(1)?.marker;
    expect(marker && unreadIn(marker)).toBe(1);
  });

  it("asks for nothing while all is plain", async () => {
    await enter();
    server.post(room(1), bob, "hi");
    server.leave(room(2), carol);
    server.read(room(1), 4, false);
    tell();
    await clock.pass(60_000);
    expect(api.asked).toEqual([]);
  });

  it("shows what is said in the room that is open, and tells of it once", async () => {
    await enter();
    await chat.logOf(room(1)).open(0);
    server.post(room(1), bob, "hi");
    tell();
    expect(texts(1).at(-1)).toBe("hi");
    expect(heard.mock.calls.map(([message]) => message.text)).toEqual(["hi"]);
  });

  it("fills a hole, in its state and in the room that is open", async () => {
    await enter();
    await chat.logOf(room(1)).open(0);
    for (const text of ["one", "two", "three"]) server.post(room(1), bob, text);
    tell((event) => !("seq" in event) || event.seq !== 4);
    expect(texts(1)).not.toContain("two");
    await clock.pass(2_000);
    expect(texts(1).slice(-3)).toEqual(["one", "two", "three"]);
    expect(heard).toHaveBeenCalledTimes(3);
  });

  it("comes to a room that one was brought into", async () => {
    await enter();
    server.createRoom(4, [bob, me.id]);
    server.post(room(4), bob, "welcome");
    tell();
    await clock.pass(2_000);
    expect(roomNow(4)).toMatchObject({ state: { name: "room-4" }, membersTotal: 2 });
  });

  it("takes a room that was just joined without waiting for its event", async () => {
    await enter();
    const id = server.createRoom(4, [bob, me.id]);
    const joined = server.roomOf(id);
    if (joined === null) throw new Error("no room");
    chat.takeRoom(joined);
    expect(roomNow(4)?.state?.name).toBe("room-4");
    tell();
    await clock.pass(2_000);
    expect(roomNow(4)?.lastSeq).toBe(3);
  });

  it("reloads on a resync and keeps the place in the room", async () => {
    for (let no = 1; no <= 400; ++no) server.post(room(1), bob, `text ${no}`);
    told = server.events.length;
    await enter();
    await chat.logOf(room(1)).jumpTo(200);
    const before = texts(1);
    server.edit(room(1), messageId(198), "edited");
    for (let no = 0; no < 300; ++no) server.post(room(1), bob, "missed");
    server.rename(room(2), "new name");
    told = server.events.length;
    sockets.say({ type: "resync", cursor: "c9" });
    await clock.pass(2_000);
    expect(roomNow(2)?.state?.name).toBe("new name");
    expect(roomNow(1)?.lastSeq).toBe(server.roomOf(room(1))?.lastSeq);
    expect(texts(1).slice(0, before.length)).toEqual(before.map((text) => (text === "text 198" ? "edited" : text)));
  });

  it("tries again for as long as nobody answers", async () => {
    api.refusal = { kind: "unreachable" };
    chat.start();
    await clock.pass(20_000);
    expect(chat.isLoaded.value).toBe(false);
    const tries = api.asked.length;
    expect(tries).toBeLessThan(12);
    api.refusal = null;
    await clock.pass(60_000);
    expect(chat.isLoaded.value).toBe(true);
  });

  it("reads all of a room at once, for the eyes, and tells the server", async () => {
    server.post(room(1), bob, "hi");
    told = server.events.length;
    await enter();
    const reading = chat.markRead(room(1));
    const marker = roomNow(1)?.marker;
    expect(marker && unreadIn(marker)).toBe(0);
    await reading;
    await chat.markRead(room(1));
    expect(api.asked).toEqual([`PUT /api/rooms/${room(1)}/read`]);
  });

  it("tells the server of what is read while much comes once a second, and of the last of it", async () => {
    await enter();
    const readTo = vi.spyOn(api.calls, "markRead");
    for (let no = 0; no < 30; ++no) {
      server.post(room(1), bob, `${no}`);
      tell();
      await chat.markRead(room(1));
      await clock.pass(100);
    }
    await clock.pass(2_000);
    expect(readTo.mock.calls.length).toBeLessThanOrEqual(5);
    expect(readTo.mock.calls.at(-1)).toEqual([room(1), roomNow(1)?.lastSeq]);
  });

  it("sends, and shows the message once", async () => {
    await enter();
    await chat.logOf(room(1)).open(0);
    await chat.outbox.add({ room: room(1), text: "mine", replyTo: null });
    await clock.pass(0);
    expect(chat.outbox.items.value.map((item) => item.sending.kind)).toEqual(["sent"]);
    tell();
    expect(texts(1).at(-1)).toBe("mine");
    expect(chat.outbox.items.value).toEqual([]);
    expect(heard).not.toHaveBeenCalled();
  });

  it("asks for people together, and once", async () => {
    await enter();
    chat.wantUsers([bob, carol]);
    chat.wantUsers([me.id]);
    await clock.pass(100);
    chat.wantUsers([bob, carol]);
    await clock.pass(5_000);
    expect(api.asked).toEqual(["GET /api/users"]);
  });

  it("lets who is typing stop by himself", async () => {
    await enter();
    sockets.say(eventJson({ type: "typing", room: room(1), user: bob }));
    expect(chat.state.value.typing.get(room(1))?.has(bob)).toBe(true);
    await clock.pass(8_000);
    expect(chat.state.value.typing.size).toBe(0);
  });

  it("notices that the browser is signed in as somebody else", async () => {
    chat.start();
    sockets.hello("c0", 800, bob);
    await clock.pass(0);
    expect(otherUser).toHaveBeenCalledOnce();
  });

  it("keeps the windows of the last rooms, and no more", async () => {
    for (let no = 10; no < 20; ++no) server.createRoom(no, [me.id]);
    told = server.events.length;
    await enter();
    const first = chat.logOf(room(1));
    expect(chat.logOf(room(1))).toBe(first);
    for (let no = 10; no < 20; ++no) chat.logOf(room(no));
    expect(chat.logOf(room(1))).not.toBe(first);
  });

  it("is silent once stopped", async () => {
    await enter();
    chat.stop();
    await clock.pass(600_000);
    expect(api.asked).toEqual([]);
    expect(clock.waiting()).toEqual([]);
  });
});
