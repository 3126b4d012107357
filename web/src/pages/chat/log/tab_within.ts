import { useLayoutEffect } from "preact/hooks";

/** 0 in the row that Tab comes to, else -1: what is in other rows is not for Tab. */
export interface InRow {
  readonly tab: 0 | -1;
}

/**
 * Links are there for Tab in the row that it has come to. What scrolls is there always: without a pointer only keys move it.
 * `content`: moves when other elements are in there.
 */
export function useTabWithin(place: { readonly current: HTMLElement | null }, tab: InRow["tab"], content: unknown): void {
  useLayoutEffect(() => {
    const root = place.current;
    if (root === null) return undefined;
    for (const link of root.querySelectorAll("a")) link.tabIndex = tab;
    const boxes = root.querySelectorAll<HTMLElement>("pre, .table");
    if (boxes.length === 0) return undefined;
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        if (target instanceof HTMLElement) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : tab;
      }
    });
    for (const box of boxes) {
      box.tabIndex = tab;
      observer.observe(box);
    }
    return () => observer.disconnect();
  }, [place, tab, content]);
}
