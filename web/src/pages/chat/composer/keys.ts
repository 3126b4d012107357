/** What Enter means in a box in which a message is written. Nothing, while an input method asks for it to take its word. */
export function enterMeans(event: KeyboardEvent, enterSends: boolean): "send" | "break" | null {
  if (event.key !== "Enter" || isComposing(event)) return null;
  if (event.ctrlKey || event.metaKey) return "send";
  return enterSends && !event.shiftKey && !event.altKey ? "send" : "break";
}

export function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return altKey || ctrlKey || metaKey || shiftKey;
}

/** Safari ends the composition before it tells of the key that ended it, and calls that key 229. */
export function isComposing(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells it there
  return event.isComposing || event.keyCode === 229;
}
