/** The composer's box: `#composer` is where the skip link leads, too. */
export const composerId = "composer";

export function focusComposer(): void {
  document.getElementById(composerId)?.focus();
}

/** Whether a focus costs nothing: on a touch screen it brings up a keyboard over what one came to read. */
export const focusIsFree = (): boolean => matchMedia("(pointer: fine)").matches;
