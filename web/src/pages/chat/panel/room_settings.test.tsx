import { cleanup, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../../api/calls";
import type { Role } from "../../../api/shapes";
import { currentPath, go } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { refused } from "../../../testing/page";
import { me, memberOf } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { useChat } from "../chat_services";
import { RoomSettings } from "./room_settings";

const unreachable = { ok: false, refusal: { kind: "unreachable" } } as const;
const conflict = { ok: false, refusal: refused(409, "Conflict", "") } as const;
const ok = <T,>(value: T) => ({ ok: true, value, status: 200, total: null, goesOn: false }) as const;

function Page() {
  const found = useChat().chat.state.value.rooms.get(room(1));
  return found?.state == null ? <p>gone</p> : <RoomSettings room={{ ...found, state: found.state }} />;
}

describe("the settings of a room", () => {
  const changeRoom = vi.fn<Calls["changeRoom"]>();
  const setLevel = vi.fn<Calls["setLevel"]>();
  const removeMember = vi.fn<Calls["removeMember"]>();
  const deleteRoom = vi.fn<Calls["deleteRoom"]>();
  let page: ChatOnPage;

  beforeEach(() => {
    changeRoom.mockReset().mockResolvedValue(unreachable);
    setLevel.mockReset().mockResolvedValue(unreachable);
    removeMember.mockReset().mockResolvedValue(unreachable);
    deleteRoom.mockReset().mockResolvedValue(unreachable);
  });
  afterEach(cleanup);

  async function open(role: Role) {
    page = new ChatOnPage({ changeRoom, setLevel, removeMember, deleteRoom });
    page.server.createRoom(1, [me.id, user(2)]);
    page.server.setRole(room(1), me.id, role);
    await page.enter();
    page.services.chat.wantMembers(room(1));
    await page.clock.pass(1_000);
    go({ page: "room", room: room(1), panel: "settings" });
    page.render(<Page />);
  }
  const field = (name: string) => screen.getByRole<HTMLInputElement>("textbox", { name, hidden: true });
  const press = (name: string) => userEvent.click(screen.getByRole("button", { name, hidden: true }));

  it("sends what was touched, and nothing else", async () => {
    await open("owner");
    expect(screen.queryByRole("button", { name: "Save" }), "nothing to save yet").toBeNull();
    await userEvent.type(field("Topic"), "Mondays");
    await userEvent.click(screen.getByRole("radio", { name: "Owners and admins" }));
    await press("Save");
    expect(changeRoom).toHaveBeenCalledWith(room(1), { topic: "Mondays", mentionAllBy: "owners" });
    expect((await screen.findByRole("alert")).textContent).toContain("did not answer");
    expect(field("Topic").value, "the text stays").toBe("Mondays");
  });

  it("follows what others change, but for what one is changing oneself", async () => {
    await open("owner");
    await userEvent.type(field("Topic"), "mine");
    page.server.rename(room(1), "renamed");
    await page.tell();
    await waitFor(() => expect(field("Room name").value).toBe("renamed"));
    expect(field("Topic").value).toBe("mine");
    await userEvent.type(field("Room name"), "-2");
    page.server.rename(room(1), "theirs");
    await page.tell();
    await waitFor(() => expect(screen.getByText(/It is now: theirs/)).toBeTruthy());
    expect(field("Room name").value).toBe("renamed-2");
    await press("Cancel");
    expect(field("Room name").value).toBe("theirs");
  });

  it("says at the field that a name is taken", async () => {
    await open("admin");
    changeRoom.mockResolvedValue(conflict);
    await userEvent.type(field("Room name"), "2");
    await press("Save");
    await waitFor(() => expect(field("Room name").ariaInvalid ?? field("Room name").getAttribute("aria-invalid")).toBe("true"));
    expect(screen.getByText("A room with this name exists. Try another.")).toBeTruthy();
    expect(document.activeElement).toBe(field("Room name"));
    await userEvent.clear(field("Room name"));
    await press("Save");
    expect(screen.getByText("Enter a name.")).toBeTruthy();
    expect(changeRoom).toHaveBeenCalledOnce();
  });

  it("can only be read by who may not change them, but for the own notices", async () => {
    await open("member");
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.getByText("Owners and admins of the room can change this.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Delete room" }).ariaDisabled ?? "true").toBe("true");
    await userEvent.click(screen.getByRole("radio", { name: "Mentions" }));
    expect(setLevel).toHaveBeenCalledWith(room(1), "mentions");
    page.server.setLevel(room(1), "mentions");
    await page.tell();
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>("radio", { name: "Mentions" }).checked).toBe(true));
  });

  it("do not let the last owner go, and say what would", async () => {
    await open("owner");
    removeMember.mockResolvedValue(conflict);
    await press("Leave room");
    await userEvent.click(screen.getAllByRole("button", { name: "Leave room", hidden: true }).at(-1) ?? document.body);
    expect(removeMember).toHaveBeenCalledWith(room(1), memberOf(me.id, "owner"));
    expect((await screen.findByText(/A room needs an owner/)).textContent).toContain("Make somebody else owner first");
    expect(currentPath()).toBe(`/room/${room(1)}/settings`);
  });

  it("lead out of the room at once", async () => {
    await open("member");
    removeMember.mockResolvedValue(ok("ok"));
    await press("Leave room");
    await userEvent.click(screen.getAllByRole("button", { name: "Leave room", hidden: true }).at(-1) ?? document.body);
    await waitFor(() => expect(screen.getByText("gone"), "before any event").toBeTruthy());
    expect(currentPath()).toBe("/");
  });

  it("delete the room for who types its name", async () => {
    await open("owner");
    deleteRoom.mockResolvedValue(ok("ok"));
    await press("Delete room");
    expect(await screen.findByText(/messages go with it/), "it says how much").toBeTruthy();
    const last = () => screen.getAllByRole("button", { name: "Delete room", hidden: true }).at(-1) ?? document.body;
    await userEvent.click(last());
    expect(deleteRoom).not.toHaveBeenCalled();
    await userEvent.type(field("Type room-1 to confirm"), "room-1");
    await userEvent.click(last());
    await waitFor(() => expect(screen.getByText("gone")).toBeTruthy());
    expect(deleteRoom).toHaveBeenCalledWith(room(1));
  });
});
