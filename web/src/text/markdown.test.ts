// @vitest-environment jsdom
// DOMPurify needs a page that behaves as browsers do; happy-dom lets a script through.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown, safeAddress } from "./markdown";
import type { Part } from "./markdown";
import { charactersTravelled } from "../testing/work";
import { sanitize, schemes, tags } from "./sanitize";

const names = { people: new Map([["olga", "me"], ["bob", "other"]] as const), everybody: "all" } as const;
const context = { names, origin: "https://chat.example" };
const parts = (text: string): readonly Part[] => renderMarkdown(text, context);
/** As one string, code blocks as such. */
const html = (text: string): string =>
  parts(text).map((part) => (part.kind === "html" ? part.html : `[${part.language}|${part.code}]`)).join("").trim();
const plain = (text: string) => html(text).replaceAll(' dir="auto"', "");

function elements(text: string): readonly Element[] {
  const page = document.createElement("div");
  page.innerHTML = parts(text).map((part) => (part.kind === "html" ? part.html : "")).join("");
  return [...page.querySelectorAll("*")];
}
/** What people read. */
function read(text: string): string {
  const page = document.createElement("div");
  page.innerHTML = parts(text).map((part) => (part.kind === "html" ? part.html : "")).join("");
  return page.textContent;
}

describe("Markdown", () => {
  it.each([
    ["a paragraph, with its own direction", "hi", '<p dir="auto">hi</p>'],
    ["lines as they were broken", "one\ntwo", '<p dir="auto">one<br>two</p>'],
    ["code in a line, as it is", "`<b> @olga *x*`", '<p dir="auto"><code>&lt;b&gt; @olga *x*</code></p>'],
    ["a link's address, said and titled", "<https://a.example/>", '<p dir="auto"><a href="https://a.example/" title="https://a.example/" rel="noopener noreferrer nofollow" target="_blank">https://a.example/</a></p>'],
    ["a link into this page in place", "https://chat.example/room/1", '<p dir="auto"><a href="https://chat.example/room/1" title="https://chat.example/room/1" rel="noopener noreferrer nofollow">https://chat.example/room/1</a></p>'],
  ])("is %s", (_, text, wanted) => expect(html(text)).toBe(wanted));

  it.each([
    ["emphasis", "**bold** *em* ~~gone~~", "<p><strong>bold</strong> <em>em</em> <del>gone</del></p>"],
    ["a quote", "> said\n> so", "<blockquote><p>said<br>so</p></blockquote>"],
    ["a heading, which is not one of the page's", "# Big", "<p><strong>Big</strong></p>"],
    ["a list that begins at its number", "3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'],
    ["tasks", "- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"],
    ["a line", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
  ])("has %s", (_, text, wanted) => expect(plain(text)).toBe(wanted));

  it("has tables that scroll in a box of their own", () => {
    expect(plain("a | b\n--- | ---\n1 | 2")).toBe(
      '<div class="table" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>',
    );
  });

  it("hands out blocks of code with their language, for the page to dress", () => {
    expect(parts("before\n```Python title=x\n<b>1 < 2</b>\n```\nafter")).toEqual([
      { kind: "html", html: '<p dir="auto">before</p>' },
      { kind: "code", code: "<b>1 < 2</b>", language: "python" },
      { kind: "html", html: '<p dir="auto">after</p>' },
    ]);
  });

  it("leaves code within quotes and lists where it is", () => {
    expect(plain("> ```\n> x\n> ```")).toBe('<blockquote><pre tabindex="0"><code>x</code></pre></blockquote>');
  });

  it.each([
    ["what looks like a definition", "[todo]: https://a.example/"],
    ["an underlined line", "text\n---"],
    ["an entity as it was typed", "&lt;b&gt; &amp; &#x27;"],
    ["HTML as it was typed", "<b>bold?</b> <!-- note --> <br/>"],
    ["generics", "std::vector<int> and Map<string, List<T>>"],
    ["backslashes of a path", "C:\\Users\\olga"],
    ["marks behind an address", `https://a.example/x${")".repeat(200)}`],
  ])("loses nothing: %s", (_, text) => {
    expect(read(text).replaceAll("\n", "").trim()).toBe(text.replace("\n---", "").replaceAll("\n", ""));
  });

  it("takes what is indented for text, as the server does when it looks for mentions", () => {
    expect(html("    @bob look")).toContain('data-name="bob"');
    expect(html("    @bob look")).not.toContain("<code>");
  });
});

describe("mentions", () => {
  it("are marked, mine and everybody's apart", () => {
    expect(plain("@Olga @bob @carol @all @here")).toBe(
      '<p><span class="at at-me" data-name="Olga">@Olga</span> <span class="at" data-name="bob">@bob</span> @carol <span class="at at-me" data-name="all">@all</span> @here</p>',
    );
  });
  it("are marked in emphasis, quotes and links' texts, and not in code or addresses", () => {
    for (const text of ["**@bob**", "> @bob", "[@bob](https://a.example/)"]) expect(html(text)).toContain('class="at"');
    for (const text of ["`@bob`", "```\n@bob\n```", "https://a.example/@bob", "x@bob"]) expect(html(text)).not.toContain('class="at"');
  });
});

describe("right to left and strange letters", () => {
  it("lets every block find its own direction", () => {
    expect(html("مرحبا\n\n> اقتباس\n\n- بند").match(/dir="auto"/g)).toHaveLength(3);
  });
});

// What somebody may try.

const attacks = [
  "<script>alert(1)</script>",
  "<ScRiPt src=//evil.example></sCrIpT>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
  "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<form action=javascript:alert(1)><button>x</button></form>",
  "<style>@import 'https://evil.example'</style>",
  "<a href='javascript:alert(1)'>x</a>",
  "<base href=//evil.example>",
  "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](  javascript:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](java&#10;script:alert(1))",
  "[x](javascript&colon;alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:msgbox)",
  "[x](file:///etc/passwd)",
  "[x](blob:https://a.example/1)",
  "![x](javascript:alert(1))",
  "![x](data:image/svg+xml,<svg onload=alert(1)>)",
  "![x](https://a.example/\" onerror=\"alert(1))",
  "[x](https://a.example/\" onmouseover=\"alert(1))",
  "[x](<https://a.example/ onclick=alert(1)>)",
  "[x](https://a.example 'title\" onfocus=alert(1) autofocus=\"')",
  "<javascript:alert(1)>",
  "<https://a.example/\"onclick=alert(1)>",
  "[<img src=x onerror=alert(1)>](https://a.example)",
  "**<script>**alert(1)**</script>**",
  "`<script>alert(1)</script>`",
  "```\"><script>alert(1)</script>\ncode\n```",
  "> <img src=x onerror=alert(1)>",
  "a | <img src=x onerror=alert(1)>\n-|-\n<script>1</script> | b",
  "- [ ] <input autofocus onfocus=alert(1)>",
  "@olga\"onmouseover=alert(1)",
  "＜script＞alert(1)＜/script＞",
  "\u202e<script>alert(1)</script>",
  "<scr\u0000ipt>alert(1)</scr\u0000ipt>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "[x]: javascript:alert(1)\n\n[x]",
];

/** Nothing but what is allowed, and every link where links may lead. */
function expectHarmless(text: string): void {
  for (const element of elements(text)) {
    expect(tags).toContain(element.localName);
    for (const { name, value } of element.attributes) {
      expect(["class", "data-name", "dir", "href", "rel", "start", "tabindex", "target", "title"]).toContain(name);
      if (name === "href") expect(schemes).toContain(new URL(value).protocol);
      if (name === "class") expect(["at", "at at-me", "table"]).toContain(value);
    }
  }
}

describe("what is written to do harm", () => {
  it.each(attacks)("is text, or a link to the web: %s", (text) => {
    expectHarmless(text);
    expectHarmless(`> - **${text}** [a](${text})`);
  });

  it("is harmless before the sanitiser has seen it, too", () => {
    for (const text of attacks) {
      const written = html(text);
      const sane = parts(text).flatMap((part) => (part.kind === "html" ? [sanitize(part.html)] : [])).join("");
      expect(sane).toBe(parts(text).flatMap((part) => (part.kind === "html" ? [part.html] : [])).join(""));
      expect(written).not.toMatch(/<(?:script|img|svg|iframe|style|form|input|math|base)/i);
    }
  });

  it("stays harmless however it is put together", () => {
    const piece = fc.constantFrom(...attacks, "*", "**", "`", "```", "\n", "> ", "- ", "1. ", "[", "](", ")", "<", ">", "\"", "'", "|", "\n-|-\n", "&", "\\", "@olga", "https://a.example/", " ");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => expectHarmless(pieces.join(""))),
      { numRuns: 300 },
    );
  });

  it("gets through the sanitiser alone neither", () => {
    expect(sanitize('<p onclick="x">a<script>b</script><img src=x onerror=y><a href="javascript:z">c</a></p>')).toBe("<p>a<a>c</a></p>");
  });
});

describe("addresses", () => {
  it.each([
    ["https://a.example/x?y#z", "https://a.example/x?y#z"],
    ["HTTP://A.example", "http://a.example/"],
    ["mailto:olga@a.example", "mailto:olga@a.example"],
    ["javascript:alert(1)", null],
    ["https://chat.example/api/logout", null],
    ["https://chat.example/x/../api/logout/?a#b", null],
    ["java\nscript:alert(1)", null],
    ["//a.example", null],
    ["/room/1", null],
    ["", null],
  ])("lead to the web or to a mailbox: %s", (address, wanted) => expect(safeAddress(address)).toBe(wanted));
});

describe("16,000 characters", () => {
  const fill = (piece: string) => piece.repeat(Math.ceil(16_000 / piece.length)).slice(0, 16_000);
  it.each([
    ["words", fill("The quick brown fox. ")],
    ["one word", fill("a")],
    ["one word and a sign", `${fill("a")}@`],
    ["spaces", `a${fill(" ")}b`],
    ["lines", fill("\n")],
    ["quotes in quotes", fill(">")],
    ["quotes in quotes with spaces", fill("> ")],
    ["lists in lists", fill("- ")],
    ["numbered lists in lists", fill("1. ")],
    ["quotes in lists in quotes", fill("> - ")],
    ["brackets", fill("[")],
    ["links never closed", fill("[a](")],
    ["links in links", `${"[".repeat(5_000)}a${"](b)".repeat(2_000)}`],
    ["stars", fill("*a ")],
    ["stars in stars", `${"*a ".repeat(2_600)}${"a* ".repeat(2_600)}`],
    ["double stars in double stars", `${"**a ".repeat(2_000)}${"a** ".repeat(2_000)}`],
    ["lines below words", fill("a_b_")],
    ["tildes", fill("~~a")],
    ["backticks", fill("`a")],
    ["growing backticks", Array.from({ length: 175 }, (_, count) => "`".repeat(count)).join(" ")],
    ["less-thans", fill("<a ")],
    ["ampersands", fill("&#x;")],
    ["addresses", fill("http://a.b ")],
    ["addresses of brackets", `http://a.b/${fill(")")}`],
    ["mail addresses", fill("a@b.")],
    ["a table", `${fill("|a").slice(0, 5_000)}\n${fill("|-").slice(0, 5_000)}\n${fill("|b").slice(0, 5_000)}`],
    ["fences", fill("```\n")],
  ])("of %s are gone over a few times, and not once for each of them", (_, text) => {
    expect(charactersTravelled(() => renderMarkdown(text, context)) / text.length).toBeLessThan(100);
  });
});
