import { useEffect, useState } from "preact/hooks";
import type { RoomId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { Button } from "../../../ui/button";
import { copyText } from "../../../ui/clipboard";
import { useChat } from "../chat_services";

/** What was being written in a room that has no composer for it any more: the draft, and behind it what was not sent. */
export function useKeptDraft(room: RoomId): string {
  const { chat, drafts, desk } = useChat();
  const { outbox } = chat;
  useEffect(() => {
    for (const { nonce, room: of } of outbox.items.value) {
      const text = of === room ? outbox.discard(nonce) : null;
      if (text !== null) desk.putBack(room, text);
    }
  }, [outbox, outbox.items.value, desk, room]);
  const [text, setText] = useState(() => drafts.get(room).text);
  useEffect(() => {
    const read = () => setText(drafts.get(room).text);
    const ends = [desk.draftsChanged.subscribe(read), drafts.keys.subscribe(read)];
    return () => {
      for (const end of ends) end();
    };
  }, [desk, drafts, room]);
  return text.trim() === "" ? "" : text;
}

/** The draft to take along, or to be done with. */
export function KeptDraft({ room, text }: { readonly room: RoomId; readonly text: string }) {
  const { drafts } = useChat();
  const [isCopied, setCopied] = useState(false);
  return (
    <section class="kept" aria-label={t("lost.draft")}>
      <h2>{t("lost.draft")}</h2>
      <pre dir="auto" tabIndex={0}>
        {text}
      </pre>
      <p class="hint">{t("lost.draft_hint")}</p>
      <div class="actions">
        <Button onClick={() => drafts.clear(room)}>{t("act.discard")}</Button>
        <Button onClick={() => void copyText(text).then(() => setCopied(true))}>
          <span role="status">{t(isCopied ? "act.copied" : "act.copy")}</span>
        </Button>
      </div>
    </section>
  );
}
