import { cleanup, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { options } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, Refusal } from "../../../api/http";
import type { Message, RoomId } from "../../../api/shapes";
import { editOf } from "../../../model/drafts";
import { ChatOnPage } from "../../../testing/chat";
import { refused } from "../../../testing/page";
import { me } from "../../../testing/server";
import { messageId, user } from "../../../testing/shapes";
import { toasts } from "../../../ui/toast";
import { RoomLogView } from "./room_log_view";

const [bob, carol] = [user(2), user(3)];

let page: ChatOnPage;
let id: RoomId;

const ok = <T,>(value: T): Answer<T> => ({ ok: true, value, status: 200, total: null, goesOn: false });

beforeEach(() => {
  localStorage.clear();
  page = new ChatOnPage();
  id = page.server.createRoom(1, [me.id, bob, carol]);
  // One screen, in which all has its place.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
});
afterEach(() => {
  cleanup();
  toasts.end();
});

async function show(): Promise<void> {
  await page.enter();
  const room = page.services.chat.state.value.rooms.get(id);
  if (room?.state == null) throw new Error("The room is not there.");
  page.services.desk.look(id);
  page.render(<RoomLogView room={{ ...room, state: room.state }} />);
  await page.clock.pass(100);
}

const rows = () => screen.queryAllByRole("article");
const row = (words: string): HTMLElement => {
  const found = rows().find((each) => each.textContent.includes(words));
  if (found === undefined) throw new Error(`No message says ${words}.`);
  return found;
};
const posted = (words: string, sender = me.id): Message => {
  const message = page.server.post(id, sender, words);
  if (message === null) throw new Error("Not posted.");
  return message;
};

describe("a room's new name", () => {
  it("is told with the one who gave it", async () => {
    page.server.rename(id, "tiles");
    await show();
    page.services.chat.wantMembers(id);
    await page.clock.pass(1_000);
    const told = [...document.querySelectorAll(".system")].at(-1)?.textContent;
    expect(told).toMatch(/^Olga Sokolova renamed the room from #.* to #tiles/);
  });
});

describe("messages", () => {
  it("show as text what would be a page's own code", async () => {
    const nasty = '<img src=x onerror=alert(1)> <script>alert(2)</script> [here](javascript:alert(3)) **<b>bold</b>**';
    posted(nasty, bob);
    await show();
    const shown = row("onerror");
    expect(shown.querySelector("img, script, b, a")).toBe(null);
    expect(shown.textContent).toContain("<script>alert(2)</script> [here](javascript:alert(3)) <b>bold</b>");
  });

  it("say who, when, and that one is meant", async () => {
    page.server.post(id, bob, "hi @olga", { mentions: [me.id] });
    await show();
    expect(row("hi").getAttribute("aria-label")).toMatch(/^user-02, \d\d:\d\d, mentions you$/);
    expect(row("hi").querySelector(".at-me")?.textContent).toBe("@olga");
  });

  it("are not rendered again while people type, come and go, and others' messages change", async () => {
    const first = posted("first", bob);
    posted("second", carol);
    await show();
    const rendered = new Set<unknown>();
    const diffed = options.diffed?.bind(options);
    options.diffed = (vnode) => {
      if (vnode.type === "article") rendered.add(Reflect.get(vnode.props, "id"));
      diffed?.(vnode);
    };
    page.sockets.say({ type: "typing", room: { $oid: id }, user: { $oid: bob } });
    page.sockets.say({ type: "presence", user: { $oid: carol }, status: "online" });
    page.server.edit(id, first.id, "first, edited");
    await page.tell();
    await waitFor(() => expect(row("first, edited")).toBeDefined());
    if (diffed === undefined) delete options.diffed;
    else options.diffed = diffed;
    expect([...rendered]).toEqual([row("first, edited").id]);
  });

  it("are folded where they are longer than a screen", async () => {
    posted(Array.from({ length: 60 }, (_, line) => `line-${line};`).join("\n"), bob);
    await show();
    expect(row("line-0;").textContent).not.toContain("line-59;");
    await userEvent.click(screen.getByRole("button", { name: "Show all" }));
    expect(row("line-0;").textContent).toContain("line-59;");
  });
});

describe("what was unread on entering", () => {
  it("begins below a line, is read where its end is seen, and the line stays", async () => {
    posted("old");
    posted("new one", bob);
    await show();
    const line = screen.getByRole("heading", { name: "New" });
    expect(line.nextElementSibling).toBe(row("new one"));
    await page.clock.pass(100);
    expect(page.api.asked).toContain(`PUT /api/rooms/${id}/read`);
    posted("another", bob);
    await page.tell();
    expect(screen.getByRole("heading", { name: "New" }).nextElementSibling).toBe(row("new one"));
  });

  it("is not read while somebody looks elsewhere; then the line goes before what comes", async () => {
    posted("old");
    await show();
    page.services.desk.look(null);
    posted("missed", bob);
    await page.tell();
    expect(page.api.asked).not.toContain(`PUT /api/rooms/${id}/read`);
    expect(screen.getByRole("heading", { name: "New" }).nextElementSibling).toBe(row("missed"));
    page.services.desk.look(id);
    await page.clock.pass(50);
    expect(page.api.asked).toContain(`PUT /api/rooms/${id}/read`);
  });
});

describe("the keys of a message", () => {
  it("go on and back, and behind the last one to the box to write in", async () => {
    for (const words of ["one", "two", "three"]) posted(words, bob);
    await show();
    row("three").focus();
    await userEvent.keyboard("{ArrowUp}k");
    expect(document.activeElement).toBe(row("one"));
    await userEvent.keyboard("j");
    expect(document.activeElement).toBe(row("two"));
    expect(rows().filter((each) => each.tabIndex === 0)).toEqual([row("two")]);
  });

  it("reply, and edit one's own alone", async () => {
    const theirs = posted("theirs", bob);
    const mine = posted("mine");
    await show();
    row("theirs").focus();
    await userEvent.keyboard("er");
    expect(page.services.desk.editing.value).toBe(null);
    expect(page.services.drafts.get(id).replyTo).toBe(theirs.id);
    row("mine").focus();
    await userEvent.keyboard("e");
    expect(page.services.desk.editing.value).toBe(mine.id);
  });

  it("are only those without letters for whom has switched these off", async () => {
    posted("one", bob);
    page.session.begin({ ...me, settings: { single_letter_keys: false } });
    await show();
    row("one").focus();
    await userEvent.keyboard("r");
    expect(page.services.drafts.get(id).replyTo).toBe(null);
    await userEvent.keyboard("{Enter}");
    expect(screen.getByRole("menuitem", { name: "Reply" })).toBeDefined();
  });

  it("delete, go on to the next message, and can be taken back in the row", async () => {
    posted("mine");
    posted("after", bob);
    await show();
    row("mine").focus();
    await userEvent.keyboard("{Delete}");
    expect(document.activeElement).toBe(row("after"));
    await userEvent.click(within(row("Message deleted")).getByRole("button", { name: "Undo" }));
    expect(row("mine")).toBeDefined();
    expect(page.api.asked.filter((call) => call.startsWith("DELETE"))).toEqual([]);
  });

  it("do not delete what is not one's own", async () => {
    posted("theirs", bob);
    await show();
    row("theirs").focus();
    await userEvent.keyboard("{Delete}");
    expect(row("theirs")).toBeDefined();
  });
});

describe("an edit in place", () => {
  const edit = async (answer: () => Promise<Answer<Message>>) => {
    page = new ChatOnPage({ edit: answer });
    id = page.server.createRoom(1, [me.id, bob, carol]);
    const message = posted("as it was");
    await show();
    page.services.desk.edit(message.id);
    const box = await screen.findByRole("textbox", { name: "Edit the message" });
    await userEvent.type(box, " and more{Enter}");
    await page.clock.pass(50);
    return message;
  };

  it("keeps what was typed where the server refuses it, and says why", async () => {
    const message = await edit(() => Promise.resolve({ ok: false, refusal: refused(400, "Bad parameter", "The text is wrong.") }));
    expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("as it was and more");
    expect(screen.getByText("The text is wrong.").closest("[role=alert]")).not.toBe(null);
    expect(page.services.drafts.get(editOf(message.id)).text).toBe("as it was and more");
    await userEvent.type(screen.getByRole("textbox"), "{Escape}");
    expect(screen.queryByRole("textbox")).toBe(null);
    expect(page.services.drafts.get(editOf(message.id)).text).toBe("");
  });

  it("is shown at once when it is taken, and the focus is where it was", async () => {
    await edit(() => Promise.resolve(ok({ ...posted("x"), seq: 5, id: messageId(1), text: "as it was and more", edited: 1 })));
    expect(screen.queryByRole("textbox")).toBe(null);
    expect(row("as it was and more")).toBeDefined();
  });
});

describe("a message on its way", () => {
  it("says so after a second, and why it was refused; discarded it can be written on", async () => {
    let answer: (refusal: Answer<Message>) => void = () => undefined;
    page = new ChatOnPage({ post: () => new Promise((resolve) => (answer = resolve)) });
    id = page.server.createRoom(1, [me.id, bob, carol]);
    await show();
    void page.services.chat.outbox.add({ room: id, text: "precious", replyTo: null });
    await page.clock.pass(900);
    expect(row("precious").textContent).not.toContain("Sending…");
    await page.clock.pass(200);
    expect(row("precious").textContent).toContain("Sending…");
    answer({ ok: false, refusal: refused(403, "Permission Denied", "Guests can only read.") });
    await page.clock.pass(50);
    expect(row("precious").textContent).toContain("Not sent. You may not do this.");
    await userEvent.click(within(row("precious")).getByRole("button", { name: "Discard" }));
    expect(rows()).toEqual([]);
    toasts.undo();
    expect(page.services.drafts.get(id).text).toBe("precious");
  });
});

describe("for who listens", () => {
  it("a message is said, and several that come within a second are a number", async () => {
    posted("before", bob);
    await show();
    const log = screen.getByRole("log");
    expect(log.textContent).toBe("");
    posted("hello", bob);
    await page.tell();
    expect(log.lastElementChild?.textContent).toBe("user-02: hello");
    for (const words of ["a", "b", "c"]) posted(words, carol);
    await page.tell();
    expect(log.lastElementChild?.textContent).toBe("user-02: hello");
    await page.clock.pass(1_000);
    expect(log.lastElementChild?.textContent).toBe("3 new messages");
  });
});

describe("where messages cannot be read", () => {
  async function refuse(refusal: Refusal): Promise<void> {
    posted("there", bob);
    await page.enter();
    const room = page.services.chat.state.value.rooms.get(id);
    if (room?.state == null) throw new Error("The room is not there.");
    page.api.refusal = refusal;
    page.render(<RoomLogView room={{ ...room, state: room.state }} />);
    await page.clock.pass(100);
    expect(screen.getByText(/Messages could not be read/)).toBeDefined();
  }

  it("reads them by itself when the server has asked for patience, and as often as it does", async () => {
    const beAsPatient = async () => {
      await waitFor(() => expect(page.clock.waiting()).toContain(5_000));
      await page.clock.pass(5_000);
    };
    await refuse(refused(503, "Overloaded", "Wait.", 5));
    await beAsPatient();
    expect(screen.getByText(/Messages could not be read/)).toBeDefined();
    page.api.refusal = null;
    await beAsPatient();
    expect(row("there")).toBeDefined();
  });

  it("says why, and reads them on a press", async () => {
    await refuse({ kind: "unreachable" });
    page.api.refusal = null;
    await userEvent.click(screen.getByRole("button", { name: "Retry" }));
    await page.clock.pass(100);
    expect(row("there")).toBeDefined();
  });
});
