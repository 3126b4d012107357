import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { currentPath, go } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import type { ChatRoute } from "../chat";
import { useShortcuts } from "./shortcuts";

const bob = user(2);

function Keys({ at }: { readonly at: ChatRoute }) {
  useShortcuts(at);
  return (
    <>
      <nav id="rooms">
        <a href="/rooms" data-stop="browse" tabIndex={0}>
          Browse
        </a>
      </nav>
      <div id="messages" tabIndex={0}>
        <article tabIndex={0}>A message</article>
      </div>
      <textarea id="composer" aria-label="Message" />
      <button type="button">Elsewhere</button>
    </>
  );
}

describe("keys that work everywhere", () => {
  let page: ChatOnPage;

  beforeEach(async () => {
    // happy-dom lays nothing out: all that is there counts as seen.
    vi.spyOn(Element.prototype, "getClientRects").mockReturnValue(Object.assign([new DOMRect()], { item: () => null }));
    page = new ChatOnPage();
    for (const no of [1, 2, 3]) page.server.createRoom(no, [me.id, bob]);
    page.server.post(room(3), bob, "news");
    await page.enter();
    go({ page: "room", room: room(1) });
    page.render(<Keys at={{ page: "room", room: room(1) }} />);
  });
  afterEach(cleanup);

  const press = (init: KeyboardEventInit, target: Element = document.body) => {
    const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
    target.dispatchEvent(event);
    return event;
  };
  const composer = () => screen.getByRole("textbox");
  const overlay = () => page.services.desk.overlay.value;

  it("open Go to… on a Latin and on a Russian keyboard, from within the message box too", () => {
    expect(press({ key: "л", code: "KeyK", ctrlKey: true }, composer()).defaultPrevented).toBe(true);
    expect(overlay()).toBe("goto");
    page.services.desk.show(null);
    press({ key: "k", code: "KeyK", ctrlKey: true });
    expect(overlay()).toBe("goto");
  });

  it("leave to the browser and the system what is theirs", () => {
    for (const init of [{ shiftKey: true, ctrlKey: true }, { altKey: true, ctrlKey: true }, { metaKey: true }])
      expect(press({ key: "k", code: "KeyK", ...init }).defaultPrevented).toBe(false);
    expect(overlay()).toBeNull();
  });

  it("go to the next room, and to the next with news", () => {
    press({ key: "ArrowDown", altKey: true });
    expect(currentPath()).toBe(`/room/${room(2)}`);
    go({ page: "room", room: room(1) });
    press({ key: "ArrowUp", altKey: true });
    expect(currentPath()).toBe(`/room/${room(3)}`);
    go({ page: "room", room: room(1) });
    press({ key: "ArrowDown", altKey: true, shiftKey: true });
    expect(currentPath()).toBe(`/room/${room(3)}`);
  });

  it("do nothing while a dialog is open", () => {
    render(<dialog open>A question</dialog>);
    press({ key: "k", code: "KeyK", ctrlKey: true });
    press({ key: "a", code: "KeyA" });
    expect(overlay()).toBeNull();
    expect(document.activeElement).not.toBe(composer());
  });

  it("mark the room read and show its end by Esc, unless somebody else took the press", async () => {
    const before = page.services.desk.endWanted.value;
    const taken = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    taken.preventDefault();
    document.body.dispatchEvent(taken);
    expect(page.services.desk.endWanted.value).toBe(before);
    page.server.post(room(1), bob, "unread");
    await page.tell();
    press({ key: "Escape" });
    expect(page.services.desk.endWanted.value).toBe(before + 1);
    expect(page.api.asked).toContain(`PUT /api/rooms/${room(1)}/read`);
  });

  it("take a letter to the message box, but not from a message while letters are its keys", async () => {
    screen.getByRole("article").focus();
    await userEvent.keyboard("r");
    expect(document.activeElement).toBe(screen.getByRole("article"));
    screen.getByRole("button").focus();
    press({ key: "ы", code: "KeyS" }, screen.getByRole("button"));
    expect(document.activeElement).toBe(composer());
  });

  it("go round the parts of the page by F6", () => {
    const stopAfter = (shiftKey: boolean) => {
      press({ key: "F6", shiftKey }, document.activeElement ?? document.body);
      return document.activeElement;
    };
    expect(stopAfter(false)).toBe(screen.getByRole("link"));
    expect(stopAfter(false)).toBe(screen.getByRole("article"));
    expect(stopAfter(false)).toBe(composer());
    expect(stopAfter(false)).toBe(screen.getByRole("link"));
    expect(stopAfter(true)).toBe(composer());
  });
});
