import { cleanup, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../../api/calls";
import { currentPath, go } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { DirectPicker } from "./direct_picker";

afterEach(cleanup);

const people = ["tom", "priya", "henrik"].map((username, index) => ({ id: user(2 + index), username, displayName: "" }));

describe("writing to people", () => {
  const opened = vi.fn<Calls["openDirectRoom"]>();

  async function open() {
    opened.mockReset();
    opened.mockResolvedValue({ ok: false, refusal: { kind: "unreachable" } });
    const findUsers: Calls["findUsers"] = (query) =>
      Promise.resolve({
        ok: true,
        value: people.filter(({ username }) => username.includes(query)),
        status: 200,
        total: null,
        goesOn: false,
      });
    const page = new ChatOnPage({ openDirectRoom: opened, findUsers });
    page.server.createRoom(1, [me.id, user(2)], "direct");
    await page.enter();
    go("/direct");
    page.render(<DirectPicker onClose={() => undefined} />);
    return page;
  }
  const field = () => screen.getByRole("combobox", { hidden: true });
  const start = () => screen.getByRole("button", { name: "Start", hidden: true });
  const chips = () => screen.queryAllByRole("button", { name: /^Remove/, hidden: true }).map((chip) => chip.getAttribute("aria-label"));
  async function choose(page: ChatOnPage, name: string) {
    await userEvent.type(field(), name);
    await waitFor(async () => {
      await page.clock.pass(300); // it is searched for once the field has stood still
      expect(screen.getAllByRole("option", { hidden: true })).toHaveLength(1);
    });
    await userEvent.keyboard("{Enter}");
  }

  it("takes several, takes the last back by Backspace, and starts with the others", async () => {
    const page = await open();
    for (const name of ["priya", "henrik", "tom"]) await choose(page, name);
    expect(chips()).toEqual(["Remove priya", "Remove henrik", "Remove tom"]);
    await userEvent.type(field(), "{Backspace}");
    expect(chips()).toEqual(["Remove priya", "Remove henrik"]);
    await userEvent.click(start());
    expect(opened).toHaveBeenCalledWith([user(3), user(4)]);
    await waitFor(() => expect(screen.getByRole("alert", { hidden: true }).textContent).toContain("did not answer"));
    expect(chips()).toHaveLength(2);
  });

  it("goes to the room that there is already, so that Back does not return to choosing", async () => {
    const page = await open();
    const { length } = history;
    await choose(page, "tom");
    await userEvent.click(start());
    await waitFor(() => expect(currentPath()).toBe(`/room/${room(1)}`));
    expect(opened).not.toHaveBeenCalled();
    expect(history.length).toBe(length);
  });

  it("says why it cannot start with nobody", async () => {
    await open();
    expect(start().getAttribute("aria-disabled")).toBe("true");
    expect(screen.getByText("Choose somebody first.")).not.toBeNull();
  });
});
