/** Colours for code, loaded when the first block of a language is seen. */
import type { LanguageFn } from "highlight.js";

export type CodeKind = "keyword" | "string" | "number" | "comment";

/** A stretch of code of one colour; none: as text. */
export interface CodePiece {
  readonly text: string;
  readonly kind: CodeKind | null;
}

type Load = () => Promise<{ default: LanguageFn }>;

const languages: Readonly<Record<string, Load>> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  nginx: () => import("highlight.js/lib/languages/nginx"),
  php: () => import("highlight.js/lib/languages/php"),
  python: () => import("highlight.js/lib/languages/python"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const otherNames: Readonly<Record<string, string>> = {
  "c++": "cpp", "c#": "csharp", cc: "cpp", cs: "csharp", docker: "dockerfile", golang: "go", h: "c", hpp: "cpp",
  html: "xml", js: "javascript", jsonc: "json", jsx: "javascript", kt: "kotlin", make: "makefile", md: "markdown",
  patch: "diff", py: "python", rb: "ruby", rs: "rust", sh: "bash", shell: "bash", svg: "xml", toml: "ini",
  ts: "typescript", tsx: "typescript", yml: "yaml", zsh: "bash",
};

/** What people call it, for the head of a block: others are shown as they were written. */
const shownNames: Readonly<Record<string, string>> = {
  bash: "Shell", c: "C", cpp: "C++", csharp: "C#", css: "CSS", diff: "Diff", dockerfile: "Dockerfile", go: "Go",
  ini: "INI", java: "Java", javascript: "JavaScript", json: "JSON", kotlin: "Kotlin", lua: "Lua", makefile: "Makefile",
  markdown: "Markdown", nginx: "nginx", php: "PHP", python: "Python", ruby: "Ruby", rust: "Rust", sql: "SQL",
  swift: "Swift", typescript: "TypeScript", xml: "XML", yaml: "YAML",
};

function keyOf(language: string): string {
  const written = language.toLowerCase();
  return Object.hasOwn(otherNames, written) ? (otherNames[written] ?? written) : written;
}

export function nameOfLanguage(language: string): string {
  const key = keyOf(language);
  return (Object.hasOwn(shownNames, key) ? shownNames[key] : undefined) ?? language;
}

/** highlight.js's classes for what has a colour of its own here. */
const kinds: Readonly<Record<string, CodeKind>> = {
  keyword: "keyword", built_in: "keyword", literal: "keyword", "selector-tag": "keyword", name: "keyword", section: "keyword",
  string: "string", regexp: "string", addition: "string", symbol: "string", link: "string", char: "string",
  number: "number", attr: "number", attribute: "number", title: "number", variable: "number", meta: "number", type: "number",
  comment: "comment", quote: "comment", deletion: "comment", doctag: "comment",
};

const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'" };

function plainOf(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
}

/** Reads highlight.js's HTML, which is spans and escaped text, so that none of it has to go into the page as HTML. */
function piecesOf(html: string): readonly CodePiece[] {
  const pieces: CodePiece[] = [];
  const around: (CodeKind | null)[] = [];
  for (const [, classes, end, text] of html.matchAll(/<span class="hljs-([^" ]*)[^>]*>|(<\/span>)|([^<]+)/g)) {
    if (classes !== undefined) around.push(kinds[classes] ?? around.at(-1) ?? null);
    else if (end !== undefined) around.pop();
    else if (text !== undefined) pieces.push({ text: plainOf(text), kind: around.at(-1) ?? null });
  }
  return pieces;
}

/** None where the language is not known; the block is shown as it is. */
export async function highlight(code: string, language: string): Promise<readonly CodePiece[] | null> {
  const key = keyOf(language);
  const load = Object.hasOwn(languages, key) ? languages[key] : undefined;
  if (load === undefined) return null;
  const [{ default: core }, { default: grammar }] = await Promise.all([import("highlight.js/lib/core"), load()]);
  if (core.getLanguage(key) === undefined) core.registerLanguage(key, grammar);
  return piecesOf(core.highlight(code, { language: key, ignoreIllegals: true }).value);
}
