/** Puts `text` where start to end stood, the caret behind it; undone like what was typed. */
export function replaceText(box: HTMLTextAreaElement, start: number, end: number, text: string): void {
  box.focus();
  box.setSelectionRange(start, end);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way to change a text and keep its history
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, start, end, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Puts `text` at the caret, in place of what is selected. */
export function insertText(box: HTMLTextAreaElement, text: string): void {
  replaceText(box, box.selectionStart, box.selectionEnd, text);
}
