import type { ComponentChild, ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import { useClock } from "./time";

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** As shown at its end: the key that does the same. */
  readonly shortcut?: string;
  readonly danger?: boolean;
  /** One of several of which one is chosen: whether it is this. */
  readonly checked?: boolean;
  readonly select: () => void;
}

/** Of which one is chosen. */
export interface MenuChoice {
  readonly title: string;
  readonly items: readonly MenuItem[];
}

/** "line" parts groups. */
export type MenuEntry = MenuItem | MenuChoice | "line";

const anyItem = '[role^="menuitem"]';
const typeAheadMs = 700;
const gapPx = 4;

/** Which edges of the menu and of what opens it are in line. */
export type MenuEdge = "start" | "end";

/** Where the menu fits: under its anchor and in line with it, or above it; never outside the window. */
function place(menu: HTMLElement, anchor: HTMLElement, edge: MenuEdge): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const leftToRight = getComputedStyle(anchor).direction !== "rtl";
  const left = leftToRight === (edge === "start") ? at.left : at.right - width;
  const below = at.bottom + gapPx;
  const top = below + height <= innerHeight ? below : at.top - gapPx - height;
  const within = (value: number, most: number) => Math.max(gapPx, Math.min(value, most));
  menu.style.setProperty("left", `${within(left, innerWidth - width - gapPx)}px`);
  menu.style.setProperty("top", `${within(top, innerHeight - height - gapPx)}px`);
}

interface MenuProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly anchor: HTMLElement;
  /** What the menu is about, shown over it where it covers that: on a phone. */
  readonly heading?: ComponentChild;
  readonly edge?: MenuEdge;
  readonly onClose: () => void;
}

/** Open as long as it is rendered. Below 720 px it is a sheet at the lower edge (overlays.css). */
export function Menu({ label, entries, anchor, heading, edge = "end", onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const typed = useTypeAhead();
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>(anyItem) ?? [])];

  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return undefined;
    element.showPopover();
    place(element, anchor, edge);
    element.querySelector<HTMLElement>(anyItem)?.focus();
    return () => {
      if (element.contains(document.activeElement)) anchor.focus();
    };
  }, [anchor, edge]);

  const move = (to: (at: number, count: number) => number) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    all[(to(at, all.length) + all.length) % all.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move((at) => at + 1),
      ArrowUp: () => move((at, count) => (at === -1 ? count - 1 : at - 1)),
      Home: () => move(() => 0),
      End: () => move((_at, count) => count - 1),
      Escape: onClose,
      Tab: onClose,
    };
    const known = moves[event.key];
    if (known === undefined) typed(event, items());
    else {
      event.preventDefault();
      event.stopPropagation();
      known();
    }
  };
  const choose = (item: MenuItem) => {
    anchor.focus(); // before a dialog opens: it returns the focus to where it came from
    onClose();
    item.select();
  };

  return (
    <div
      ref={menu}
      class="menu"
      popover="auto"
      role="menu"
      aria-label={label}
      onKeyDown={onKeyDown}
      onToggle={(event) => event.newState === "closed" && onClose()}
    >
      <div class="grip" aria-hidden="true" />
      {heading !== undefined && (
        <p class="asked cut" aria-hidden="true">
          {heading}
        </p>
      )}
      {entries.map((entry, index) =>
        entry === "line" ? (
          <hr key={index} />
        ) : "items" in entry ? (
          <div key={index} role="group" aria-label={entry.title}>
            <p class="menu-title" aria-hidden="true">
              {entry.title}
            </p>
            {entry.items.map((item) => (
              <Item key={item.label} item={item} onChoose={choose} />
            ))}
          </div>
        ) : (
          <Item key={index} item={entry} onChoose={choose} />
        ),
      )}
    </div>
  );
}

const Item = ({ item, onChoose }: { readonly item: MenuItem; readonly onChoose: (item: MenuItem) => void }) => (
  <button
    type="button"
    role={item.checked === undefined ? "menuitem" : "menuitemradio"}
    aria-checked={item.checked}
    tabIndex={-1}
    class={item.danger === true ? "danger" : undefined}
    onClick={() => onChoose(item)}
  >
    {item.icon && <Icon name={item.icon} />}
    {item.label}
    {item.shortcut !== undefined && <kbd>{item.shortcut}</kbd>}
  </button>
);

/** Letters typed soon after one another go to the next item that begins with them. */
function useTypeAhead(): (event: KeyboardEvent, items: readonly HTMLElement[]) => void {
  const clock = useClock();
  const typed = useRef({ text: "", until: 0 });
  return (event, items) => {
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    const now = clock.now();
    const text = (now < typed.current.until ? typed.current.text : "") + event.key.toLocaleLowerCase();
    typed.current = { text, until: now + typeAheadMs };
    const at = items.findIndex((item) => item === document.activeElement);
    // One letter moves on from here; more letters refine where one stands already.
    const from = text.length === 1 ? at + 1 : Math.max(at, 0);
    const inOrder = [...items.slice(from), ...items.slice(0, from)];
    inOrder.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(text))?.focus();
  };
}

interface MenuButtonProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly icon?: IconName;
  readonly heading?: ComponentChild;
  /** -1 in a row of a list that is one tab stop. */
  readonly tabIndex?: number;
  readonly edge?: MenuEdge;
  /** The class of the button, where it is no icon. */
  readonly look?: string;
  /** In place of the icon: what it reads is then the button's name. */
  readonly children?: ComponentChildren;
}

export function MenuButton(props: MenuButtonProps) {
  const { label, entries, icon = "more", heading, tabIndex, edge = "end", look = "icon-btn", children } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  // So that the browser does not close the menu at pointerdown, only for the click to open it again. After the paint: in
  // the click that opens the menu the browser would toggle it at once.
  useEffect(() => {
    if (button.current === null) return;
    const menu = button.current.nextElementSibling;
    button.current.popoverTargetElement = open ? menu : null;
  }, [open]);
  return (
    <>
      <button
        ref={button}
        class={look}
        type="button"
        tabIndex={tabIndex}
        aria-label={children === undefined ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {children ?? <Icon name={icon} />}
      </button>
      {open && button.current !== null && (
        <Menu
          label={label}
          entries={entries}
          anchor={button.current}
          heading={heading}
          edge={edge}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
