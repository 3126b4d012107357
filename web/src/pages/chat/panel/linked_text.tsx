import type { ComponentChild } from "preact";
import { safeAddress } from "../../../text/markdown";

const address = /https?:\/\/[^\s<>"]+[^\s<>".,:;!?'’”»)\]}]/g;

/** Plain text, of which the addresses are links. */
export function linkedText(text: string): readonly ComponentChild[] {
  const parts: ComponentChild[] = [];
  let end = 0;
  for (const found of text.matchAll(address)) {
    const href = safeAddress(found[0]);
    if (href === null) continue;
    parts.push(
      text.slice(end, found.index),
      <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
        {found[0]}
      </a>,
    );
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}
