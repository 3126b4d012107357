import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { useState } from "preact/hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../../api/http";
import type { Suggestion, UserId } from "../../../api/shapes";
import type { Calls } from "../../../api/calls";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { useChat } from "../chat_services";
import { MessageBox } from "./message_box";

const sent = vi.fn<(text: string) => void>();
const escaped = vi.fn<() => void>();

function Box() {
  const found = useChat().chat.state.value.rooms.get(room(1));
  const [text, setText] = useState("");
  if (found?.state == null) return null;
  return (
    <MessageBox
      room={{ ...found, state: found.state }}
      id="box"
      label="Message"
      value={text}
      onInput={setText}
      onSend={() => sent(text)}
      onEscape={escaped}
    />
  );
}

const ok = <T,>(value: T): Answer<T> => ({ ok: true, value, status: 200, total: null, goesOn: false });
const person = (id: UserId, username: string, displayName = ""): Suggestion => ({ id, username, displayName });

describe("names behind an @", () => {
  const findUsers = vi.fn<Calls["findUsers"]>();
  const members = vi.fn<Calls["members"]>();
  let page: ChatOnPage;

  const member = (no: number, username: string, displayName = "") => {
    const id = user(no);
    const found = page.server.membersOf(room(1)).find((each) => each.user === id);
    if (found === undefined) throw new Error("no member");
    return { ...found, username, displayName };
  };

  beforeEach(async () => {
    localStorage.clear();
    sent.mockReset();
    escaped.mockReset();
    findUsers.mockReset().mockResolvedValue(ok([]));
    page = new ChatOnPage({ findUsers, members });
    page.server.createRoom(1, [me.id, user(2), user(3), user(4)]);
    members.mockReset().mockImplementation(() =>
      Promise.resolve(ok([member(1, "olga"), member(2, "marta", "Marta Ruiz"), member(3, "denis", "Денис Орлов"), member(4, "chen", "陈雨")])),
    );
    await page.enter();
    page.services.chat.wantMembers(room(1));
    await page.clock.pass(1_000);
    await import("./proposal_list");
    page.render(<Box />);
    box().focus();
  });
  afterEach(cleanup);

  const box = () => screen.getByRole<HTMLTextAreaElement>("textbox");
  const type = (text: string) => userEvent.type(box(), text, { skipClick: true });
  /** Until the server is asked. */
  const asked = (query: string) =>
    waitFor(async () => {
      await page.clock.pass(150);
      expect(findUsers).toHaveBeenLastCalledWith(query);
    });
  const options = () => screen.queryAllByRole("option").map((each) => each.textContent);
  const shown = () =>
    screen.queryAllByRole("option").map((option) => [...option.children].map(({ textContent }) => textContent).find((text) => text.startsWith("@"))?.slice(1));
  const expectShown = (wanted: readonly string[]) => waitFor(() => expect(shown()).toEqual(wanted));
  /** In which a list that is loaded comes, and asks. */
  const frames = async () => {
    for (let frame = 0; frame < 5; ++frame) await new Promise(requestAnimationFrame);
  };
  const expectNone = async (text = "") => {
    await frames();
    expect(options(), text).toEqual([]);
  };
  const active = () => document.getElementById(box().getAttribute("aria-activedescendant") ?? "")?.textContent;

  it("are the members' at once, oneself excepted, and those first who spoke last; then all, and who is here", async () => {
    page.server.post(room(1), user(2), "one");
    page.server.post(room(1), user(4), "two");
    await page.tell();
    await page.services.chat.logOf(room(1)).open(0);
    await type("hi @");
    await expectShown(["chen", "marta", "denis", "all", "here"]);
    expect(findUsers).not.toHaveBeenCalled();
  });

  it.each([
    ["@mar", ["marta"]],
    ["@rui", ["marta"]],
    ["@Ден", ["denis"]],
    ["@陈", ["chen"]],
    ["@вут", ["denis"]],
    ["@al", ["all"]],
  ])("are found by both of a person's names, in any script, and on the other keyboard: %s", async (typed, wanted) => {
    await type(typed);
    await expectShown(wanted);
  });

  it("are taken by Enter, and only the next Enter sends", async () => {
    await type("hi @mar");
    await screen.findByRole("option");
    await type("{Enter}");
    expect(box().value).toBe("hi @marta ");
    expect(sent).not.toHaveBeenCalled();
    await type("there{Enter}");
    expect(sent).toHaveBeenCalledExactlyOnceWith("hi @marta there");
  });

  it("are taken by Tab, after the arrows have chosen", async () => {
    await type("@");
    await waitFor(() => expect(active()).toContain("@marta"));
    await type("{ArrowDown}");
    expect(active()).toContain("@denis");
    expect(screen.getByRole("option", { selected: true }).textContent).toBe(active());
    await userEvent.tab();
    expect(box().value).toBe("@denis ");
    expect(document.activeElement).toBe(box());
  });

  it("are taken by a press, amid what stands there", async () => {
    fireEvent.input(box(), { target: { value: "ask @ma about it" } });
    box().setSelectionRange(7, 7);
    fireEvent.keyUp(box(), { key: "ArrowLeft" });
    await userEvent.click(await screen.findByRole("option", { name: /Marta/ }));
    expect(box().value).toBe("ask @marta about it");
  });

  it("go on Escape until another name is begun, and only the next Escape is the box's", async () => {
    await type("@m");
    await screen.findByRole("option");
    await type("{Escape}");
    await expectNone();
    expect(escaped).not.toHaveBeenCalled();
    await type("a");
    await expectNone();
    await type("{Escape}");
    expect(escaped).toHaveBeenCalledOnce();
    await type(" @m");
    await expectShown(["marta"]);
  });

  it("stand in no list where code, an address or nothing is written", async () => {
    for (const text of ["```js{Shift>}{Enter}{/Shift}@m", "bob@m", "@m ", "@zzz"]) {
      await userEvent.clear(box());
      await type(text);
      await expectNone(text);
    }
    await type("{Enter}");
    expect(sent).toHaveBeenCalledExactlyOnceWith("@zzz");
  });

  it("are the server's, too, after a pause in typing; of those it says that they are not in the room", async () => {
    findUsers.mockResolvedValue(ok([person(user(2), "marta", "Marta Ruiz"), person(user(9), "marius"), person(me.id, "omar")]));
    await type("@ma");
    expect(findUsers).not.toHaveBeenCalled();
    await asked("ma");
    await expectShown(["marta", "marius"]);
    expect(options()[1]).toContain("not in this room");
    await type("{ArrowDown}{Enter}");
    expect(box().value).toBe("@marius ");
  });

  it("are not those of a question that is answered too late", async () => {
    const answers: ((found: Answer<readonly Suggestion[]>) => void)[] = [];
    findUsers.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    await type("@p");
    await asked("p");
    await type("r");
    await asked("pr");
    answers[1]?.(ok([person(user(8), "priya")]));
    await expectShown(["priya"]);
    answers[0]?.(ok([person(user(7), "prague")]));
    await page.clock.pass(200);
    await expectShown(["priya"]);
  });

  it("offer all and here only to who may use them", async () => {
    const settings = page.server.rooms.get(room(1));
    if (settings === undefined) throw new Error("no room");
    settings.state = { ...settings.state, mentionAllBy: "owners" };
    page.server.rename(room(1), "general");
    await page.tell();
    await type("@");
    await expectShown(["marta", "denis", "chen"]);
    await userEvent.clear(box());
    page.server.setRole(room(1), me.id, "owner");
    await page.tell();
    await type("@");
    await expectShown(["marta", "denis", "chen", "all", "here"]);
  });

  it("begin by a press on the button, too", async () => {
    await type("thanks");
    await userEvent.click(screen.getByRole("button", { name: "Mention someone" }));
    expect(box().value).toBe("thanks @");
    await waitFor(() => expect(shown()).toContain("marta"));
    expect(document.activeElement).toBe(box());
  });

  it("are emoji behind a colon, by the code that others know them by", async () => {
    await type("hooray :tad");
    await screen.findByRole("option", { name: /:tada:/ });
    await type("{Enter}");
    expect(box().value).toBe("hooray 🎉 ");
    await type("at 10:30 :D ");
    await expectNone();
    await userEvent.clear(box());
    await type(":thumb");
    await waitFor(() => expect(options()[0]).toContain("👍"));
    await type("{Escape}");
    await expectNone();
  });
});
