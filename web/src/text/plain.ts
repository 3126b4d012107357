import { renderMarkdown } from "./markdown";
import type { MarkdownContext } from "./markdown";

/** A message's text as one line without its Markdown, for where no more than words fit. */
export function plainText(text: string, context: MarkdownContext): string {
  const words = renderMarkdown(text, context).map((part) => (part.kind === "code" ? part.code : textOf(part.html)));
  return words.join(" ").replace(/\s+/g, " ").trim();
}

/** A document of its own runs and loads nothing. */
function textOf(html: string): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const end of parsed.querySelectorAll("p, li, br, blockquote, h1, h2, h3, h4, h5, h6, td, th")) end.after(" ");
  return parsed.body.textContent;
}
