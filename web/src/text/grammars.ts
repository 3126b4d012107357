import type { LanguageFn } from "highlight.js";
import core from "highlight.js/lib/core";
import type { CodeKind, CodePiece } from "./highlight";

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

export async function colour(code: string, language: string): Promise<readonly CodePiece[] | null> {
  const load = Object.hasOwn(languages, language) ? languages[language] : undefined;
  if (load === undefined) return null;
  const { default: grammar } = await load();
  if (core.getLanguage(language) === undefined) core.registerLanguage(language, grammar);
  return piecesOf(core.highlight(code, { language, ignoreIllegals: true }).value);
}
