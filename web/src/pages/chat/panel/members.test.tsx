import { cleanup, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../../api/calls";
import type { Role } from "../../../api/shapes";
import { currentPath, go, route } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { me, memberOf } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { refused } from "../../../testing/page";
import { toasts } from "../../../ui/toast";
import { useChat } from "../chat_services";
import { panelShown } from "./panel_state";
import { ProfileCard } from "./profile_card";
import { RoomPanel } from "./room_panel";

const [bob, carol, dave] = [user(2), user(3), user(4)];

function Page() {
  const found = useChat().chat.state.value.rooms.get(room(1));
  const at = route.value;
  const panel = panelShown("room", at.page === "room" ? at.panel : undefined);
  if (found?.state == null || panel === null) return <p>closed</p>;
  const shown = { ...found, state: found.state };
  return (
    <>
      <RoomPanel room={shown} panel={panel} />
      <ProfileCard room={shown} />
    </>
  );
}

describe("the members of a room", () => {
  const changeRole = vi.fn<Calls["changeRole"]>();
  const removeMember = vi.fn<Calls["removeMember"]>();
  let page: ChatOnPage;

  beforeEach(() => {
    for (const call of [changeRole, removeMember]) call.mockReset().mockResolvedValue({ ok: false, refusal: { kind: "unreachable" } });
  });
  afterEach(() => {
    toasts.undo();
    cleanup();
  });

  async function open(mine: Role, extras = 0) {
    page = new ChatOnPage({ changeRole, removeMember });
    page.server.createRoom(1, [bob, me.id, carol, dave]);
    page.server.setRole(room(1), me.id, mine);
    page.server.setRole(room(1), dave, "owner");
    for (let no = 0; no < extras; ++no) page.server.join(room(1), user(100 + no));
    await page.enter();
    page.services.chat.wantMembers(room(1));
    await page.clock.pass(1_000);
    go({ page: "room", room: room(1), panel: "members" });
    page.render(<Page />);
    await screen.findAllByRole("listitem"); // what the panel shows comes when it is first opened
  }
  const names = () => screen.getAllByRole("listitem").map((row) => row.querySelector("bdi")?.textContent);
  const row = (name: string) => within(screen.getAllByRole("listitem").find((each) => each.textContent.includes(name)) ?? document.body);
  async function menuOf(name: string) {
    await userEvent.click(row(name).getByRole("button", { name: /^Actions/ }));
    return screen.getAllByRole("menuitem", { hidden: true }).map((item) => item.textContent);
  }
  const choose = (name: string) => userEvent.click(screen.getByRole("menuitem", { name, hidden: true }));

  it("stand in groups by role, those online first, and nobody moves while the pointer is among them", async () => {
    await open("member");
    expect(screen.getAllByRole("heading", { level: 3 }).map((head) => head.textContent)).toEqual(["Owners, 1", "Members, 3"]);
    expect(names()).toEqual(["user-04", "user-01", "user-02", "user-03"]);
    await userEvent.hover(row("user-03").getByText("user-03"));
    page.sockets.say({ type: "presence", user: { $oid: carol }, status: "online" });
    await waitFor(() => expect(row("user-03").getByText(", Online")).toBeTruthy());
    expect(names()).toEqual(["user-04", "user-01", "user-02", "user-03"]);
    await userEvent.unhover(document.querySelector(".people") ?? document.body);
    await waitFor(() => expect(names()).toEqual(["user-04", "user-03", "user-01", "user-02"]));
  });

  it("offers what one may do, and not more", async () => {
    await open("member");
    expect(await menuOf("user-02")).toEqual(["Message", "Profile"]);
    expect(screen.queryByRole("button", { name: "Add people" })).toBeNull();
    cleanup();
    await open("admin");
    expect(await menuOf("user-02")).toEqual(["Message", "Profile", "Make admin", "Make guest", "Remove from room"]);
    await userEvent.keyboard("{Escape}");
    expect(await menuOf("user-04"), "an owner is the owners' affair").toEqual(["Message", "Profile"]);
    cleanup();
    await open("owner");
    expect(await menuOf("user-04")).toEqual(["Message", "Profile", "Make admin", "Make member", "Make guest", "Remove from room"]);
    await userEvent.keyboard("{Escape}");
    expect(await menuOf("user-01"), "oneself").toEqual(["Profile", "Make admin", "Make member", "Make guest"]);
  });

  it("are removed when Undo was not pressed, and not before", async () => {
    await open("owner");
    await menuOf("user-02");
    await choose("Remove from room");
    await waitFor(() => expect(names()).not.toContain("user-02"));
    expect(toasts.shown.value?.text).toContain("Only an owner");
    toasts.undo();
    await waitFor(() => expect(names()).toContain("user-02"));
    expect(removeMember).not.toHaveBeenCalled();

    await menuOf("user-02");
    await choose("Remove from room");
    removeMember.mockResolvedValue({ ok: false, refusal: refused(403, "Permission Denied", "") });
    toasts.end();
    expect(removeMember).toHaveBeenCalledWith(room(1), memberOf(bob, "member"));
    await waitFor(() => expect(names(), "the server has refused it").toContain("user-02"));
    expect(toasts.shown.value?.text).toBe("You may not do this.");
  });

  it("keeps its last owner, and says why", async () => {
    await open("owner");
    changeRole.mockResolvedValue({ ok: false, refusal: refused(409, "Conflict", "") });
    await menuOf("user-04");
    await choose("Make member");
    expect(changeRole).toHaveBeenCalledWith(room(1), memberOf(dave, "owner"), "member");
    await waitFor(() => expect(toasts.shown.value?.text).toContain("A room needs an owner"));
  });

  it("are found by a part of the name once they are many; Escape clears the search before it closes the panel", async () => {
    await open("member");
    expect(screen.queryByRole("searchbox"), "four are seen at a glance").toBeNull();
    cleanup();
    await open("member", 20);
    const field = screen.getByRole("searchbox", { name: "Find a member" });
    await userEvent.type(field, "04");
    await waitFor(() => expect(names()[0]).toBe("user-04"));
    expect(row("user-04").getByText("Owner"), "no group says it now").toBeTruthy();
    await userEvent.type(field, "zzz");
    await waitFor(() => expect(screen.getByText("Nobody called “04zzz” here.")).toBeTruthy());
    await userEvent.keyboard("{Escape}");
    expect(names().length).toBeGreaterThan(10);
    expect(currentPath()).toBe(`/room/${room(1)}/members`);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(currentPath()).toBe(`/room/${room(1)}`));
  });

  it("are in the page only where they are seen, with arrows to all of them from one tab stop", async () => {
    await open("member", 2_000);
    expect(screen.getAllByRole("listitem").length).toBeLessThan(100);
    expect(screen.getByText("Members, 2,003")).toBeTruthy();
    const stops = () => [...document.querySelectorAll<HTMLElement>(".person-open[tabindex='0']")];
    expect(stops()).toHaveLength(1);
    stops()[0]?.focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toContain("user-00");
    await userEvent.keyboard("{End}");
    const last = document.activeElement?.closest("li");
    expect([last?.ariaPosInSet ?? last?.getAttribute("aria-posinset"), last?.getAttribute("aria-setsize")]).toEqual(["2003", "2003"]);
    expect(stops()).toHaveLength(1);
  });

  it("tell who they are in a card", async () => {
    await open("member");
    await userEvent.click(row("user-04").getByRole("button", { name: /^user-04/ }));
    const card = within(screen.getByRole("dialog", { hidden: true }));
    expect(card.getByText("@user-04")).toBeTruthy();
    expect(card.getByText("Owner")).toBeTruthy();
    expect(card.getByRole("button", { name: "Message", hidden: true })).toBeTruthy();
    await userEvent.click(card.getByRole("button", { name: "Close", hidden: true }));
    expect(screen.queryByRole("dialog", { hidden: true })).toBeNull();
  });
});
