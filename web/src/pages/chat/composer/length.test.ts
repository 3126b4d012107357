import { describe, expect, it } from "vitest";
import { bytesNearLimit, charactersOver, textBytesMax, textBytesTold } from "./length";

const over = (text: string) => charactersOver(text, bytesNearLimit(text));

describe("the length of a message", () => {
  it("is told from 15,000 bytes on", () => {
    expect(bytesNearLimit("a".repeat(textBytesTold - 1))).toBe(0);
    expect(bytesNearLimit("a".repeat(textBytesTold))).toBe(textBytesTold);
    expect(bytesNearLimit("я".repeat(textBytesTold / 2))).toBe(textBytesTold);
    expect(bytesNearLimit("漢".repeat(textBytesTold / 3))).toBe(textBytesTold);
  });

  it.each([
    ["a", 0, 0],
    ["a", 3, 3],
    ["я", 0, 0],
    ["я", 4, 4],
    ["漢", 1, 1],
    ["🎉", 2, 2],
  ])("counts what is too much in characters as people count them: %s", (character, more, wanted) => {
    const bytes = new TextEncoder().encode(character).length;
    expect(over(character.repeat(Math.floor(textBytesMax / bytes) + more))).toBe(wanted);
  });

  it("counts from the end, whatever stands there", () => {
    expect(over("a".repeat(textBytesMax - 1) + "🎉")).toBe(1);
    expect(over("🎉".repeat(textBytesMax / 4) + "ab")).toBe(2);
  });
});
