/**
 * The second lock behind markdown.ts, which writes nothing but what is listed here: should it ever be outwitted, nothing else
 * gets into the page. The page's Content-Security-Policy is the third.
 */
import DOMPurify from "dompurify";

export const tags = [
  "a", "blockquote", "br", "code", "del", "div", "em", "hr", "li", "ol", "p", "pre", "span", "strong",
  "table", "tbody", "td", "th", "thead", "tr", "ul",
] as const;

const attributes = ["class", "data-name", "dir", "href", "rel", "start", "tabindex", "target", "title"];

/** Where a link may lead. */
export const schemes = ["http:", "https:", "mailto:"] as const;

const purifier = DOMPurify();

export function sanitize(html: string): string {
  return purifier.sanitize(html, {
    ALLOWED_TAGS: [...tags],
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    ADD_URI_SAFE_ATTR: attributes.filter((name) => name !== "href"),
  });
}
