/** Colours for code, loaded when the first block of code is seen, and for each language when its first is. */

export type CodeKind = "keyword" | "string" | "number" | "comment";

/** A stretch of code of one colour; none: as text. */
export interface CodePiece {
  readonly text: string;
  readonly kind: CodeKind | null;
}

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

/** None where the language is not known; the block is shown as it is. */
export async function highlight(code: string, language: string): Promise<readonly CodePiece[] | null> {
  const { colour } = await import("./grammars");
  return colour(code, keyOf(language));
}
