import type { Message } from "../../../api/shapes";

/** Longer than any line that shows it. */
const quotedMax = 300;

/** A message in one line, for a quote and for a screen reader: its words, or the title of its card. */
export function plainText({ text, attachments }: Pick<Message, "text" | "attachments">): string {
  const [card] = attachments;
  const written = text.trim() === "" && card !== undefined ? `${card.title} ${card.text}` : text;
  return written
    .slice(0, 2 * quotedMax)
    .replace(/^\s*(?:```|~~~).*$/gm, " ")
    .replace(/`+|\*\*|~~/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, quotedMax);
}
