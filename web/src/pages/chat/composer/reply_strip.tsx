import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Message, MessageId, RoomId } from "../../../api/shapes";
import { rich, t } from "../../../i18n/catalogue";
import { nameOf } from "../../../model/presence";
import { IconButton } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { useChat } from "../chat_services";

interface ReplyStripProps {
  readonly room: RoomId;
  readonly to: MessageId;
  readonly onStop: () => void;
}

/** Over the box: whom one is about to answer, and what. */
export function ReplyStrip({ room, to, onStop }: ReplyStripProps) {
  const message = useMessage(room, to);
  return (
    <div class="replying" id="replying">
      <Icon name="reply" />
      <span class="cut">{message !== undefined && <Quote message={message} />}</span>
      <IconButton icon="x" label={t("composer.reply_stop")} onClick={onStop} />
    </div>
  );
}

function Quote({ message }: { readonly message: Message | "missing" }) {
  const { chat } = useChat();
  if (message === "missing" || message.deleted !== null) return <i>{t("log.deleted")}</i>;
  const sender = message.bot ? undefined : chat.state.value.users.get(message.sender);
  const name = sender === undefined ? message.username : nameOf(sender);
  return <>{rich("composer.reply_to", { a: <bdi class="strong">{name}</bdi>, text: <bdi>{oneLine(message)}</bdi> })}</>;
}

/** More than fits on the widest screen. */
const unitsMax = 300;

function oneLine({ text, attachments: [card] }: Message): string {
  const words = text === "" && card !== undefined ? card.title || card.text : text;
  return words.slice(0, unitsMax).replace(/\s+/g, " ").trim();
}

/** As it is now; from the server, where it stands outside of what the log shows. Nothing while the server is asked. */
function useMessage(room: RoomId, id: MessageId): Message | "missing" | undefined {
  const { calls } = useApp();
  const { chat } = useChat();
  const [asked, setAsked] = useState<{ readonly id: MessageId; readonly answer: Message | "missing" }>();
  const log = chat.logOf(room);
  const shown = log.window.value === null ? null : log.find(id);
  const isWanted = log.window.value !== null && shown === null;
  useEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    void calls.message(id).then((answer) => {
      if (!isCurrent) return;
      if (answer.ok) setAsked({ id, answer: answer.value });
      else if (answer.refusal.kind === "refused") setAsked({ id, answer: "missing" });
    });
    return () => {
      isCurrent = false;
    };
  }, [calls, id, isWanted]);
  return shown ?? (asked?.id === id ? asked.answer : undefined);
}
