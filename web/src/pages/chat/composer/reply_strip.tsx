import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { MessageId, RoomId } from "../../../api/shapes";
import { rich, t } from "../../../i18n/catalogue";
import { IconButton } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { useChat } from "../chat_services";
import { plainText } from "../log/plain_text";
import type { Quoted } from "../log/quotes";
import { senderName } from "../log/sender";

interface ReplyStripProps {
  readonly room: RoomId;
  readonly to: MessageId;
  readonly onStop: () => void;
}

/** Over the box: whom one is about to answer, and what. */
export const ReplyStrip = ({ room, to, onStop }: ReplyStripProps) => (
  <div class="replying">
    <Icon name="reply" />
    <span class="cut">
      <Original room={room} id={to} />
    </span>
    <IconButton icon="x" label={t("composer.reply_stop")} onClick={onStop} />
  </div>
);

function Original({ room, id }: { readonly room: RoomId; readonly id: MessageId }) {
  const { chat, quotes, deletions } = useChat();
  const quoted = useMemo(
    () =>
      computed((): Quoted => {
        const log = chat.logOf(room);
        // As it stands in the window it is up to date.
        return (log.window.value && log.find(id)) ?? quotes.of(id).value;
      }),
    [chat, quotes, room, id],
  ).value;
  if (quoted === "asked") return null;
  if (quoted === "missing") return <i>{t("log.quote_missing")}</i>;
  if (quoted.deleted !== null || deletions.pending.value.has(id)) return <i>{t("log.deleted")}</i>;
  const name = senderName(chat.state.value, quoted);
  return <>{rich("composer.reply_to", { a: <bdi class="strong">{name}</bdi>, text: <bdi>{plainText(quoted)}</bdi> })}</>;
}
