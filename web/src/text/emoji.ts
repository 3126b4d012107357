/** Messages of nothing but a few emoji, which are shown large; and the code of one that is being written. */

const emojiMax = 3;
/** One emoji with all that belongs to it: skin, sex, family, flag. (A literal would want a newer target than the rest.) */
const oneEmoji = new RegExp("^\\p{RGI_Emoji}$", "v");
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** The longest emoji have some 15 code units: nothing longer needs a look. */
const unitsMax = 64;

export function isOnlyEmoji(text: string): boolean {
  const written = text.trim();
  if (written === "" || written.length > unitsMax) return false;
  let count = 0;
  for (const { segment } of segmenter.segment(written)) {
    if (segment.trim() === "") continue;
    // Phones write some without the mark that makes a sign an emoji.
    if (!oneEmoji.test(segment) && !oneEmoji.test(`${segment}\ufe0f`)) return false;
    if (++count > emojiMax) return false;
  }
  return true;
}

const codeBefore = /(?<=^|\s):([a-z0-9+-][a-z0-9_+-]+)$/i;

/** ":tad" at the caret, from two letters on: less is a smile of signs, or a time. */
export function codeBeingWritten(text: string, caret: number): { readonly start: number; readonly query: string } | null {
  const query = codeBefore.exec(text.slice(Math.max(0, caret - unitsMax), caret))?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query: query.toLowerCase() };
}
