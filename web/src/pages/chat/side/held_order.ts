import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";

/** What was there stays where it was; what is new comes behind it. */
export function keepOrder<Id>(before: readonly Id[], now: readonly Id[]): readonly Id[] {
  const present = new Set(now);
  const known = new Set(before);
  return [...before.filter((id) => present.has(id)), ...now.filter((id) => !known.has(id))];
}

/** Nothing moves under a pointer or a focus: while one of them is in the list, `ids` keep the order that they had. */
export function useHeldOrder<Id>(list: RefObject<HTMLElement | null>, ids: readonly Id[]) {
  const shown = useRef<readonly Id[]>([]);
  const [isPointed, setPointed] = useState(false);
  const [, look] = useState({});
  // Asked anew each time: a list that is hidden under its focus tells nobody.
  const isHeld = isPointed || (document.activeElement !== null && list.current?.contains(document.activeElement) === true);
  shown.current = isHeld ? keepOrder(shown.current, ids) : ids;
  return {
    order: shown.current,
    holding: {
      // A finger leaves nothing on the screen that could be moved from under it.
      onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && setPointed(true),
      onPointerLeave: () => setPointed(false),
      // The element that loses the focus still has it while this is called.
      onFocusOut: () => queueMicrotask(() => look({})),
    },
  };
}
