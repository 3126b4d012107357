import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import { room, user } from "../testing/shapes";
import { beginTyping, endTyping, expireTyping, typingHoldsMs, typingIn, TypingTeller, typingToldEveryMs } from "./typing";

const here = room(1);

describe("who is typing", () => {
  it("is known in the order in which they began, until nothing is heard of them", () => {
    let typing = beginTyping(new Map(), here, user(1), 0);
    typing = beginTyping(typing, here, user(2), 1_000);
    expect(typingIn(typing, here)).toEqual([user(1), user(2)]);
    expect(typingIn(expireTyping(typing, typingHoldsMs), here)).toEqual([user(2)]);
    expect(expireTyping(typing, typingHoldsMs + 1_000)).toEqual(new Map());
  });

  it("goes on while it is said again", () => {
    const typing = beginTyping(beginTyping(new Map(), here, user(1), 0), here, user(1), 5_000);
    expect(typingIn(expireTyping(typing, typingHoldsMs), here)).toEqual([user(1)]);
  });

  it("ends with what he posts, in that room alone", () => {
    let typing = beginTyping(new Map(), here, user(1), 0);
    typing = beginTyping(typing, room(2), user(1), 0);
    typing = endTyping(typing, here, user(1));
    expect([typingIn(typing, here), typingIn(typing, room(2))]).toEqual([[], [user(1)]]);
  });

  it("is the same object where nothing changes", () => {
    const typing = beginTyping(new Map(), here, user(1), 0);
    expect(expireTyping(typing, 1)).toBe(typing);
    expect(endTyping(typing, here, user(2))).toBe(typing);
  });
});

describe("telling that one is typing", () => {
  it("happens at once, then every few seconds, for each room", async () => {
    const clock = new FakeClock();
    const tell = vi.fn();
    const teller = new TypingTeller(clock, tell);
    for (let ms = 0; ms < 2 * typingToldEveryMs; ms += 100) {
      teller.typed(here);
      await clock.pass(100);
    }
    teller.typed(room(2));
    expect(tell.mock.calls).toEqual([[here], [here], [room(2)]]);
  });

  it("begins anew behind a message", () => {
    const tell = vi.fn();
    const teller = new TypingTeller(new FakeClock(), tell);
    teller.typed(here);
    teller.sent(here);
    teller.typed(here);
    expect(tell).toHaveBeenCalledTimes(2);
  });
});
