import { effect } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useCallback, useMemo, useState } from "preact/hooks";
import type { RoomId } from "../../../api/shapes";
import type { Draft, DraftKey } from "../../../model/drafts";
import type { OutboxItem } from "../../../model/outbox";
import { useChat } from "../chat_services";
import type { ChatServices } from "../chat_services";

/** What stands in a box, here and in other tabs, and the way to change it. */
export function useDraft(key: DraftKey): readonly [Draft, (draft: Draft) => void] {
  const { drafts, desk } = useChat();
  const changed = desk.draftsChanged.value;
  const [typed, setTyped] = useState(0);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- these two say when it is another
  const draft = useMemo(() => drafts.get(key), [drafts, key, changed, typed]);
  const change = useCallback(
    (next: Draft) => {
      drafts.set(key, next);
      setTyped((times) => times + 1);
    },
    [drafts, key],
  );
  return [draft, change];
}

/** Sends what stands in the room's composer, which is empty at once. The draft is let go when nothing can lose it any more. */
export async function sendDraft({ chat, drafts, desk }: ChatServices, room: RoomId): Promise<void> {
  const { text, replyTo } = drafts.get(room);
  const letGo = desk.handOver(room);
  chat.typing.sent(room);
  const isKept = chat.outbox.add({ room, text, replyTo });
  const nonce = chat.outbox.items.peek().at(-1)?.nonce;
  if (!(await isKept)) await sent(chat.outbox.items, nonce);
  letGo();
}

/** Or discarded: then its text has been put back. */
function sent(items: ReadonlySignal<readonly OutboxItem[]>, nonce: string | undefined): Promise<void> {
  return new Promise((resolve) => {
    const isOnItsWay = () => items.value.some((item) => item.nonce === nonce && item.sending.kind !== "sent");
    const stop = effect(() => {
      if (isOnItsWay()) return;
      // It may be so at once, before `stop` is there.
      queueMicrotask(() => {
        stop();
        resolve();
      });
    });
  });
}
