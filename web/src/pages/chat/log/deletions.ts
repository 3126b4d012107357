import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer } from "../../../api/http";
import type { MessageId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import type { Toasts } from "../../../ui/toast";
import { isRefused, refusalText } from "../../refusal_text";

/** Messages that were deleted here and may still be taken back: the server is told when the toast that offers it is over. */
export class Deletions {
  private readonly begun = signal<ReadonlySet<MessageId>>(new Set());
  private readonly last = signal<MessageId | null>(null);
  /** Shown as deleted, though the log may not say so yet. */
  readonly pending: ReadonlySignal<ReadonlySet<MessageId>> = this.begun;
  /** The one that can still be taken back. */
  readonly undoable: ReadonlySignal<MessageId | null> = this.last;

  constructor(
    private readonly remove: (id: MessageId) => Promise<Answer<string>>,
    private readonly toasts: Toasts,
  ) {}

  begin(id: MessageId): void {
    this.toasts.show(t("log.deleted"), { undo: () => this.takeBack(id), commit: () => void this.commit(id) });
    this.begun.value = new Set([...this.begun.value, id]);
    this.last.value = id;
  }

  undo(): void {
    if (this.last.value !== null) this.toasts.undo();
  }

  private async commit(id: MessageId): Promise<void> {
    if (this.last.value === id) this.last.value = null;
    const answer = await this.remove(id);
    if (answer.ok || isRefused(answer.refusal, 404)) return;
    this.takeBack(id);
    this.toasts.show(refusalText(answer.refusal));
  }

  private takeBack(id: MessageId): void {
    const begun = new Set(this.begun.value);
    begun.delete(id);
    this.begun.value = begun;
    if (this.last.value === id) this.last.value = null;
  }
}
