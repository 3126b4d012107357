import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const gapPx = 6;

/** The row's whole name, where the row shows only its beginning. */
function cutName(target: EventTarget | null): HTMLElement | undefined {
  const name = target instanceof Element ? target.closest("[data-stop]")?.querySelector<HTMLElement>(".name") : undefined;
  return name && name.scrollWidth > name.clientWidth ? name : undefined;
}

/** What does not fit into its row stands beside it, under the pointer and on focus. Screen readers have it already. */
export function useNameTip(list: RefObject<HTMLElement | null>) {
  const [of, setOf] = useState<HTMLElement>();
  const show = ({ target }: Event) => setOf(cutName(target));
  const hide = () => setOf(undefined);
  useEffect(() => {
    const element = list.current;
    element?.addEventListener("scroll", hide, { passive: true });
    return () => element?.removeEventListener("scroll", hide);
  }, [list]);
  return {
    tip: of === undefined ? null : <NameTip key={of.textContent} of={of} />,
    tipping: {
      onPointerOver: (event: PointerEvent) => event.pointerType === "mouse" && show(event),
      onPointerLeave: hide,
      onFocusIn: show,
      onFocusOut: hide,
    },
  };
}

function NameTip({ of }: { readonly of: HTMLElement }) {
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = tip.current;
    if (element === null) return undefined;
    element.showPopover();
    const at = of.getBoundingClientRect();
    element.style.setProperty("left", `${at.left}px`);
    element.style.setProperty("top", `${Math.min(at.bottom + gapPx, innerHeight - element.offsetHeight - gapPx)}px`);
    return () => element.hidePopover();
  }, [of]);
  return (
    <div ref={tip} class="tip" popover="manual" aria-hidden="true">
      <bdi>{of.textContent}</bdi>
    </div>
  );
}
