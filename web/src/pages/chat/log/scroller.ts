import type { Seq } from "../../../api/shapes";

/** What stays where it is when anything else changes its size: the end of the log, or a row at a distance from the top. */
type Anchor = "end" | { readonly element: HTMLElement; readonly top: number };

/** So near to the end it is at the end: browsers round. */
const slackPx = 8;

/**
 * The place in a log whose rows come, go and grow at both ends. The browser's own scroll anchoring is off (messages.css): not
 * every browser has it, and none has it at the very top, where older messages come in.
 */
export class Scroller {
  private anchor: Anchor = "end";
  /** As it was set or seen last: what differs from it was scrolled by the person. */
  private top = 0;

  constructor(
    private readonly box: HTMLElement,
    /** The box's one child, and parent of the rows. */
    private readonly column: HTMLElement,
  ) {}

  /** On a phone a panel may stand in its place. */
  isVisible(): boolean {
    return this.box.clientHeight > 0;
  }

  isAtEnd(): boolean {
    return this.room().below <= slackPx;
  }

  /** How much of the log there is above and below what is seen. */
  room(): { readonly above: number; readonly below: number; readonly height: number } {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    return { above: scrollTop, below: Math.max(0, scrollHeight - clientHeight - scrollTop), height: clientHeight };
  }

  /** How far the person has scrolled since it was asked last. `mayFollow`: nothing is left out behind the last row. */
  noticeScroll(mayFollow: boolean): number {
    const moved = this.box.scrollTop - this.top;
    if (moved === 0) return 0;
    this.top = this.box.scrollTop;
    this.drop(mayFollow);
    return moved;
  }

  /** Puts what is held back to where it was, or to where the person has scrolled it meanwhile. */
  hold(mayFollow: boolean): void {
    this.noticeUntold();
    if (this.anchor === "end" && !mayFollow) this.drop(false);
    if (this.anchor === "end") this.set(this.box.scrollHeight);
    else if (this.anchor.element.isConnected) this.set(this.box.scrollTop + this.topOf(this.anchor.element) - this.anchor.top);
    else this.drop(mayFollow);
  }

  /** Holds the row that is at the top, wherever the end is. */
  pin(): void {
    this.drop(false);
  }

  toEnd(): void {
    this.anchor = "end";
    this.set(this.box.scrollHeight);
  }

  toElement(element: HTMLElement, topPx: number, mayFollow: boolean): void {
    this.set(this.box.scrollTop + this.topOf(element) - topPx);
    this.drop(mayFollow);
  }

  toMiddle(element: HTMLElement): void {
    const free = this.box.clientHeight - element.offsetHeight;
    this.toElement(element, Math.max(free / 2, 0), false);
  }

  find(selector: string): HTMLElement | null {
    return this.column.querySelector<HTMLElement>(selector);
  }

  /** None where there is no such thing. */
  placeOf(selector: string): "above" | "in view" | "below" | null {
    const element = this.find(selector);
    if (element === null) return null;
    const top = this.topOf(element);
    if (top < 0) return "above";
    return top < this.box.clientHeight ? "in view" : "below";
  }

  /** The row of that entry, or of the next one that has a row. */
  rowAt(seq: Seq): HTMLElement | null {
    const rows = [...this.column.querySelectorAll<HTMLElement>("[data-seq]")];
    return rows.find((row) => Number(row.dataset["seq"]) >= seq) ?? rows.at(-1) ?? null;
  }

  /** The newest entry that is in view, were it only its first line; 0 where there is none. */
  lowestSeq(): Seq {
    const { clientHeight } = this.box;
    for (let at = this.firstBelow(clientHeight) - 1; at >= 0; --at) {
      const row = this.column.children[at];
      if (row instanceof HTMLElement && row.dataset["seq"] !== undefined) return Number(row.dataset["seq"]);
    }
    return 0;
  }

  /** The browser scrolls by itself and tells of it with its next frame; rows that come before that must not undo it. */
  private noticeUntold(): void {
    const moved = this.box.scrollTop - this.top;
    const isPushedByEnd = this.room().below < 1;
    if (moved === 0 || isPushedByEnd || this.anchor === "end") return;
    this.top += moved;
    this.anchor = { element: this.anchor.element, top: this.anchor.top - moved };
  }

  private set(top: number): void {
    this.box.scrollTop = top;
    this.top = this.box.scrollTop; // rounded, and within its bounds
  }

  private drop(mayFollow: boolean): void {
    if (mayFollow && this.isAtEnd()) {
      this.anchor = "end";
      return;
    }
    const { children } = this.column;
    const row = children[Math.max(0, this.firstBelow(0) - 1)];
    // The one before the first that begins in view may reach into it.
    const next = children[this.firstBelow(0)];
    const element = row instanceof HTMLElement && this.topOf(row) + row.offsetHeight > 0 ? row : next;
    if (element instanceof HTMLElement) this.anchor = { element, top: this.topOf(element) };
  }

  /** The index of the first row that begins at or below `y` in the view; rows are in their order, so half of them never matter. */
  private firstBelow(y: number): number {
    const { children } = this.column;
    let low = 0;
    let high = children.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = children[middle];
      if (row instanceof HTMLElement && this.topOf(row) < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Below the upper edge of what is seen. */
  private topOf(element: Element): number {
    return element.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
  }
}
