import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

// As in the styles: below it one pane is shown, at its own address.
const query = matchMedia("(min-width: 720px)");
const current = signal(query.matches);
query.addEventListener("change", ({ matches }) => (current.value = matches));

/** Whether the list stands beside the room. */
export const isWide: ReadonlySignal<boolean> = current;
