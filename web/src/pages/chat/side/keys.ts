import { isMac } from "../../../ui/platform";

/**
 * The Latin letter that a press stands for. As it is written on the key where the layout has Latin letters; elsewhere by its
 * place, so that Ctrl К on a Russian keyboard, whose event says "л", is Ctrl K.
 */
export function letterOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const isOtherScript = /^\p{L}$/u.test(key);
  return isOtherScript && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : "";
}

/** Ctrl alone, on a Mac ⌘ alone: nobody's AltGr, and none of the system's own presses. */
export const isCommand = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !altKey && (isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey);

export const isSlash = ({ key, code, shiftKey }: KeyboardEvent): boolean => key === "/" || (code === "Slash" && !shiftKey);

const fields = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

export const isInField = (target: EventTarget | null): boolean => target instanceof Element && target.closest(fields) !== null;

/** Whether Alt with an arrow already means something here: moving by paragraphs in a text on a Mac, opening a list. */
export function isArrowTaken({ target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("select, [role=combobox][aria-expanded=true], [role=menu]") !== null) return true;
  const text = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : "";
  return isMac && text !== "";
}
