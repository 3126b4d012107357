import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { forget, remember, remembered } from "./remembered";

/** The browser's own notices, on this device: asked for by a press and never otherwise. */
export type Notices = "off" | "on" | "denied" | "missing";

function present(): Notices {
  if (!("Notification" in globalThis)) return "missing";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && remembered("notices") === "on" ? "on" : "off";
}

const current = signal(present());
const withSound = signal(remembered("sound") === "on");

export const notices: ReadonlySignal<Notices> = current;
/** Off by default. */
export const sound: ReadonlySignal<boolean> = withSound;

export async function setNotices(wanted: boolean): Promise<void> {
  if (wanted) {
    if (Notification.permission === "default") await Notification.requestPermission();
    remember("notices", "on");
  } else forget("notices");
  current.value = present();
}

export function setSound(wanted: boolean): void {
  if (wanted) remember("sound", "on");
  else forget("sound");
  withSound.value = wanted;
}
