import { describe, expect, it } from "vitest";
import { highlight, nameOfLanguage } from "./highlight";

describe("the colours of code", () => {
  it("leave every character in its place", async () => {
    for (const [language, code] of [
      ["python", 'for r in ("a<b>", "&amp;"):\n    warm(r, 3)  # прогрев \'кэша\''],
      ["html", "<a href=\"x\">&lt;script&gt;</a><script>if (a < b && c) alert('x')</script>"],
      ["rust", "fn route<'a>(x: &'a str) -> Option<Path> { None } // <b>"],
    ] as const) {
      const pieces = await highlight(code, language);
      expect(pieces?.map((piece) => piece.text).join("")).toBe(code);
    }
  });

  it("tell words of the language, texts, numbers and comments apart", async () => {
    expect(await highlight("return 'x', 1 # why", "py")).toEqual([
      { text: "return", kind: "keyword" },
      { text: " ", kind: null },
      { text: "'x'", kind: "string" },
      { text: ", ", kind: null },
      { text: "1", kind: "number" },
      { text: " ", kind: null },
      { text: "# why", kind: "comment" },
    ]);
  });

  it("are none for a language that nobody has heard of", async () => {
    for (const language of ["", "klingon", "constructor", "__proto__"]) expect(await highlight("x", language)).toBeNull();
  });

  it("come with the language's name, as people write it", () => {
    expect(["py", "C++", "ts", "Klingon"].map(nameOfLanguage)).toEqual(["Python", "C++", "TypeScript", "Klingon"]);
  });
});
