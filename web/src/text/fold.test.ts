import { describe, expect, it } from "vitest";
import { fold, linesMax } from "./fold";

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n");

describe("a long message", () => {
  it("is folded behind its 24th line", () => {
    expect(fold(lines(linesMax))).toEqual({ head: lines(linesMax), isFolded: false });
    expect(fold(lines(linesMax + 1))).toEqual({ head: lines(linesMax), isFolded: true });
  });

  it("of one line is folded between two words", () => {
    const { head, isFolded } = fold("word ".repeat(3_200));
    expect(isFolded).toBe(true);
    expect(head.length).toBeLessThanOrEqual(linesMax * 95);
    expect(head.endsWith("word")).toBe(true);
  });

  it("without a space is folded between two letters, and splits no emoji", () => {
    const { head } = fold(`a${"😀".repeat(4_000)}`);
    expect(() => encodeURIComponent(head)).not.toThrow(); // half a pair would
    expect(head.length).toBeGreaterThan(linesMax * 95 - 3);
  });

  it("closes the block of code in which it is folded", () => {
    expect(fold(`\`\`\`cpp\n${lines(40)}\n\`\`\``).head).toBe(`\`\`\`cpp\n${lines(linesMax - 1)}\n\`\`\``);
    expect(fold(`~~~~\n${lines(40)}\n~~~~`).head.endsWith("\n~~~~")).toBe(true);
    expect(fold(`\`\`\`\nx\n\`\`\`\n${lines(40)}`).head.endsWith("```")).toBe(false);
  });

  it("counts what wraps", () => {
    expect(fold(`${"x".repeat(2_000)}\n${lines(4)}`)).toMatchObject({ isFolded: true });
    expect(fold(`${"x".repeat(1_800)}\n${lines(4)}`)).toMatchObject({ isFolded: false });
  });
});
