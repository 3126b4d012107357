import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Calls } from "../../../api/calls";
import { Drafts } from "../../../model/drafts";
import type { LoadedRoom } from "../../../model/state";
import { ChatOnPage } from "../../../testing/chat";
import { refused } from "../../../testing/page";
import { me } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { useChat } from "../chat_services";
import { Composer } from "./composer";

function Shown({ no }: { readonly no: number }) {
  const found = useChat().chat.state.value.rooms.get(room(no));
  if (found?.state == null) return null;
  const loaded: LoadedRoom = { ...found, state: found.state };
  return <Composer room={loaded} />;
}

const unreachable = { ok: false, refusal: { kind: "unreachable" } } as const;

describe("the composer", () => {
  const post = vi.fn<Calls["post"]>();
  let page: ChatOnPage;

  const begin = async (put?: () => Promise<void>) => {
    page = new ChatOnPage({ post, message: () => Promise.resolve({ ok: false, refusal: refused(404, "", "") }) }, put);
    page.server.createRoom(1, [me.id, user(2), user(3)]);
    await page.enter();
    page.services.chat.wantMembers(room(1));
    await page.clock.pass(1_000);
  };
  const box = () => screen.getByRole<HTMLTextAreaElement>("textbox");
  const open = () => {
    page.render(<Shown no={1} />);
    box().focus();
  };
  const type = (text: string) => userEvent.type(box(), text, { skipClick: true });
  const stored = () => new Drafts(localStorage, page.clock, me.id).get(room(1)).text;
  const waiting = () => page.services.chat.outbox.items.value.map(({ text, replyTo }) => ({ text, replyTo }));

  beforeEach(async () => {
    localStorage.clear();
    post.mockReset().mockResolvedValue(unreachable);
    await begin();
  });
  afterEach(cleanup);

  it("is named after its room", () => {
    open();
    expect(screen.getByRole("textbox", { name: "Message #room-1" })).toBe(box());
  });

  it("sends on Enter and is empty at once; the draft goes when the message is kept", async () => {
    open();
    await type("Good morning{Enter}");
    expect(box().value).toBe("");
    expect(waiting()).toEqual([{ text: "Good morning", replyTo: null }]);
    await waitFor(() => expect(stored()).toBe(""));
  });

  it("breaks the line on Shift Enter", async () => {
    open();
    await type("one{Shift>}{Enter}{/Shift}two");
    expect(box().value).toBe("one\ntwo");
    expect(waiting()).toEqual([]);
  });

  it("breaks the line on Enter and sends on Ctrl Enter for who has chosen so", async () => {
    page.session.begin({ ...me, settings: { enter_sends: false } });
    open();
    expect(screen.getByText(/new line/).textContent).toBe("Ctrl Enter sends · Enter new line");
    await type("one{Enter}two");
    expect(waiting()).toEqual([]);
    await type("{Control>}{Enter}{/Control}");
    expect(waiting()).toEqual([{ text: "one\ntwo", replyTo: null }]);
  });

  it("sends nothing while an input method makes a word", () => {
    open();
    fireEvent.input(box(), { target: { value: "にほん" } });
    fireEvent.keyDown(box(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(box(), { key: "Enter", keyCode: 229 });
    expect(box().value).toBe("にほん");
    fireEvent.keyDown(box(), { key: "Enter" });
    expect(waiting()).toEqual([{ text: "にほん", replyTo: null }]);
  });

  it("sends nothing that is blank", async () => {
    open();
    await type("  {Enter}");
    expect(waiting()).toEqual([]);
    expect(screen.getByRole("button", { name: "Send" }).getAttribute("aria-disabled")).toBe("true");
  });

  it("tells how long a text is when it comes near the limit, and keeps what is over it", () => {
    open();
    fireEvent.input(box(), { target: { value: "a".repeat(15_500) } });
    expect(screen.getByText("15,500 of 16,000 bytes")).toBeTruthy();
    fireEvent.input(box(), { target: { value: "я".repeat(8_002) } });
    expect(screen.getByText("Too long by 2 characters.")).toBeTruthy();
    fireEvent.keyDown(box(), { key: "Enter" });
    expect(waiting()).toEqual([]);
    expect(box().value).toHaveLength(8_002);
    expect(screen.getByRole("alert").textContent).toBe("Too long by 2 characters.");
    fireEvent.input(box(), { target: { value: "я".repeat(8_000) } });
    fireEvent.keyDown(box(), { key: "Enter" });
    expect(waiting()).toHaveLength(1);
  });

  it("keeps what is typed over a reload, and follows other tabs", async () => {
    open();
    await type("half a thought");
    await page.clock.pass(250);
    expect(stored()).toBe("half a thought");
    const other = new Drafts(localStorage, page.clock, me.id);
    other.set(room(1), { text: "half a thought, elsewhere", replyTo: null });
    other.write();
    page.services.desk.takeFromOtherTab(`makechat.draft.${me.id}.${room(1)}`);
    await waitFor(() => expect(box().value).toBe("half a thought, elsewhere"));
  });

  it("keeps the draft until the message is sent where the browser keeps no messages", async () => {
    await begin(() => Promise.reject(new Error("full")));
    let answer: (taken: Awaited<ReturnType<Calls["post"]>>) => void = () => undefined;
    post.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    open();
    await type("Good morning{Enter}");
    expect(box().value).toBe("");
    await page.clock.pass(1_000);
    expect(stored()).toBe("Good morning");
    const message = page.server.post(room(1), me.id, "Good morning");
    if (message === null) throw new Error("not posted");
    answer({ ok: true, value: message, status: 200, total: null, goesOn: false });
    await waitFor(() => expect(stored()).toBe(""));
  });

  it("loses nothing that is typed while the last message is on its way", async () => {
    let keep: () => void = () => undefined;
    await begin(() => new Promise((resolve) => (keep = resolve)));
    open();
    await type("one{Enter}");
    await type("two");
    keep();
    await page.clock.pass(1_000);
    expect(box().value).toBe("two");
    expect(stored()).toBe("two");
  });

  it("lets go of the draft where the browser keeps nothing and the server was quicker than its refusal", async () => {
    let refuse: (why: Error) => void = () => undefined;
    await begin(() => new Promise((_, reject) => (refuse = reject)));
    open();
    await type("one");
    post.mockImplementation(({ text }) => {
      const value = page.server.post(room(1), me.id, text);
      return Promise.resolve(value === null ? unreachable : { ok: true, value, status: 201, total: null, goesOn: false });
    });
    await type("{Enter}");
    await waitFor(() => expect(page.services.chat.outbox.items.value.map(({ sending }) => sending.kind)).toEqual(["sent"]));
    expect(stored()).toBe("one");
    refuse(new DOMException("full", "QuotaExceededError"));
    await waitFor(() => expect(stored()).toBe(""));
  });

  it("takes back a text that was not sent", async () => {
    open();
    await type("and");
    page.services.desk.putBack(room(1), "refused");
    await waitFor(() => expect(box().value).toBe("and\nrefused"));
  });

  it("quotes whom one answers, and Escape or a press takes it back", async () => {
    const asked = page.server.post(room(1), user(2), "Which **ferry** is late?");
    await page.tell();
    await page.services.chat.logOf(room(1)).open(0);
    if (asked === null) throw new Error("not posted");
    open();
    page.services.desk.replyTo(room(1), asked.id);
    expect(await screen.findByText(/Reply to/)).toBeTruthy();
    expect(screen.getByText(/Reply to/).textContent).toBe("Reply to user-02: Which ferry is late?");
    await type("{Escape}");
    await waitFor(() => expect(screen.queryByText(/Reply to/)).toBeNull());
    page.services.desk.replyTo(room(1), asked.id);
    await userEvent.click(await screen.findByRole("button", { name: "Stop replying" }));
    await waitFor(() => expect(screen.queryByText(/Reply to/)).toBeNull());
    page.services.desk.replyTo(room(1), asked.id);
    await screen.findByText(/Reply to/);
    await type("The one to Moss.{Enter}");
    expect(waiting()).toEqual([{ text: "The one to Moss.", replyTo: asked.id }]);
    await waitFor(() => expect(screen.queryByText(/Reply to/)).toBeNull());
  });

  it("says so when the message that is answered was deleted meanwhile", async () => {
    const asked = page.server.post(room(1), user(2), "Which ferry is late?");
    await page.tell();
    await page.services.chat.logOf(room(1)).open(0);
    if (asked === null) throw new Error("not posted");
    page.services.drafts.set(room(1), { text: "", replyTo: asked.id });
    open();
    expect(screen.getByText(/Which ferry/)).toBeTruthy();
    page.server.deleteMessage(room(1), asked.id, user(2));
    await page.tell();
    expect(await screen.findByText("Message deleted")).toBeTruthy();
    expect(screen.queryByText(/Which ferry/)).toBeNull();
  });

  it("leaves on Escape, which is the page's then", () => {
    open();
    expect(fireEvent.keyDown(box(), { key: "Escape" })).toBe(true);
    expect(document.activeElement).not.toBe(box());
  });

  it("edits the last own message on ArrowUp, when it is empty", async () => {
    const mine = page.server.post(room(1), me.id, "The brigde is closed");
    const gone = page.server.post(room(1), me.id, "gone");
    page.server.post(room(1), user(2), "Thanks");
    if (mine === null || gone === null) throw new Error("not posted");
    page.server.deleteMessage(room(1), gone.id, me.id);
    await page.tell();
    await page.services.chat.logOf(room(1)).open(0);
    open();
    await type("x{ArrowUp}");
    expect(page.services.desk.editing.value).toBeNull();
    await type("{Backspace}{ArrowUp}");
    expect(page.services.desk.editing.value).toBe(mine.id);
  });

  it("tells others that one is typing, and shows who else is", async () => {
    open();
    await type("Just a mom");
    expect(page.sockets.sent.filter((frame) => frame.includes("typing"))).toHaveLength(1);
    page.sockets.say({ type: "typing", room: { $oid: room(1) }, user: { $oid: user(2) } });
    expect((await screen.findByText(/is typing/)).textContent).toBe("user-02 is typing…");
    page.sockets.say({ type: "typing", room: { $oid: room(1) }, user: { $oid: user(3) } });
    await page.clock.pass(100);
    expect((await screen.findByText(/are typing/)).textContent).toBe("user-02 and user-03 are typing…");
    await page.clock.pass(10_000);
    await waitFor(() => expect(screen.queryByText(/typing/)).toBeNull());
  });

  it("is a sentence for who may only read", async () => {
    page.server.setRole(room(1), me.id, "guest");
    await page.tell();
    page.render(<Shown no={1} />);
    expect(screen.getByText(/You can only read in this room\./)).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("says it to who was writing just now where his focus was, and has his words again once he may write", async () => {
    open();
    await type("half a thought");
    page.server.setRole(room(1), me.id, "guest");
    await page.tell();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByText(/You can only read in this room\./)));
    page.server.setRole(room(1), me.id, "member");
    await page.tell();
    await waitFor(() => expect(box().value).toBe("half a thought"));
  });
});
