import { cleanup, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../api/calls";
import type { Member, Room } from "../../api/shapes";
import { currentPath, go } from "../../routes";
import { ChatOnPage } from "../../testing/chat";
import { me, memberOf } from "../../testing/server";
import { room } from "../../testing/shapes";
import { BrowseRooms } from "./browse_rooms";

const visible = (no: number, changes: Partial<Room> = {}): Room => ({
  id: room(no),
  kind: "room",
  name: `room-${no}`,
  topic: "",
  isOpen: true,
  isVisible: true,
  mentionAllBy: "members",
  created: 0,
  members: [],
  membersTotal: 3,
  lastSeq: 0,
  ...changes,
});

const mine: Member = {
  id: memberOf(me.id, "member"),
  role: "member",
  user: me.id,
  username: me.username,
  displayName: me.displayName,
  online: true,
};

describe("browsing rooms", () => {
  const join = vi.fn<Calls["join"]>();

  beforeEach(() => go("/rooms"));
  afterEach(cleanup);

  async function open(rooms: readonly Room[]) {
    join.mockReset();
    join.mockResolvedValue({ ok: false, refusal: { kind: "unreachable" } });
    const page = new ChatOnPage({
      join,
      visibleRooms: () => Promise.resolve({ ok: true, value: rooms, status: 200, total: null, goesOn: false }),
    });
    page.server.createRoom(1, [me.id]);
    await page.enter();
    page.render(<BrowseRooms />);
    await screen.findByRole("list", { name: "Rooms" });
    return page;
  }
  const rows = () => within(screen.getByRole("list", { name: "Rooms" })).queryAllByRole("listitem");
  const names = () => rows().map((row) => within(row).getByRole("heading").textContent);

  it("shows first what one is not in: to join if it is open, and how one comes in if it is private", async () => {
    await open([visible(1), visible(2, { isOpen: false }), visible(10), visible(9)]);
    expect(names()).toEqual(["room-2", "room-9", "room-10", "room-1"]);
    expect(rows()[0]?.textContent).toContain("Private: an owner adds people.");
    expect(screen.getByRole("button", { name: "Join #room-9" })).not.toBeNull();
    expect(screen.getByRole("link", { name: "Open #room-1" }).getAttribute("href")).toBe(`/room/${room(1)}`);
  });

  it("joins, or says why not beside the room", async () => {
    const page = await open([visible(9)]);
    await userEvent.click(screen.getByRole("button", { name: "Join #room-9" }));
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("did not answer"));
    page.server.createRoom(9, [me.id]);
    join.mockResolvedValue({ ok: true, value: mine, status: 201, total: null, goesOn: false });
    await userEvent.click(screen.getByRole("button", { name: "Join #room-9" }));
    await waitFor(() => expect(currentPath()).toBe(`/room/${room(9)}`));
    expect(page.services.chat.state.value.rooms.get(room(9))?.state?.name).toBe("room-9");
  });

  it("finds by name and by topic", async () => {
    const page = await open([visible(2, { topic: "Icons and colours" }), visible(3)]);
    const find = async (text: string, wanted: readonly string[]) => {
      await userEvent.clear(screen.getByRole("searchbox"));
      await userEvent.type(screen.getByRole("searchbox"), text);
      await waitFor(async () => {
        await page.clock.pass(300);
        expect(names()).toEqual(wanted);
      });
    };
    await find("COLOUR", ["room-2"]);
    await find("room-3", ["room-3"]);
  });

  it("says when there is none left to join", async () => {
    await open([visible(1)]);
    expect(screen.getByText("You are in every room there is.")).not.toBeNull();
    expect(names()).toEqual(["room-1"]);
  });
});
