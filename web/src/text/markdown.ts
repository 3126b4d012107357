/**
 * A message's Markdown as HTML. HTML in it is text like any other; nothing that was written vanishes; a link leads to the web
 * or to a mailbox or is no link. Blocks of code are handed out apart, for the page gives them a language and a button.
 */
import { Lexer, Parser, Renderer, Tokenizer } from "marked";
import type { MarkedOptions, Token, Tokens } from "marked";
import { escapeHtml } from "./escape";
import { mentionsInPlain, whoIsMeant } from "./mentions";
import type { NamesMeant } from "./mentions";
import { sanitize, schemes } from "./sanitize";

export type Part =
  /** Safe to be set as innerHTML. */
  | { readonly kind: "html"; readonly html: string }
  | { readonly kind: "code"; readonly code: string; readonly language: string };

export interface MarkdownContext {
  readonly names: NamesMeant;
  /** The page's own: links to it open in place. */
  readonly origin: string;
}

/** Deeper than anybody writes: what is nested so that a parser falls into it stays text. */
const depthMax = 8;
const nested = new RegExp(`^(?:[ \\t]*(?:>|[-*+][ \\t]|\\d{1,9}[.)][ \\t])){${depthMax + 1}}`);
/** More marks than that are not meant as emphasis, and would cost time that grows with their square. */
const emphasisMax = 600;

const addressStart = /^(?:(?:ftp|https?):\/\/|www\.)[^\s<]*/i;
/** No address ends in that many marks; taking them off one by one costs time that grows with their square. */
const endMarksMax = 64;

/** `source` with no more marks at the end of the address that it begins with. */
function withFewEndMarks(source: string): string {
  const address = addressStart.exec(source)?.[0] ?? "";
  let end = address.length;
  while (end > 0 && "?!.,:;*_'\"~()&".includes(address.charAt(end - 1))) --end;
  return address.length - end > endMarksMax ? source.slice(0, end + endMarksMax) : source;
}

/** What is not for a chat: HTML, code by indentation, underlined headings, and definitions (which would not be seen). */
class ChatTokenizer extends Tokenizer {
  constructor(
    options: MarkedOptions,
    private readonly hasEmphasis: boolean,
  ) {
    super(options);
  }
  override html(): undefined {
    return undefined;
  }
  override tag(): undefined {
    return undefined;
  }
  override code(): undefined {
    return undefined;
  }
  override lheading(): undefined {
    return undefined;
  }
  override def(): undefined {
    return undefined;
  }
  override blockquote(source: string): Tokens.Blockquote | undefined {
    return nested.test(source) ? undefined : super.blockquote(source);
  }
  override list(source: string): Tokens.List | undefined {
    return nested.test(source) ? undefined : super.list(source);
  }
  override url(source: string): Tokens.Link | undefined {
    return super.url(withFewEndMarks(source));
  }
  override emStrong(source: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.hasEmphasis ? super.emStrong(source, masked, before) : undefined;
  }
  override del(source: string, masked: string, before?: string): Tokens.Del | undefined {
    return this.hasEmphasis ? super.del(source, masked, before) : undefined;
  }
}

/** A GET of it ends the session, as it did in the first makechat: no link that others write may lead there. */
const signsOut = /^\/api\/logout\/*$/;

/** The address as a browser would read it; none where that is no place to go to. */
export function safeAddress(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isSafe = schemes.some((scheme) => scheme === url.protocol) && !signsOut.test(url.pathname);
  return isSafe ? url.href : null;
}

/** Writes every kind of token itself: nothing passes by. */
class ChatRenderer extends Renderer {
  constructor(
    options: MarkedOptions,
    private readonly context: MarkdownContext,
  ) {
    super(options);
  }

  override space(): string {
    return "";
  }
  override code({ text }: Tokens.Code): string {
    return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>`;
  }
  override blockquote({ tokens }: Tokens.Blockquote): string {
    return `<blockquote>${this.parser.parse(tokens)}</blockquote>`;
  }
  override html({ raw }: Tokens.HTML | Tokens.Tag): string {
    return escapeHtml(raw);
  }
  override def({ raw }: Tokens.Def): string {
    return escapeHtml(raw);
  }
  /** The page has its own headings, and the days are among them. */
  override heading({ tokens }: Tokens.Heading): string {
    return `<p dir="auto"><strong>${this.parser.parseInline(tokens)}</strong></p>`;
  }
  override hr(): string {
    return "<hr>";
  }
  override list({ ordered, start, items }: Tokens.List): string {
    const body = items.map((item) => this.listitem(item)).join("");
    if (!ordered) return `<ul>${body}</ul>`;
    return start === 1 ? `<ol>${body}</ol>` : `<ol start="${start}">${body}</ol>`;
  }
  override listitem({ tokens }: Tokens.ListItem): string {
    return `<li dir="auto">${this.parser.parse(tokens)}</li>`;
  }
  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? "☑ " : "☐ ";
  }
  override paragraph({ tokens }: Tokens.Paragraph): string {
    return `<p dir="auto">${this.parser.parseInline(tokens)}</p>`;
  }
  override table({ header, rows }: Tokens.Table): string {
    const row = (cells: readonly Tokens.TableCell[]) => `<tr>${cells.map((cell) => this.tablecell(cell)).join("")}</tr>`;
    const body = rows.map((cells) => row(cells)).join("");
    return `<div class="table" tabindex="0"><table><thead>${row(header)}</thead><tbody>${body}</tbody></table></div>`;
  }
  override tablecell({ header, tokens }: Tokens.TableCell): string {
    const tag = header ? "th" : "td";
    return `<${tag} dir="auto">${this.parser.parseInline(tokens)}</${tag}>`;
  }

  override strong({ tokens }: Tokens.Strong): string {
    return `<strong>${this.parser.parseInline(tokens)}</strong>`;
  }
  override em({ tokens }: Tokens.Em): string {
    return `<em>${this.parser.parseInline(tokens)}</em>`;
  }
  override del({ tokens }: Tokens.Del): string {
    return `<del>${this.parser.parseInline(tokens)}</del>`;
  }
  override codespan({ text }: Tokens.Codespan): string {
    return `<code>${escapeHtml(text)}</code>`;
  }
  override br(): string {
    return "<br>";
  }
  override link({ href, raw, tokens }: Tokens.Link): string {
    const address = safeAddress(href);
    return address === null ? this.words(raw) : this.anchor(address, this.parser.parseInline(tokens));
  }
  /** A link: a picture would load from anywhere unasked, and move the page when it comes. */
  override image({ href, raw, text }: Tokens.Image): string {
    const address = safeAddress(href);
    return address === null ? this.words(raw) : this.anchor(address, escapeHtml(text === "" ? address : text));
  }
  override text(token: Tokens.Text | Tokens.Escape): string {
    if (token.type === "escape") return this.words(token.text);
    // `raw`, for in `text` character references are resolved: what was typed is what is meant.
    return token.tokens === undefined ? this.words(token.raw) : this.parser.parseInline(token.tokens);
  }

  private anchor(address: string, inner: string): string {
    const isOwn = address.startsWith(`${this.context.origin}/`);
    const where = isOwn ? "" : ' target="_blank"';
    // What it says and where it leads may differ, and the title tells.
    return `<a href="${escapeHtml(address)}" title="${escapeHtml(address)}" rel="noopener noreferrer nofollow"${where}>${inner}</a>`;
  }

  /** Text, with the names that mention somebody. */
  private words(text: string): string {
    let html = "";
    let from = 0;
    for (const { start, end, name } of mentionsInPlain(text)) {
      const meant = whoIsMeant(name, this.context.names);
      if (meant === null) continue;
      const isMe = meant !== "other";
      const words = escapeHtml(text.slice(start, end));
      html += `${escapeHtml(text.slice(from, start))}<span class="${isMe ? "at at-me" : "at"}" data-name="${escapeHtml(name)}">${words}</span>`;
      from = end;
    }
    return html + escapeHtml(text.slice(from));
  }
}

function isCode(token: Token): token is Tokens.Code {
  return token.type === "code";
}

/** As it was written, line by line. */
function plainParts(text: string): readonly Part[] {
  const lines = escapeHtml(text).replaceAll("\n", "<br>");
  return [{ kind: "html", html: sanitize(`<p dir="auto">${lines}</p>`) }];
}

function partsOf(text: string, context: MarkdownContext): readonly Part[] {
  const hasEmphasis = (text.match(/[*_~]+/g) ?? []).length <= emphasisMax;
  const options: MarkedOptions = { gfm: true, breaks: true };
  options.tokenizer = new ChatTokenizer(options, hasEmphasis);
  options.renderer = new ChatRenderer(options, context);
  const parser = new Parser(options);
  const parts: Part[] = [];
  let others: Token[] = [];
  const close = () => {
    const html = sanitize(parser.parse(others));
    if (html !== "") parts.push({ kind: "html", html });
    others = [];
  };
  for (const token of new Lexer(options).lex(text)) {
    if (!isCode(token)) {
      others.push(token);
      continue;
    }
    close();
    parts.push({ kind: "code", code: token.text, language: /^[\w+#.-]*/.exec(token.lang ?? "")?.[0].toLowerCase() ?? "" });
  }
  close();
  return parts;
}

export function renderMarkdown(text: string, context: MarkdownContext): readonly Part[] {
  try {
    return partsOf(text, context);
  } catch (problem) {
    // Nested so deeply that the stack ended: nobody wrote that to be read.
    if (problem instanceof RangeError) return plainParts(text);
    throw problem;
  }
}
