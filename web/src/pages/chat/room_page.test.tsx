import { cleanup, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../api/calls";
import type { Room } from "../../api/shapes";
import { go } from "../../routes";
import { ChatOnPage } from "../../testing/chat";
import { refused } from "../../testing/page";
import { me, memberOf } from "../../testing/server";
import { room, user } from "../../testing/shapes";
import { RoomPage } from "./room_page";

// Messages, and the box to write in, have tests of their own.
vi.mock("./log/room_log_view", () => ({ RoomLogView: () => <p>messages</p> }));
vi.mock("./composer/composer", () => ({ Composer: () => null }));

const ok = <T,>(value: T) => ({ ok: true, value, status: 200, total: null, goesOn: false }) as const;

describe("a room", () => {
  const join = vi.fn<Calls["join"]>();
  const ask = vi.fn<Calls["room"]>();
  let page: ChatOnPage;

  beforeEach(async () => {
    localStorage.clear();
    join.mockReset();
    ask.mockReset();
    page = new ChatOnPage({ join, room: ask });
    page.server.createRoom(1, [me.id, user(2)]);
    page.server.createRoom(2, [user(2)]);
    await page.enter();
  });
  afterEach(cleanup);

  const open = (no: number) => {
    go({ page: "room", room: room(no) });
    page.render(<RoomPage id={room(no)} panel={undefined} seq={undefined} />);
  };
  const strange = (changes: Partial<Room> = {}): Room => {
    const known = page.server.roomOf(room(2));
    if (known === null) throw new Error("no room");
    return { ...known, topic: "Tiles", ...changes };
  };

  it("that one is removed from says so, and keeps what one was writing", async () => {
    page.services.drafts.set(room(1), { text: "half a thought", replyTo: null });
    open(1);
    expect(screen.getByText("messages")).toBeTruthy();
    screen.getByRole("button", { name: "Room menu" }).focus();
    page.server.leave(room(1), me.id, user(2));
    await page.tell();
    await waitFor(() => expect(screen.queryByText("messages")).toBeNull());
    expect((await screen.findByText(/Your draft is kept/)).textContent).toBe("You are no longer in #room-1. Your draft is kept.");
    expect(document.activeElement, "the focus is not lost with the room").toBe(screen.getByRole("main"));
    expect(screen.getByText("half a thought")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Browse rooms" }).getAttribute("href")).toBe("/rooms");
    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    await waitFor(() => expect(screen.queryByText("half a thought")).toBeNull());
    expect(screen.getByText(/You are no longer/).textContent, "nothing is kept now").toBe("You are no longer in #room-1.");
  });

  it("that is deleted says so, and what waited to be sent is not lost with it", async () => {
    open(1);
    page.sockets.close(1006);
    await page.services.chat.outbox.add({ room: room(1), text: "never sent", replyTo: null });
    page.services.chat.dropRoom(room(1), "deleted");
    await waitFor(() => expect(screen.getByText(/no longer exists/).textContent).toBe("#room-1 no longer exists."));
    await waitFor(() => expect(screen.getByText("never sent")).toBeTruthy());
  });

  it("that one is not in can be joined where it is open, and one goes on in it", async () => {
    ask.mockResolvedValue(ok(strange()));
    open(2);
    expect(await screen.findByRole("heading", { name: "room-2" })).toBeTruthy();
    expect(screen.getByText("Tiles")).toBeTruthy();
    join.mockImplementation((id) => {
      page.server.join(id, me.id);
      ask.mockResolvedValue(ok(strange({ lastSeq: 9 })));
      return Promise.resolve(
        ok({ id: memberOf(me.id, "member"), role: "member", user: me.id, username: me.username, displayName: "", online: true }),
      );
    });
    await userEvent.click(screen.getByRole("button", { name: "Join" }));
    expect(await screen.findByText("messages")).toBeTruthy();
  });

  it("that one was removed from is not joined again by oneself", async () => {
    ask.mockResolvedValue(ok(strange()));
    join.mockResolvedValue({ ok: false, refusal: refused(403, "Permission Denied", "") });
    open(2);
    await userEvent.click(await screen.findByRole("button", { name: "Join" }));
    expect(await screen.findByText(/Only an owner of this room can add you again/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Join" })).toBeNull();
  });

  it("that is private tells whom to ask", async () => {
    ask.mockResolvedValue(ok(strange({ isOpen: false })));
    open(2);
    expect(await screen.findByText(/Ask one of its owners/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Join" })).toBeNull();
  });

  it("that is not there for one is a page that is not there", async () => {
    ask.mockResolvedValue({ ok: false, refusal: refused(404, "Not Found", "") });
    open(7);
    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "To the chat" })).toBeTruthy();
  });

  it("that could not be asked for is asked for again on demand", async () => {
    ask.mockResolvedValue({ ok: false, refusal: { kind: "unreachable" } });
    open(2);
    const retry = await screen.findByRole("button", { name: "Retry" });
    ask.mockResolvedValue(ok(strange()));
    await userEvent.click(retry);
    expect(await screen.findByRole("button", { name: "Join" })).toBeTruthy();
  });
});
