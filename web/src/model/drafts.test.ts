import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import { messageId, room, user } from "../testing/shapes";
import { pageStorage } from "../page_storage";
import { Drafts, editOf, noDraft } from "./drafts";

describe("drafts", () => {
  let clock: FakeClock;
  let drafts: Drafts;
  const fresh = () => new Drafts(localStorage, clock, user(1));

  beforeEach(() => {
    localStorage.clear();
    clock = new FakeClock();
    drafts = fresh();
  });

  it("are kept for each room, and each message that is edited, over a reload", async () => {
    drafts.set(room(1), { text: "one", replyTo: messageId(5) });
    drafts.set(editOf(messageId(7)), { text: "better", replyTo: null });
    await clock.pass(250);
    expect(fresh().get(room(1))).toEqual({ text: "one", replyTo: messageId(5) });
    expect(fresh().get(editOf(messageId(7))).text).toBe("better");
    expect(fresh().get(room(2))).toEqual(noDraft);
  });

  it("are written at the latest when the page is left", () => {
    drafts.set(room(1), { text: "on", replyTo: null });
    drafts.set(room(1), { text: "one", replyTo: null });
    drafts.write();
    expect(fresh().get(room(1)).text).toBe("one");
    expect(clock.waiting()).toEqual([]);
  });

  it("mark their rooms, blank ones excepted", () => {
    drafts.set(room(1), { text: "one", replyTo: null });
    drafts.set(room(2), { text: " \n", replyTo: null });
    drafts.write();
    expect([...drafts.keys.value]).toEqual([room(1)]);
    expect([...fresh().keys.value]).toEqual([room(1)]);
    drafts.clear(room(1));
    expect(drafts.keys.value.size).toBe(0);
    expect(localStorage.length).toBe(0);
  });

  it("are each user's own", () => {
    drafts.set(room(1), { text: "mine", replyTo: null });
    drafts.write();
    expect(new Drafts(localStorage, clock, user(2)).get(room(1))).toEqual(noDraft);
  });

  it("take in text that would be lost elsewhere", () => {
    drafts.append(room(1), "refused");
    drafts.append(room(1), "and more");
    expect(drafts.get(room(1)).text).toBe("refused\nand more");
  });

  it("stay in memory where the browser is full", () => {
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    drafts.set(room(1), { text: "one", replyTo: null });
    drafts.write();
    expect(drafts.get(room(1)).text).toBe("one");
    full.mockRestore();
    drafts.write();
    expect(fresh().get(room(1)).text).toBe("one");
  });

  it("that are handed over leave their composer at once, and the browser when they are let go", () => {
    drafts.set(room(1), { text: "one", replyTo: null });
    const letGo = drafts.handOver(room(1));
    expect(drafts.get(room(1))).toEqual(noDraft);
    expect(drafts.keys.value.size).toBe(0);
    expect(fresh().get(room(1)).text).toBe("one");
    letGo();
    expect(fresh().get(room(1))).toEqual(noDraft);
  });

  it("that are typed meanwhile stay when what was before them is let go", () => {
    drafts.set(room(1), { text: "one", replyTo: null });
    const letGoOne = drafts.handOver(room(1));
    drafts.set(room(1), { text: "two", replyTo: null });
    letGoOne();
    expect(drafts.get(room(1)).text).toBe("two");
    const letGoTwo = drafts.handOver(room(1));
    letGoOne();
    expect(fresh().get(room(1)).text).toBe("two");
    letGoTwo();
    expect(fresh().get(room(1))).toEqual(noDraft);
  });

  it("live as long as the page where the browser refuses its storage", () => {
    const refusing = vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
      throw new DOMException("blocked", "SecurityError");
    });
    const storage = pageStorage();
    refusing.mockRestore();
    const here = new Drafts(storage, clock, user(1));
    here.set(room(1), { text: "one", replyTo: null });
    here.write();
    expect(localStorage.length).toBe(0);
    const later = new Drafts(storage, clock, user(1));
    expect([later.get(room(1)).text, ...later.keys.value]).toEqual(["one", room(1)]);
    later.clear(room(1));
    expect(here.get(room(2))).toEqual(noDraft);
    expect(new Drafts(storage, clock, user(1)).keys.value.size).toBe(0);
  });

  it("follow another tab, but not against what is being typed here", () => {
    const other = fresh();
    drafts.set(room(1), { text: "here", replyTo: null });
    other.set(room(1), { text: "there", replyTo: null });
    other.set(room(2), { text: "there", replyTo: null });
    other.write();
    for (const no of [1, 2]) drafts.takeFromOtherTab(`makechat.draft.${user(1)}.${room(no)}`);
    expect([drafts.get(room(1)).text, drafts.get(room(2)).text]).toEqual(["here", "there"]);
    expect(new Set(drafts.keys.value)).toEqual(new Set([room(1), room(2)]));
  });

  it("read over what is no draft", () => {
    localStorage.setItem(`makechat.draft.${user(1)}.${room(1)}`, "{");
    localStorage.setItem(`makechat.draft.${user(1)}.${room(2)}`, '{"text":7,"replyTo":"<b>"}');
    expect([fresh().get(room(1)), fresh().get(room(2))]).toEqual([noDraft, noDraft]);
  });
});
