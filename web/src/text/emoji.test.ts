import { describe, expect, it } from "vitest";
import { codeBeingWritten, isOnlyEmoji } from "./emoji";

describe("a message of nothing but emoji", () => {
  it.each(["🎉", "👍🏽", "👨‍👩‍👧‍👦", "🇳🇴", "❤️", "❤", " 😀 😀 😀 ", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])("is one of up to three: %s", (text) => expect(isOnlyEmoji(text)).toBe(true));
  it.each(["", " ", "😀😀😀😀", "😀!", "ok", "1", "#", "©x", "陈", "😀".repeat(5_000)])("is nothing else: %s", (text) =>
    expect(isOnlyEmoji(text)).toBe(false));
});

describe("the code of an emoji that is being written", () => {
  it.each([
    [":ta", { start: 0, query: "ta" }],
    ["so :Party_po", { start: 3, query: "party_po" }],
    [":+1", { start: 0, query: "+1" }],
    [":t", null],
    [":D", null],
    ["10:30", null],
    ["https://x", null],
    [":tada: ", null],
    ["", null],
  ])("has two letters behind a colon: %s", (text, wanted) => expect(codeBeingWritten(text, text.length)).toEqual(wanted));
});
