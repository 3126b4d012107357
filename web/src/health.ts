import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

/** How the server answers our calls, for the connection line. */
export class Health {
  private readonly slow = signal(false);
  private readonly busy = signal(0);
  /** Some call has waited for seconds. */
  readonly isSlow: ReadonlySignal<boolean> = this.slow;
  /** It asked for patience until then, on our clock. */
  readonly busyUntil: ReadonlySignal<number> = this.busy;

  saySlow(isSlow: boolean): void {
    this.slow.value = isSlow;
  }

  sayBusy(until: number): void {
    this.busy.value = Math.max(until, this.busy.peek());
  }
}
