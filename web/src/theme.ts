import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { forget, remember, remembered } from "./remembered";

export type Theme = "system" | "light" | "dark";

const known = remembered("theme"); // first_paint.ts has shown it already
const current = signal<Theme>(known === "light" || known === "dark" ? known : "system");

export const theme: ReadonlySignal<Theme> = current;

export function setTheme(wanted: Theme): void {
  current.value = wanted;
  if (wanted === "system") {
    forget("theme");
    delete document.documentElement.dataset["theme"];
  } else {
    remember("theme", wanted);
    document.documentElement.dataset["theme"] = wanted;
  }
}

/** What one sees, whoever chose it. */
export const shownTheme = (): "light" | "dark" => {
  if (current.value !== "system") return current.value;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
};
