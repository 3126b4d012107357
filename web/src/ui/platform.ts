/** Whether Ctrl is ⌘ here. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The modifier as the person's own keyboard calls it. */
export const commandKey = isMac ? "⌘" : "Ctrl";
