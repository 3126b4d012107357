import { cleanup, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { options } from "preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askAbout } from "../../../about";
import type { Call } from "../../../api/http";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { ChatOnPage } from "../../../testing/chat";
import { Side } from "./side";

const [bob, carol] = [user(2), user(3)];

let page: ChatOnPage;

beforeEach(() => {
  localStorage.clear();
  page = new ChatOnPage();
});
afterEach(cleanup);

const at = (no: number) => ({ page: "room", room: room(no) }) as const;
const links = () => screen.getAllByRole("link").filter((link) => link.dataset["stop"] !== undefined);
const names = () => links().map((link) => link.querySelector(".name")?.textContent);
const linkTo = (name: string) => {
  const found = links().find((link) => link.querySelector(".name")?.textContent === name);
  if (found === undefined) throw new Error(`No link to ${name}`);
  return found;
};

/** A server that tells who makes rooms there. */
const saying =
  (roomsCreatedBy: string): Call =>
  ({ read }) => {
    const value = read({ name: "Halden", version: "1", registration: "open", rooms_created_by: roomsCreatedBy });
    return Promise.resolve({ ok: true, value, status: 200, total: null, goesOn: false });
  };

describe("the list of rooms", () => {
  it("says in words what bold letters, icons and badges show", async () => {
    page.server.createRoom(1, [me.id, bob]);
    page.server.createRoom(2, [me.id, bob]);
    page.server.createRoom(3, [me.id, bob]);
    page.server.post(room(1), bob, "all of you", { mentionsAll: "all" });
    page.server.post(room(1), bob, "and more");
    page.server.setLevel(room(2), "none");
    page.services.drafts.set(room(3), { text: "to be sent", replyTo: null });
    await page.enter();
    page.render(<Side at={{ page: "chat" }} />);
    expect(linkTo("room-1").textContent).toBe("room-1, 2 unread, 1 for you1");
    expect(linkTo("room-1").className).toBe("room unread");
    expect(linkTo("room-2").textContent).toBe("room-2, muted");
    expect(linkTo("room-3").textContent).toBe("room-3, draft");
  });

  it("sorts rooms by name as a person counts, and names the one that is open", async () => {
    for (const no of [10, 2, 1]) page.server.createRoom(no, [me.id]);
    await page.enter();
    page.render(<Side at={at(2)} />);
    expect(names()).toEqual(["room-1", "room-2", "room-10", "Browse rooms"]);
    expect(links().map((link) => link.getAttribute("aria-current"))).toEqual([null, "page", null, null]);
  });

  it("is one tab stop, from which arrows go on", async () => {
    for (const no of [1, 2, 3]) page.server.createRoom(no, [me.id]);
    await page.enter();
    page.render(<Side at={at(2)} />);
    expect(links().filter((link) => link.tabIndex === 0)).toEqual([linkTo("room-2")]);
    linkTo("room-2").focus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    expect(document.activeElement).toBe(linkTo("Browse rooms"));
    await userEvent.keyboard("{Home}");
    expect(document.activeElement).toBe(linkTo("room-1"));
    await waitFor(() => expect(links().filter((link) => link.tabIndex === 0)).toEqual([linkTo("room-1")]));
  });

  it("offers to make a room to who may make one", async () => {
    const offer = () => screen.queryByRole("button", { name: "Create a room" });
    await page.enter();
    page.render(<Side at={{ page: "chat" }} />);
    expect(offer()).not.toBeNull();
    await askAbout(saying("admins"));
    await waitFor(() => expect(offer()).toBeNull());
    await askAbout(saying("everyone"));
    await waitFor(() => expect(offer()).not.toBeNull());
  });

  it("keeps direct rooms where they are while the focus is among them, and sorts them when it leaves", async () => {
    page.server.createRoom(1, [me.id, bob], "direct");
    page.server.post(room(1), bob, "first");
    page.server.createRoom(2, [me.id, carol], "direct");
    page.server.post(room(2), carol, "later");
    await page.enter();
    page.render(<Side at={{ page: "chat" }} />);
    expect(names()).toEqual(["Browse rooms", "user-03", "user-02"]);
    linkTo("user-03").focus();
    page.server.post(room(1), bob, "and now I");
    await page.tell();
    await waitFor(() => expect(linkTo("user-02").className).toBe("room unread"));
    expect(names()).toEqual(["Browse rooms", "user-03", "user-02"]);
    screen.getByRole("button", { name: "Create a room" }).focus();
    await waitFor(() => expect(names()).toEqual(["Browse rooms", "user-02", "user-03"]));
  });

  it("draws one row of 500 anew when something is said in it", async () => {
    for (let no = 1; no <= 500; ++no) page.server.createRoom(no, [me.id, bob]);
    await page.enter();
    page.render(<Side at={at(1)} />);
    const drawn: unknown[] = [];
    const diffed = options.diffed?.bind(options);
    options.diffed = (vnode) => {
      if (vnode.type === "a") drawn.push(Reflect.get(vnode.props, "data-stop"));
      diffed?.(vnode);
    };
    page.server.post(room(321), bob, "news");
    await page.tell();
    await waitFor(() => expect(linkTo("room-321").className).toBe("room unread"));
    if (diffed === undefined) delete options.diffed;
    else options.diffed = diffed;
    expect(drawn.filter((name) => name !== undefined && name !== "browse")).toEqual([room(321)]);
  });
});
