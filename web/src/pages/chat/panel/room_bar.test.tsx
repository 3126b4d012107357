import { cleanup, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../../api/calls";
import { currentPath, followLinks, go, route } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { useChat } from "../chat_services";
import { panelShown } from "./panel_state";
import { ProfileCard } from "./profile_card";
import { RoomBar } from "./room_bar";

const [bob, carol] = [user(2), user(3)];
followLinks(); // Back leads to pages
afterEach(cleanup);

function Page() {
  const at = route.value;
  const { rooms } = useChat().chat.state.value;
  const found = at.page === "room" ? rooms.get(at.room) : undefined;
  if (found?.state == null || at.page !== "room") return null;
  const shown = { ...found, state: found.state };
  return (
    <>
      <RoomBar room={shown} panel={panelShown(found.state.kind, at.panel)} />
      <ProfileCard room={shown} />
    </>
  );
}

describe("the bar of a room", () => {
  const lastSeen = vi.fn<Calls["lastSeen"]>();

  async function open(no: number) {
    lastSeen.mockReset().mockResolvedValue({ ok: false, refusal: { kind: "unreachable" } });
    const page = new ChatOnPage({ lastSeen });
    page.server.createRoom(1, [me.id, bob]);
    page.server.createRoom(2, [me.id, bob]);
    page.server.createRoom(3, [me.id, bob], "direct");
    page.server.createRoom(4, [me.id, bob, carol], "direct");
    await page.enter();
    page.services.chat.wantMembers(room(1));
    await page.clock.pass(1_000);
    go({ page: "room", room: room(no) });
    page.render(<Page />);
    return page;
  }

  it("leads back with what is for one elsewhere, not here", async () => {
    const page = await open(1);
    const back = () => screen.getByRole("link", { name: /^All rooms/ }).textContent;
    expect(back()).toBe("All rooms");
    for (const no of [1, 2]) page.server.post(room(no), bob, "@olga", { mentions: [me.id] });
    page.server.post(room(3), bob, "hi");
    await page.tell();
    await waitFor(() => expect(back()).toBe("All rooms, 2 for you2"));
  });

  it("opens and closes the members by their address, and Back leaves no step of it behind", async () => {
    await open(1);
    const button = screen.getByRole("button", { name: /^Members/ });
    expect([button.textContent, button.ariaExpanded ?? button.getAttribute("aria-expanded")]).toEqual(["Members 2", "false"]);
    const steps = history.length;
    await userEvent.click(button);
    expect(currentPath()).toBe(`/room/${room(1)}/members`);
    await waitFor(() => expect(button.getAttribute("aria-expanded")).toBe("true"));
    await userEvent.click(button);
    await waitFor(() => expect(currentPath()).toBe(`/room/${room(1)}`));
    await userEvent.click(button);
    await waitFor(() => expect(currentPath()).toBe(`/room/${room(1)}/members`));
    expect(history.length).toBe(steps + 1);
  });

  it("shows the whole topic with its links on a press", async () => {
    const page = await open(1);
    expect(screen.queryByRole("button", { name: /^Topic/ })).toBeNull();
    const known = page.server.rooms.get(room(1));
    if (known !== undefined) known.state = { ...known.state, topic: "see https://a.example <b>x</b>" };
    page.server.rename(room(1), "tiles");
    await page.tell();
    await userEvent.click(await screen.findByRole("button", { name: /^Topic: see/ }));
    const dialog = within(screen.getByRole("dialog", { hidden: true }));
    expect(dialog.getByRole("link", { hidden: true }).getAttribute("href")).toBe("https://a.example/");
    expect(dialog.getByText(/<b>x<\/b>/)).toBeTruthy();
  });

  it("of a talk between two says who that is and when he was last here", async () => {
    const page = await open(3);
    const hours = 3 * 3_600_000;
    lastSeen.mockResolvedValue({ ok: true, value: [page.clock.now() - hours], status: 200, total: null, goesOn: false });
    expect(screen.queryByRole("button", { name: /^Members/ }), "there is nobody else").toBeNull();
    page.sockets.say({ type: "presence", user: { $oid: bob }, status: "online" });
    expect(await screen.findByText("Online")).toBeTruthy();
    page.sockets.say({ type: "presence", user: { $oid: bob }, status: "offline" });
    await page.clock.pass(50);
    expect(await screen.findByText("Last seen 3 hr. ago")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "user-02" }));
    expect(screen.getByRole("dialog", { hidden: true }).textContent).toContain("@user-02");
  });

  it("of a talk between several names them, and lists them on demand", async () => {
    await open(4);
    expect(screen.getByRole("heading", { level: 1, name: "user-02, user-03" })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: /^Members/ }));
    expect(currentPath()).toBe(`/room/${room(4)}/members`);
  });

  it("has a menu with the own level for the room, and no way to delete what is not one's own", async () => {
    await open(1);
    await userEvent.click(screen.getByRole("button", { name: "Room menu" }));
    const chosen = screen.getAllByRole("menuitemradio", { hidden: true }).filter((item) => item.getAttribute("aria-checked") === "true");
    expect(chosen.map((item) => item.textContent)).toEqual(["All messages"]);
    expect(screen.getByRole("menuitem", { name: "Leave room", hidden: true })).toBeTruthy();
    expect(screen.queryByRole("menuitem", { name: "Delete room", hidden: true })).toBeNull();
  });
});
