import { useEffect } from "preact/hooks";
import { useClock } from "../../../ui/time";

const pressMs = 450;
/** A finger is never quite still. */
const stillPx = 10;

/** A finger that rests on a row of the log: what a pointer has by hovering. */
export function useLongPress(box: { readonly current: HTMLElement | null }, pressed: (row: HTMLElement) => void): void {
  const clock = useClock();
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const listeners = new AbortController();
    const options = { signal: listeners.signal, passive: true };
    let callOff: () => void = () => undefined;
    let from = { x: 0, y: 0 };
    const down = ({ pointerType, target, clientX, clientY }: PointerEvent) => {
      callOff();
      const row = rowUnder(target);
      if (pointerType === "mouse" || row === null) return;
      from = { x: clientX, y: clientY };
      callOff = clock.after(pressMs, () => pressed(row));
    };
    const move = ({ clientX, clientY }: PointerEvent) => {
      if (Math.hypot(clientX - from.x, clientY - from.y) > stillPx) callOff();
    };
    element.addEventListener("pointerdown", down, options);
    element.addEventListener("pointermove", move, options);
    for (const name of ["pointerup", "pointercancel", "scroll"]) element.addEventListener(name, () => callOff(), options);
    // Where a long press also asks for the browser's own menu.
    element.addEventListener("contextmenu", (event) => isByTouch(event) && rowUnder(event.target) !== null && event.preventDefault(), {
      signal: listeners.signal,
    });
    return () => {
      callOff();
      listeners.abort();
    };
  }, [box, clock, pressed]);
}

const isByTouch = (event: MouseEvent): boolean => event instanceof PointerEvent && event.pointerType === "touch";

/** Links have a menu of the browser's own, and a box one writes in has, too. */
function rowUnder(target: EventTarget | null): HTMLElement | null {
  if (!(target instanceof Element) || target.closest("a, textarea, button") !== null) return null;
  return target.closest<HTMLElement>("article");
}
