import { cleanup, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import type { ChatRoute } from "../chat";
import { homeRoom, roomListIn } from "./room_list";
import { useTabIcon } from "./tab_icon";
import { useTitle } from "./title";
import { rememberVisit } from "./visits";

const bob = user(2);

let page: ChatOnPage;

beforeEach(async () => {
  localStorage.clear();
  page = new ChatOnPage();
  page.server.createRoom(1, [me.id, bob]);
  page.server.createRoom(2, [me.id, bob], "direct");
  await page.enter();
});

describe("the tab", () => {
  function Tab({ at }: { readonly at: ChatRoute }) {
    useTitle(at);
    useTabIcon(page.services.chat.state);
    return null;
  }
  const icon = document.createElement("link");
  beforeEach(() => {
    icon.rel = "icon";
    icon.href = "/favicon.svg";
    document.head.append(icon);
  });
  afterEach(cleanup);

  it("says where one is, and before that how much is for the reader", async () => {
    page.render(<Tab at={{ page: "room", room: room(1) }} />);
    await waitFor(() => expect(document.title).toBe("#room-1 · Halden Maps"));
    page.server.post(room(1), bob, "not for anybody in particular");
    await page.tell();
    expect(document.title).toBe("#room-1 · Halden Maps");
    page.server.post(room(1), bob, "you", { mentions: [me.id] });
    page.server.post(room(2), bob, "you alone");
    await page.tell();
    await waitFor(() => expect(document.title).toBe("(2) #room-1 · Halden Maps"));
    expect(decodeURIComponent(icon.href)).toContain(">2</text>");
    await page.services.chat.markRead(room(1));
    await page.services.chat.markRead(room(2));
    await waitFor(() => expect(document.title).toBe("#room-1 · Halden Maps"));
    expect(icon.getAttribute("href")).toBe("/favicon.svg");
  });

  it("names a direct room by its people, and takes the count from the icon when one signs out", async () => {
    page.server.post(room(2), bob, "you alone");
    await page.tell();
    const { unmount } = page.render(<Tab at={{ page: "room", room: room(2) }} />);
    await waitFor(() => expect(document.title).toBe("(1) user-02 · Halden Maps"));
    expect(icon.href).toContain("data:");
    unmount();
    await waitFor(() => expect(icon.getAttribute("href")).toBe("/favicon.svg"));
  });
});

describe("where one begins", () => {
  const home = () => homeRoom(page.services.chat.state.value, roomListIn(page.services.chat.state).value);

  it("is the first room, and next time the one where one was last", () => {
    expect(home()).toBe(room(1));
    rememberVisit(me.id, room(2));
    expect(home()).toBe(room(2));
    rememberVisit(me.id, room(1));
    expect(home()).toBe(room(1));
  });

  it("is no room that one has left, nor one of another account", () => {
    rememberVisit(user(9), room(2));
    expect(home()).toBe(room(1));
    rememberVisit(me.id, room(2));
    rememberVisit(me.id, room(77));
    expect(home()).toBe(room(2));
  });
});
