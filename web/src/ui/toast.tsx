import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { clock } from "../api/clock";
import type { Clock } from "../api/clock";
import { t } from "../i18n/catalogue";
import { Button, IconButton } from "./button";

const shownMs = 6_000;

export interface Undoable {
  /** Puts back what the page shows. */
  readonly undo: () => void;
  /** Does it in earnest: the toast is over and Undo was not pressed. */
  readonly commit: () => void;
}

interface Toast {
  readonly text: string;
  readonly undoable: Undoable | undefined;
}

/** One at a time, as the answer to a press; a new one ends the one before. */
export class Toasts {
  private readonly current = signal<Toast | undefined>(undefined);
  private callOff: () => void = () => undefined;
  readonly shown: ReadonlySignal<Toast | undefined> = this.current;

  constructor(private readonly time: Clock) {}

  show(text: string, undoable?: Undoable): void {
    this.end();
    this.current.value = { text, undoable };
    this.release();
  }

  /** While the pointer or the focus is on it, it stays. */
  hold(): void {
    this.callOff();
  }

  release(): void {
    this.callOff();
    if (this.current.peek() !== undefined) this.callOff = this.time.after(shownMs, () => this.end());
  }

  undo(): void {
    const toast = this.take();
    toast?.undoable?.undo();
  }

  /** Closed, run out, replaced, or the page is going: what could be undone is done now. */
  end(): void {
    const toast = this.take();
    toast?.undoable?.commit();
  }

  private take(): Toast | undefined {
    this.callOff();
    const toast = this.current.peek();
    this.current.value = undefined;
    return toast;
  }
}

export const toasts = new Toasts(clock);

/** Stands once in the page, so that screen readers know it before it speaks. */
export function ToastRegion({ of = toasts }: { readonly of?: Toasts }) {
  const region = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => region.current?.showPopover(), []);
  const toast = of.shown.value;
  return (
    <div
      ref={region}
      class="toasts"
      popover="manual"
      role="status"
      onPointerEnter={() => of.hold()}
      onPointerLeave={() => of.release()}
      onFocusIn={() => of.hold()}
      onFocusOut={() => of.release()}
    >
      {toast && (
        <div class="toast">
          {toast.text}
          {toast.undoable === undefined ? (
            <IconButton icon="x" label={t("act.close")} onClick={() => of.end()} />
          ) : (
            <Button variant="plain" onClick={() => of.undo()}>
              {t("act.undo")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
