import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Message, MessageId } from "../../../api/shapes";
import { rich, t } from "../../../i18n/catalogue";
import { useLog } from "./log_view";
import { plainText } from "./plain_text";
import type { Quoted } from "./quotes";
import { senderName } from "./sender";
import type { InRow } from "./tab_within";

interface QuoteProps extends InRow {
  readonly id: MessageId;
}

/** The message that is answered, in one line; a press leads to it. */
export function Quote({ id, tab }: QuoteProps) {
  const view = useLog();
  const { chat, deletions, quotes } = view.services;
  // As it stands in the window it is up to date.
  const quoted = useMemo(
    () => computed((): Quoted => (view.log.window.value && view.log.find(id)) ?? quotes.of(id).value),
    [view, quotes, id],
  ).value;
  const isPending = useMemo(() => computed(() => deletions.pending.value.has(id)), [deletions, id]).value;
  const sender = typeof quoted === "string" ? null : quoted.sender;
  useEffect(() => {
    if (sender !== null) chat.wantUsers([sender]);
  }, [chat, sender]);
  if (quoted === "asked") return <p class="quote" aria-busy="true" />;
  if (quoted === "missing") return <p class="quote gone">{t("log.quote_missing")}</p>;
  if (quoted.deleted !== null || isPending) return <p class="quote gone">{t("log.deleted")}</p>;
  return <Original message={quoted} tab={tab} />;
}

function Original({ message, tab }: InRow & { readonly message: Message }) {
  const view = useLog();
  const { chat, desk } = view.services;
  const name = useMemo(() => computed(() => senderName(chat.state.value, message)), [chat, message]).value;
  return (
    <button class="quote" type="button" tabIndex={tab} onClick={() => desk.goTo(view.room, message.seq)}>
      <span class="unseen">{rich("log.answers", { name: <bdi>{name}</bdi> })}</span>
      <b class="cut" aria-hidden="true">
        <bdi>{name}</bdi>
      </b>
      <span class="cut" dir="auto">
        {plainText(message)}
      </span>
    </button>
  );
}
