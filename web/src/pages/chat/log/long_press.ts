import { useEffect } from "preact/hooks";
import { useClock } from "../../../ui/time";

const pressMs = 450;
/** A finger is never quite still. */
const stillPx = 10;

interface Press {
  readonly row: HTMLElement;
  readonly since: number;
  readonly x: number;
  readonly y: number;
}

/** A finger that rests on a row of the log: what a pointer has by hovering. */
export function useLongPress(box: { readonly current: HTMLElement | null }, pressed: (row: HTMLElement) => void): void {
  const clock = useClock();
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const listeners = new AbortController();
    const { signal } = listeners;
    let press: Press | null = null;
    const forget = () => {
      press = null;
    };
    const start = ({ touches, target }: TouchEvent) => {
      const [finger] = touches;
      const row = rowUnder(target);
      const isOne = touches.length === 1 && finger !== undefined && row !== null;
      press = isOne ? { row, since: clock.now(), x: finger.clientX, y: finger.clientY } : null;
    };
    const move = ({ touches: [finger] }: TouchEvent) => {
      if (press !== null && finger !== undefined && Math.hypot(finger.clientX - press.x, finger.clientY - press.y) > stillPx) forget();
    };
    // Not before the finger is gone: its going would close a menu that it has not touched, or press what has come under it.
    const end = (event: TouchEvent) => {
      if (press !== null && clock.now() - press.since >= pressMs) {
        event.preventDefault();
        pressed(press.row);
      }
      forget();
    };
    element.addEventListener("touchstart", start, { signal, passive: true });
    element.addEventListener("touchmove", move, { signal, passive: true });
    element.addEventListener("touchend", end, { signal });
    for (const name of ["touchcancel", "scroll"]) element.addEventListener(name, forget, { signal, passive: true });
    // Where a long press also asks for the browser's own menu.
    element.addEventListener("contextmenu", (event) => press !== null && event.preventDefault(), { signal });
    return () => listeners.abort();
  }, [box, clock, pressed]);
}

/** Links have a menu of the browser's own, and a box one writes in has, too. */
function rowUnder(target: EventTarget | null): HTMLElement | null {
  if (!(target instanceof Element) || target.closest("a, textarea, button") !== null) return null;
  return target.closest<HTMLElement>("article");
}
