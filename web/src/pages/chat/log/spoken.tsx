import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Message, Seq } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { useClock } from "../../../ui/time";
import { useLog } from "./log_view";
import { plainText } from "./plain_text";
import { senderName } from "./sender";

/** Nobody listens to more than that. */
const everyMs = 1_000;

/** New messages, spoken: of the room before one's eyes, while its end is there. Several at once are a number. */
export function Spoken() {
  const view = useLog();
  const { chat, desk } = view.services;
  const clock = useClock();
  const [lines, setLines] = useState<readonly { readonly key: Seq; readonly text: string }[]>([]);

  useEffect(() => {
    let heard: Seq | null = null;
    let waiting: Message[] = [];
    let timer: (() => void) | null = null;
    const speak = () => {
      const [only, ...more] = waiting;
      waiting = [];
      timer = null;
      if (only === undefined) return;
      const key = more.at(-1)?.seq ?? only.seq;
      const said = { a: senderName(chat.state.peek(), only), text: plainText(only) };
      const text = more.length === 0 ? t("log.said", said) : t("log.pill", { n: more.length + 1 });
      setLines((before) => [...before.slice(-1), { key, text }]);
      timer = clock.after(everyMs, speak);
    };
    const stop = effect(() => {
      const window = view.log.window.value;
      if (window === null) return;
      const isHeard = window.atEnd && view.isAtEnd.value && desk.lookedAt.value === view.room;
      const since = heard ?? window.lastSeq;
      // What was said while nobody could hear it is told by the page's own marks.
      const known = chat.state.peek().rooms.get(view.room)?.lastSeq ?? 0;
      heard = Math.max(since, window.lastSeq, isHeard ? 0 : known);
      if (!isHeard) return;
      const me = chat.state.peek().me.id;
      for (const entry of window.shown) {
        if (entry.seq <= since || entry.type !== "message" || entry.message.sender === me || entry.message.deleted !== null) continue;
        waiting.push(entry.message);
      }
      if (timer === null && waiting.length > 0) speak();
    });
    return () => {
      stop();
      timer?.();
    };
  }, [view, chat, desk, clock]);

  return (
    <div class="unseen" role="log" aria-live="polite">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
