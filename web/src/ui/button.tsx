import type { ComponentChildren, Ref } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import { busyShownAfterMs, useLasting } from "./time";

interface ButtonProps {
  readonly children: ComponentChildren;
  /** One primary button in a view. */
  readonly variant?: "primary" | "danger" | "plain" | undefined;
  readonly type?: "button" | "submit";
  readonly icon?: IconName;
  readonly small?: boolean;
  readonly wide?: boolean;
  readonly busy?: boolean;
  /** Stands in the button once it has been busy for a moment. */
  readonly busyLabel?: string;
  /** Why it cannot be pressed now; it keeps its place in the Tab order and says so there. */
  readonly disabledWhy?: string | undefined;
  /** Its name, where the words in it need what stands beside it. */
  readonly label?: string;
  readonly describedBy?: string | undefined;
  readonly autofocus?: boolean;
  readonly onClick?: () => void;
}

export function Button(props: ButtonProps) {
  const { variant, type = "button", icon, small, wide, busy = false, busyLabel, disabledWhy, onClick } = props;
  const whyId = useId();
  const button = useRef<HTMLButtonElement>(null);
  const showsBusy = useLasting(busy, busyShownAfterMs) && busyLabel !== undefined;
  useKeptWidth(button, busy);

  const off = disabledWhy !== undefined;
  const press = (event: Event) => {
    // Also stops the form that Enter in a field would send by this button.
    if (off || busy) event.preventDefault();
    else onClick?.();
  };
  const look = ["btn", variant && `btn-${variant}`, small && "btn-sm", wide && "btn-wide"].filter(Boolean).join(" ");
  const element = (
    <button
      ref={button}
      class={look}
      type={type}
      aria-disabled={off || undefined}
      aria-label={props.label}
      aria-busy={busy || undefined}
      aria-describedby={off ? whyId : props.describedBy}
      autofocus={props.autofocus}
      onClick={press}
    >
      {icon && <Icon name={icon} />}
      {showsBusy ? busyLabel : props.children}
    </button>
  );
  if (!off) return element;
  return (
    <span class={wide ? "why btn-wide" : "why"}>
      {element}
      <span id={whyId} role="tooltip">
        {disabledWhy}
      </span>
    </span>
  );
}

/** A button whose words change keeps the width that it had: nothing beside it moves. */
function useKeptWidth(button: Ref<HTMLButtonElement> & { current: HTMLButtonElement | null }, busy: boolean): void {
  useLayoutEffect(() => {
    const element = button.current;
    if (!busy || element === null) return undefined;
    element.style.setProperty("min-inline-size", `${element.offsetWidth}px`);
    return () => element.style.removeProperty("min-inline-size");
  }, [busy, button]);
}

interface IconButtonProps {
  readonly icon: IconName;
  /** Its name; shown on hover too. */
  readonly label: string;
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

export const IconButton = ({ icon, label, pressed, onClick }: IconButtonProps) => (
  <button class="icon-btn" type="button" aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

interface LinkButtonProps {
  readonly children: ComponentChildren;
  readonly label?: string;
  readonly icon?: IconName;
  readonly onClick: () => void;
}

/** A press that looks like a word: Show, Copy, Retry. */
export const LinkButton = ({ children, label, icon, onClick }: LinkButtonProps) => (
  <button class="link" type="button" aria-label={label} onClick={onClick}>
    {icon && <Icon name={icon} />}
    {children}
  </button>
);
