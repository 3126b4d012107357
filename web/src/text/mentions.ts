/**
 * Mentions, by the server's rule (chat/mentions.cpp): `@` and the characters of a username, not behind a letter, not in code.
 * The server finds them when a message is committed; the client follows it so that what waits looks as it will.
 */
export interface Mention {
  /** Of the `@`. */
  readonly start: number;
  readonly end: number;
  /** Without the `@`, as written. */
  readonly name: string;
}

const nameCharacters = "a-zA-Z0-9_-";
const beforeAscii = /[a-zA-Z0-9_\-./@]/;
const letterOrDigit = /[\p{L}\p{Nd}]/u;
/** Scripts that do not divide words by spaces (Unicode's line breaking): a name may stand right behind them. */
const withoutSpaces =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\uff00-\uffef]/u;

/** Whether what stands before `at` makes an `@` there part of an address or a path. */
function joinsBefore(text: string, at: number): boolean {
  if (at === 0) return false;
  const low = text.charCodeAt(at - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && at > 1;
  const before = isPair ? text.slice(at - 2, at) : text.slice(at - 1, at);
  if (low < 0x80) return beforeAscii.test(before);
  return letterOrDigit.test(before) && !withoutSpaces.test(before);
}

/** In a piece of text that is no code. */
export function mentionsInPlain(text: string): readonly Mention[] {
  const found: Mention[] = [];
  const form = new RegExp(`@([${nameCharacters}]*)`, "g");
  for (const match of text.matchAll(form)) {
    const [whole, name] = match;
    if (name === undefined || name === "" || joinsBefore(text, match.index)) continue;
    found.push({ start: match.index, end: match.index + whole.length, name });
  }
  return found;
}

interface Fence {
  readonly mark: string;
  readonly marks: number;
  /** What stands behind it on its line. */
  readonly behind: string;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}

/** The line at `at`, if it begins or ends a block of code (CommonMark 4.5). */
function fenceAt(text: string, at: number): Fence | null {
  const match = /^ {0,3}(`{3,}|~{3,})(.*)/s.exec(text.slice(at, lineEnd(text, at)));
  const [, marks, behind] = match ?? [];
  return marks === undefined || behind === undefined ? null : { mark: marks.charAt(0), marks: marks.length, behind };
}

const opens = (fence: Fence): boolean => fence.mark === "~" || !fence.behind.includes("`");
const closes = (fence: Fence, opening: Fence): boolean =>
  fence.mark === opening.mark && fence.marks >= opening.marks && fence.behind.trim() === "";

function behindBlock(text: string, at: number, opening: Fence): number {
  for (let line = lineEnd(text, at); line < text.length; line = lineEnd(text, line)) {
    const fence = fenceAt(text, line);
    if (fence !== null && closes(fence, opening)) return lineEnd(text, line);
  }
  return text.length;
}

/** Where the runs of backticks are, by their length, so that no text is searched through for each of them. */
function spanEnds(text: string): ReadonlyMap<number, readonly number[]> {
  const ends = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const same = ends.get(run.length);
    if (same === undefined) ends.set(run.length, [index]);
    else same.push(index);
  }
  return ends;
}

function firstAtOrAfter(sorted: readonly number[], least: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

/** The stretches of `text` that are no code. */
function* outsideCode(text: string): Iterable<readonly [start: number, end: number]> {
  const ends = spanEnds(text);
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const lineStarts = at === 0 || text[at - 1] === "\n";
    const fence = lineStarts ? fenceAt(text, at) : null;
    let behind = at;
    if (fence !== null && opens(fence)) {
      behind = behindBlock(text, at, fence);
    } else if (text[at] === "`") {
      const marks = /^`+/.exec(text.slice(at))?.[0].length ?? 1;
      const end = firstAtOrAfter(ends.get(marks) ?? [], at + marks);
      // Marks that nothing closes are text.
      if (end === undefined) at += marks;
      else behind = end + marks;
    } else {
      at = nextMark(text, at + 1);
    }
    if (behind > at) {
      yield [start, at];
      start = at = behind;
    }
  }
  yield [start, text.length];
}

/** Where code may begin next: at a backtick, or at the start of a line. */
function nextMark(text: string, from: number): number {
  if (text[from - 1] === "\n") return from;
  const mark = /[`\n]/g; // one search for both, for one of them alone may be far away from each of the others
  mark.lastIndex = from;
  const next = mark.exec(text);
  if (next === null) return text.length;
  return next[0] === "\n" ? next.index + 1 : next.index;
}

/** In a whole message. */
export function findMentions(text: string): readonly Mention[] {
  if (!text.includes("@")) return [];
  const code = new Uint8Array(text.length).fill(1);
  for (const [start, end] of outsideCode(text)) code.fill(0, start, end);
  return mentionsInPlain(text).filter((mention) => code[mention.start] === 0);
}

/** Who is meant by a name in a message. */
export type Meant = "me" | "other" | "all" | "here";

export interface NamesMeant {
  /** By the username in lower case. */
  readonly people: ReadonlyMap<string, "me" | "other">;
  /** Whether the server let it mention everybody. */
  readonly everybody: "all" | "here" | null;
}

/** Nobody: then it is only text. */
export function whoIsMeant(name: string, names: NamesMeant): Meant | null {
  if (name === names.everybody) return names.everybody;
  return names.people.get(name.toLowerCase()) ?? null;
}

const nameBeingWritten = /@([\p{L}\p{M}\p{N}_-]*)$/u;

/** The name that is being written at the caret, for the list of people: "@ol" behind a space. In any script: people are
 *  found by the names that they show, too. */
export function mentionBeingWritten(text: string, caret: number): { readonly start: number; readonly query: string } | null {
  const match = nameBeingWritten.exec(text.slice(Math.max(0, caret - 130), caret));
  const query = match?.[1];
  if (query === undefined) return null;
  const start = caret - query.length - 1;
  if (joinsBefore(text, start)) return null;
  const isInCode = findMentions(`${text.slice(0, start)}@x`).every((mention) => mention.start !== start);
  return isInCode ? null : { start, query };
}
