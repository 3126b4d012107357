import { effect } from "@preact/signals";
import type { Message } from "../../../api/shapes";
import type { RoomInChat } from "../../../model/state";
import { notices } from "../../../notices";
import type { Notifier, NotifierPorts } from "./notify";

type Ports = Omit<NotifierPorts, "isOn" | "show">;

/** The browser's notices, whose program comes once they are on: most people never turn them on. */
export class NoticesWhenOn {
  private notifier: Notifier | null = null;

  constructor(private readonly ports: Ports) {}

  heard(message: Message, room: RoomInChat): void {
    this.notifier?.heard(message, room);
  }

  /** Until the returned function is called. */
  start(): () => void {
    let stop: (() => void) | null = null;
    let isOver = false;
    const begin = async () => {
      const { Notifier: Made, showNotice } = await import("./browser_notice");
      if (isOver || this.notifier !== null) return;
      this.notifier = new Made({ ...this.ports, isOn: () => notices.value === "on", show: showNotice });
      stop = this.notifier.start();
    };
    const stopWatching = effect(() => {
      // Without a network for it there is nothing to be told of either.
      if (notices.value === "on") begin().catch(() => undefined);
    });
    return () => {
      isOver = true;
      stopWatching();
      stop?.();
      this.notifier = null;
    };
  }
}
