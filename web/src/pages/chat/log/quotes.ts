import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Calls } from "../../../api/calls";
import type { Message, MessageId } from "../../../api/shapes";

/** A message that another one answers: on its way, there, or nowhere that one may look. */
export type Quoted = Message | "asked" | "missing";

/** More than a window of answers needs; what was not looked at for longest goes first. */
const quotesMax = 300;

/** Messages that are quoted and stand outside the window, each asked for once. */
export class Quotes {
  private readonly known = new Map<MessageId, Signal<Quoted>>();

  constructor(private readonly read: Calls["message"]) {}

  of(id: MessageId): ReadonlySignal<Quoted> {
    const known = this.known.get(id) ?? signal<Quoted>("asked");
    const isNew = !this.known.delete(id);
    this.known.set(id, known);
    if (isNew) void this.ask(id, known);
    for (const [oldest] of this.known) {
      if (this.known.size <= quotesMax) break;
      this.known.delete(oldest);
    }
    return known;
  }

  private async ask(id: MessageId, into: Signal<Quoted>): Promise<void> {
    const answer = await this.read(id);
    into.value = answer.ok ? answer.value : "missing";
    // Who was not reached may be reached when the quote is seen again.
    if (!answer.ok && answer.refusal.kind !== "refused") this.known.delete(id);
  }
}
