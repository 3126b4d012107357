import { sound } from "../../../notices";
import type { Notice } from "./notify";
import { playTone } from "./tone";

export { Notifier } from "./notify";

/** Silent by itself: whether it sounds is the person's choice, and the same on every system. */
export function showNotice({ tag, title, body, press }: Notice): (() => void) | null {
  try {
    const shown = new Notification(title, { tag, body, silent: true });
    shown.onclick = () => {
      window.focus();
      press();
      shown.close();
    };
    if (sound.value) playTone();
    return () => shown.close();
  } catch {
    return null; // phones have the class and refuse to make one
  }
}
