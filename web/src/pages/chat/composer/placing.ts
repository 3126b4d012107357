const gapPx = 4;

/** Over a frame and growing upwards, unless there is more room below it; never outside the window. */
export function placeBy(element: HTMLElement, frame: Element, side: "start" | "end"): void {
  const at = frame.getBoundingClientRect();
  const below = innerHeight - at.bottom;
  const isAbove = at.top >= Math.min(below, element.offsetHeight + 2 * gapPx);
  const left = side === "start" ? at.left : at.right - element.offsetWidth;
  const { style } = element;
  style.setProperty("left", `${Math.max(gapPx, Math.min(left, innerWidth - element.offsetWidth - gapPx))}px`);
  style.setProperty("top", isAbove ? "auto" : `${at.bottom + gapPx}px`);
  style.setProperty("bottom", isAbove ? `${innerHeight - at.top + gapPx}px` : "auto");
  style.setProperty("max-height", `${(isAbove ? at.top : below) - 2 * gapPx}px`);
}
