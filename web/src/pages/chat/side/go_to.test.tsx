import { cleanup, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../../api/calls";
import type { Answer } from "../../../api/http";
import type { Room, Suggestion } from "../../../api/shapes";
import { currentPath, go } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { GoTo } from "./go_to";
import { rememberVisit } from "./visits";

const [bob, carol] = [user(2), user(3)];
const done = <T,>(value: T): Promise<Answer<T>> =>
  Promise.resolve({ ok: true, value, status: 200, total: null, goesOn: false });

const other = (no: number, name: string, isOpen: boolean): Room => ({
  id: room(no),
  kind: "room",
  name,
  topic: "",
  isOpen,
  isVisible: true,
  mentionAllBy: "members",
  created: 0,
  members: [],
  membersTotal: 41,
  lastSeq: 0,
});
const direct: Room = { ...other(90, "", false), kind: "direct", name: null };

describe("Go to…", () => {
  let page: ChatOnPage;
  const onClose = vi.fn();
  const found = new Map<string, readonly Suggestion[]>();
  const joined = vi.fn<Calls["join"]>();
  const opened = vi.fn<Calls["openDirectRoom"]>();

  beforeEach(async () => {
    localStorage.clear();
    vi.resetAllMocks();
    found.clear();
    go("/");
    opened.mockImplementation(() => done(direct));
    page = new ChatOnPage({
      visibleRooms: () => done([other(50, "guidelines", true), other(51, "deploy-keys", false)]),
      findUsers: (query) => done(found.get(query) ?? []),
      openDirectRoom: opened,
      join: joined,
    });
    page.server.createRoom(1, [me.id, bob]);
    page.server.createRoom(2, [me.id, bob]);
    page.server.createRoom(3, [me.id, bob], "direct");
    await page.enter();
  });
  afterEach(cleanup);

  async function open() {
    page.render(<GoTo from={room(1)} typed="" onClose={onClose} />);
    await page.clock.pass(10);
  }
  const field = () => screen.getByRole("combobox", { hidden: true });
  const options = () => screen.queryAllByRole("option", { hidden: true }).map((option) => option.textContent);
  const type = (text: string) => userEvent.type(field(), text);
  const haveOptions = (wanted: readonly string[]) =>
    waitFor(async () => {
      await page.clock.pass(300); // people are searched for once the field has stood still
      expect(options()).toEqual(wanted);
    });

  it("offers the rooms with news first, then where one was, and not where one is", async () => {
    page.server.createRoom(4, [me.id]);
    rememberVisit(me.id, room(2));
    page.server.post(room(3), bob, "hi");
    await page.tell();
    await page.clock.pass(2_000);
    await open();
    expect(options().map((text) => /[a-z]+-\d+/.exec(text)?.[0])).toEqual(["user-02", "room-2", "room-4"]);
  });

  it("goes to what was chosen, and leaves", async () => {
    await open();
    await type("room-2{Enter}");
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(currentPath()).toBe(`/room/${room(2)}`);
  });

  it("finds a person of whom nothing was known, and opens a room with her", async () => {
    found.set("dana", [{ id: carol, username: "dana", displayName: "Dana Scott" }]);
    await open();
    await type("dana");
    await haveOptions(["DDana Scott@dana"]);
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(opened).toHaveBeenCalledWith([carol]);
    expect(currentPath()).toBe(`/room/${direct.id}`);
    expect(page.services.chat.state.value.rooms.has(direct.id)).toBe(true);
  });

  it("asks for people also by what was meant on the other keyboard", async () => {
    found.set("dana", [{ id: carol, username: "dana", displayName: "Dana Scott" }]);
    await open();
    await type("вфтф");
    await haveOptions(["DDana Scott@dana"]);
  });

  it("joins an open room, and only shows a private one", async () => {
    joined.mockImplementation(() => Promise.resolve({ ok: false, refusal: { kind: "unreachable" } }));
    await open();
    await type("guide{Enter}");
    await waitFor(() => expect(screen.getByRole("alert", { hidden: true }).textContent).toContain("did not answer"));
    expect(joined).toHaveBeenCalledWith(room(50));
    expect(onClose).not.toHaveBeenCalled();
    await userEvent.clear(field());
    await type("deploy{Enter}");
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(joined).toHaveBeenCalledTimes(1);
    expect(currentPath()).toBe(`/room/${room(51)}`);
  });

  it("says when there is nothing of that name", async () => {
    await open();
    await type("xyz");
    expect(screen.getByRole("status", { hidden: true }).textContent).toBe("No room or person called “xyz”.");
  });
});
