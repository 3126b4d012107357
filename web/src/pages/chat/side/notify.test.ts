import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it } from "vitest";
import type { RoomId } from "../../../api/shapes";
import { FakeLocks } from "../../../testing/fake_locks";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import type { Naming } from "../../../testing/server";
import { room, user } from "../../../testing/shapes";
import { Notifier } from "./notify";
import type { Notice } from "./notify";

const bob = user(2);

describe("notices", () => {
  let page: ChatOnPage;
  let browser: FakeLocks;
  let isOn: boolean;
  let gone: string[];
  const wentTo: { room: RoomId; seq: number }[] = [];

  beforeEach(async () => {
    page = new ChatOnPage();
    page.server.createRoom(1, [me.id, bob]);
    page.server.createRoom(2, [me.id, bob], "direct");
    await page.enter();
    browser = new FakeLocks();
    isOn = true;
    gone = [];
    wentTo.length = 0;
  });

  /** One tab of the browser, all of which are told the same. */
  function openTab(inView: RoomId | null = null) {
    const shown: Notice[] = [];
    const lookedAt = signal(inView);
    const locks = browser.tab();
    const notifier = new Notifier({
      state: page.services.chat.state,
      clock: page.clock,
      locks,
      lookedAt,
      isOn: () => isOn,
      show: (notice) => {
        shown.push(notice);
        return () => gone.push(notice.tag);
      },
      goTo: (id, seq) => wentTo.push({ room: id, seq }),
    });
    const stop = notifier.start();
    const close = () => {
      stop();
      locks.close();
    };
    return { shown, lookedAt, notifier, close };
  }
  type Tab = ReturnType<typeof openTab>;

  async function say(tabs: readonly Tab[], no: number, text: string, naming: Naming = {}) {
    const message = page.server.post(room(no), bob, text, naming);
    await page.tell();
    const inChat = page.services.chat.state.value.rooms.get(room(no));
    if (message === null || inChat === undefined) throw new Error("nothing was said");
    for (const { notifier } of tabs) notifier.heard(message, inChat);
    return message;
  }
  const forMe: Naming = { mentions: [me.id] };

  it("are given for what names the reader and for direct messages", async () => {
    const tab = openTab();
    await say([tab], 1, "nobody in particular");
    await page.clock.pass(1_000);
    expect(tab.shown).toEqual([]);
    await say([tab], 1, "look, @olga", forMe);
    await say([tab], 2, "hi");
    await page.clock.pass(1_000);
    expect(tab.shown.map(({ title, body }) => ({ title, body }))).toEqual([
      { title: "user-02 in #room-1", body: "look, @olga" },
      { title: "user-02", body: "hi" },
    ]);
  });

  it("lead to the message", async () => {
    const tab = openTab();
    const { seq } = await say([tab], 1, "you", forMe);
    await page.clock.pass(1_000);
    tab.shown[0]?.press();
    expect(wentTo).toEqual([{ room: room(1), seq }]);
  });

  it("are one for each room, however much is said at once", async () => {
    const tab = openTab();
    for (const text of ["one", "two", "three"]) await say([tab], 2, text);
    await page.clock.pass(1_000);
    expect(tab.shown.map(({ tag, body }) => [tag, body])).toEqual([[`makechat-${room(2)}`, "three"]]);
  });

  it("are cut to a length that can be read", async () => {
    const tab = openTab();
    await say([tab], 2, "word ".repeat(3_000));
    await page.clock.pass(1_000);
    expect(tab.shown[0]?.body.length).toBeLessThanOrEqual(181);
    expect(tab.shown[0]?.body.endsWith("…")).toBe(true);
  });

  it("keep silent when they are off, and in rooms where nothing is wanted", async () => {
    const tab = openTab();
    page.server.setLevel(room(2), "none");
    await page.tell();
    await say([tab], 2, "hi");
    isOn = false;
    await say([tab], 1, "you", forMe);
    await page.clock.pass(1_000);
    expect(tab.shown).toEqual([]);
  });

  it("are not given of the room that is in view, in this tab or in another", async () => {
    const [here, there] = [openTab(room(1)), openTab()];
    await say([here, there], 1, "you", forMe);
    await page.clock.pass(1_000);
    expect([here.shown, there.shown]).toEqual([[], []]);
    here.lookedAt.value = null;
    await say([here, there], 1, "you again", forMe);
    await page.clock.pass(1_000);
    expect(here.shown.length + there.shown.length).toBe(1);
  });

  it("are not given of what is read meanwhile, on whatever device", async () => {
    const tab = openTab();
    const { seq } = await say([tab], 1, "you", forMe);
    page.server.read(room(1), seq, false);
    await page.tell();
    await page.clock.pass(1_000);
    expect(tab.shown).toEqual([]);
  });

  it("come from one of several tabs, and from the next when that is closed", async () => {
    const [first, second] = [openTab(), openTab()];
    await say([first, second], 2, "hi");
    await page.clock.pass(1_000);
    expect([first.shown.length, second.shown.length]).toEqual([1, 0]);
    first.close();
    await say([second], 2, "still there?");
    await page.clock.pass(1_000);
    expect(second.shown.map(({ body }) => body)).toEqual(["still there?"]);
  });

  it("go away once the room is read", async () => {
    const tab = openTab();
    const { seq } = await say([tab], 2, "hi");
    await page.clock.pass(1_000);
    expect(gone).toEqual([]);
    page.server.read(room(2), seq, false);
    await page.tell();
    expect(gone).toEqual([tab.shown[0]?.tag]);
  });
});
