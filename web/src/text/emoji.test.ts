import { describe, expect, it } from "vitest";
import { isOnlyEmoji } from "./emoji";

describe("a message of nothing but emoji", () => {
  it.each(["🎉", "👍🏽", "👨‍👩‍👧‍👦", "🇳🇴", "❤️", "❤", " 😀 😀 😀 ", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])("is one of up to three: %s", (text) => expect(isOnlyEmoji(text)).toBe(true));
  it.each(["", " ", "😀😀😀😀", "😀!", "ok", "1", "#", "©x", "陈", "😀".repeat(5_000)])("is nothing else: %s", (text) =>
    expect(isOnlyEmoji(text)).toBe(false));
});
