/** The emoji that were chosen last on this device, the latest first. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { remember, remembered } from "../../../../remembered";

const key = "emoji";
/** Two rows of the picker. */
export const recentMax = 16;

const current = signal<readonly string[]>((remembered(key) ?? "").split(" ").filter((sign) => sign !== "").slice(0, recentMax));
export const recentEmoji: ReadonlySignal<readonly string[]> = current;

export function choseEmoji(sign: string): void {
  current.value = [sign, ...current.peek().filter((each) => each !== sign)].slice(0, recentMax);
  remember(key, current.peek().join(" "));
}
