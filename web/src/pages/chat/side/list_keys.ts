import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

const rowsIn = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>("[data-stop]") ?? [])];

/**
 * The rows of a list as one tab stop: arrows, Home and End move in it. Rows carry their name in `data-stop`; the stop is
 * where the focus was last, and the current row whenever another one becomes current, which is then scrolled into view.
 */
export function useListKeys(list: RefObject<HTMLElement | null>, names: readonly string[], current: string | undefined) {
  const [wanted, setStop] = useState(current);
  useEffect(() => setStop(current), [current]);
  const stop = [wanted, current].find((name) => name !== undefined && names.includes(name)) ?? names[0];

  const isThere = current !== undefined && names.includes(current);
  useLayoutEffect(() => {
    if (isThere) list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest" });
  }, [current, isThere, list]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = rowsIn(list.current);
    const at = rows.findIndex((row) => row === document.activeElement);
    if (at === -1) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.focus();
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && target.dataset["stop"] !== undefined) setStop(target.dataset["stop"]);
  };
  return { stop, keys: { onKeyDown, onFocusIn } };
}
