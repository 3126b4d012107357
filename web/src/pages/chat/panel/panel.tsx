import type { ComponentChild, ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { nameOfRoom } from "../../../model/presence";
import { route } from "../../../routes";
import { IconButton } from "../../../ui/button";
import { isWide } from "../../../ui/width";
import { useChat } from "../chat_services";

interface PanelProps {
  readonly label: string;
  /** Beside the label. */
  readonly aside?: ComponentChild;
  /** Buttons of its head. */
  readonly actions?: ComponentChild;
  /** It stands in its own column, and nobody has asked for it: the focus stays where it is. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Beside the room, over it, or on a phone in its place (panel.css). Escape closes what was asked for, and the focus
 *  returns to where it was; what stands there anyway it leaves for the composer. */
export function Panel({ label, aside, actions, isOwn, onClose, children }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  useFocusReturned(panel, !isOwn);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || isAbove(event.target)) return;
    event.preventDefault();
    if (isOwn) document.getElementById("composer")?.focus();
    else onClose();
  };
  const Frame = isWide.value ? "aside" : "main"; // on a phone it is the page
  return (
    <>
      {!isOwn && <div class="panel-scrim" onClick={onClose} />}
      <Frame ref={panel} id="panel" class="panel" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
        <header class="bar">
          <span class="narrow-only">
            <IconButton icon="left" label={t("act.back")} onClick={onClose} />
          </span>
          {!isWide.value && <RoomTitle />}
          <h2 class="cut">
            {label}
            {aside}
          </h2>
          {actions}
          <span class="wide-only">
            <IconButton icon="x" label={t("act.close")} onClick={onClose} />
          </span>
        </header>
        {children}
      </Frame>
    </>
  );
}

/** Whose members or settings these are. */
function RoomTitle() {
  const { chat } = useChat();
  const at = route.value;
  const room = at.page === "room" ? chat.state.value.rooms.get(at.room) : undefined;
  return <h1 class="unseen">{room && nameOfRoom(chat.state.value, room)}</h1>;
}

/** A dialog that the panel has opened stands over it, though it is a part of it. */
const isAbove = (target: EventTarget | null) => target instanceof Element && target.closest("dialog") !== null;

/** The focus is in the panel as long as it is open, and then where it came from. */
function useFocusReturned(panel: { readonly current: HTMLElement | null }, wasAskedFor: boolean): void {
  useLayoutEffect(() => {
    const element = panel.current;
    const opener = document.activeElement;
    if (wasAskedFor) element?.focus({ preventScroll: true });
    return () => {
      const focused = document.activeElement;
      if (element?.contains(focused) !== true && focused !== document.body) return;
      const back = opener instanceof HTMLElement && opener.isConnected ? opener : document.querySelector("main");
      if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    };
  }, [panel, wasAskedFor]);
}
