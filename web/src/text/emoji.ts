/** Messages of nothing but a few emoji are shown large. */

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
