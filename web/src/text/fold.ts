/** Long messages are folded before they are rendered: a screenful is cheap, and 16,000 characters are not. */

export const linesMax = 24;
/** About what fits on a line of the message column; a phone folds no later for it. */
const lineChars = 95;

export interface Folded {
  /** What is shown at first; as Markdown it is whole. */
  readonly head: string;
  readonly isFolded: boolean;
}

/** How many rows a line takes on the page. */
function rowsOf(line: string): number {
  return Math.max(1, Math.ceil(line.length / lineChars));
}

/** At the last space before `end`, if there is one near; never within a pair of surrogates. */
function cutAt(line: string, end: number): string {
  const space = line.lastIndexOf(" ", end);
  const at = space > end - lineChars ? space : end;
  const splits = /[\ud800-\udbff]/.test(line.charAt(at - 1));
  return line.slice(0, splits ? at - 1 : at);
}

/** The fence that is open behind `lines`, to be closed there. */
function openFence(lines: readonly string[]): string | null {
  let open: string | null = null;
  for (const line of lines) {
    const marks = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (marks === undefined) continue;
    if (open === null) open = marks;
    else if (marks.startsWith(open) && line.trim() === marks) open = null;
  }
  return open;
}

export function fold(text: string): Folded {
  const shown: string[] = [];
  let rows = 0;
  for (const line of text.split("\n")) {
    const left = linesMax - rows;
    rows += rowsOf(line);
    if (rows > linesMax) {
      if (left > 0) shown.push(cutAt(line, left * lineChars));
      const fence = openFence(shown);
      if (fence !== null) shown.push(fence);
      return { head: shown.join("\n"), isFolded: true };
    }
    shown.push(line);
  }
  return { head: text, isFolded: false };
}
