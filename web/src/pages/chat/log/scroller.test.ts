import { beforeEach, describe, expect, it } from "vitest";
import { Scroller } from "./scroller";

const viewHeight = 400;
const rowHeight = 100;

/** A box with rows of one height: what a browser would lay out. */
class Rows {
  readonly box = document.createElement("div");
  readonly column = document.createElement("div");
  private top = 0;

  constructor(count: number) {
    this.box.append(this.column);
    document.body.replaceChildren(this.box);
    Object.defineProperties(this.box, {
      clientHeight: { get: () => viewHeight },
      scrollHeight: { get: () => this.height },
      scrollTop: { get: () => this.top, set: (top: number) => (this.top = this.within(top)) },
    });
    this.addBelow(count);
  }

  private get height(): number {
    return this.column.children.length * rowHeight;
  }

  private within(top: number): number {
    return Math.max(0, Math.min(top, this.height - viewHeight));
  }

  private row(): HTMLElement {
    const row = document.createElement("article");
    const top = () => [...this.column.children].indexOf(row) * rowHeight - this.box.scrollTop;
    Object.defineProperty(row, "offsetHeight", { get: () => rowHeight });
    row.getBoundingClientRect = () => new DOMRect(0, top(), 0, rowHeight);
    return row;
  }

  addAbove(count: number): void {
    for (let added = 0; added < count; ++added) this.column.prepend(this.row());
  }

  addBelow(count: number): void {
    for (let added = 0; added < count; ++added) this.column.append(this.row());
  }

  removeBelow(count: number): void {
    for (let removed = 0; removed < count; ++removed) this.column.lastElementChild?.remove();
    this.top = this.within(this.top);
  }
}

describe("the place in a log", () => {
  let rows: Rows;
  let scroller: Scroller;
  const scrollTo = (top: number) => {
    rows.box.scrollTop = top;
    scroller.noticeScroll(true);
  };

  beforeEach(() => {
    rows = new Rows(20);
    scroller = new Scroller(rows.box, rows.column);
    scroller.toEnd();
  });

  it("is the end while that is in view, whatever comes", () => {
    rows.addBelow(3);
    scroller.hold(true);
    expect(rows.box.scrollTop).toBe(2_300 - viewHeight);
  });

  it("stays where it is when older messages come in above", () => {
    scrollTo(250);
    rows.addAbove(5);
    scroller.hold(true);
    expect(rows.box.scrollTop).toBe(750);
  });

  it("keeps what was scrolled in the moment before they came, of which the browser has not told yet", () => {
    scrollTo(600);
    rows.box.scrollTop = 250;
    rows.addAbove(5);
    scroller.hold(true);
    expect(rows.box.scrollTop).toBe(750);
    scroller.noticeScroll(true);
    rows.addAbove(1);
    scroller.hold(true);
    expect(rows.box.scrollTop).toBe(850);
  });

  it("takes being pushed up by the end for no scrolling", () => {
    scrollTo(1_500);
    rows.removeBelow(4);
    scroller.hold(false);
    rows.addBelow(4);
    scroller.hold(false);
    expect(rows.box.scrollTop).toBe(1_500);
  });
});
