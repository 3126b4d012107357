import { computed } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { clockTime, fullTime } from "../../../i18n/dates";
import type { OutboxItem } from "../../../model/outbox";
import { nameOf } from "../../../model/presence";
import type { State } from "../../../model/state";
import { findMentions } from "../../../text/mentions";
import type { NamesMeant } from "../../../text/mentions";
import { Avatar } from "../../../ui/avatar";
import { Icon } from "../../../ui/icon";
import { useLasting } from "../../../ui/time";
import { toasts } from "../../../ui/toast";
import { refusalText } from "../../refusal_text";
import { copy } from "./actions";
import { idOfItem, useLog } from "./log_view";
import { MessageText } from "./message_text";
import { Quote } from "./quote";
import type { InRow } from "./tab_within";

interface OutboxRowProps {
  readonly item: OutboxItem;
  readonly isFirst: boolean;
}

/** The word comes when somebody may begin to wonder. */
const wordAfterMs = 1_000;

/** A message that the server does not have yet. */
export function OutboxRow({ item, isFirst }: OutboxRowProps) {
  const view = useLog();
  const { chat } = view.services;
  const id = idOfItem(item.nonce);
  const me = useMemo(() => computed(() => chat.state.value.me), [chat]).value;
  const tab = useMemo(() => computed(() => view.stop.value === id), [view, id]).value ? 0 : -1;
  const [names] = useState(() => namesMeant(chat.state.peek(), item.text));
  const { kind } = item.sending;
  const time = <time title={fullTime(item.created)}>{clockTime(item.created)}</time>;
  return (
    <article
      id={id}
      class={["msg", isFirst && "first", kind !== "sent" && !isRefused(item) && "is-sending"].filter(Boolean).join(" ")}
      tabIndex={tab}
      aria-label={t("log.article", { author: nameOf(me), time: clockTime(item.created) })}
    >
      {isFirst ? <Avatar id={me.id} name={nameOf(me)} bot={me.bot} /> : <span class="gutter" aria-hidden="true">{time}</span>}
      <div class="body">
        {isFirst && (
          <div class="head">
            <b class="who">
              <bdi>{nameOf(me)}</bdi>
            </b>
            {time}
          </div>
        )}
        {item.replyTo !== null && <Quote id={item.replyTo} tab={tab} />}
        <MessageText text={item.text} names={names} tab={tab} />
        <Standing item={item} tab={tab} />
      </div>
    </article>
  );
}

const isRefused = ({ sending: { kind } }: OutboxItem) => kind === "refused" || kind === "unanswered";

/** By the names that are known here: the server finds them when it takes the message. */
function namesMeant(state: State, text: string): NamesMeant {
  const mentioned = new Set(findMentions(text).map(({ name }) => name.toLowerCase()));
  const people = new Map<string, "me" | "other">();
  if (mentioned.size > 0) {
    for (const { username } of state.users.values()) {
      const name = username.toLowerCase();
      if (mentioned.has(name)) people.set(name, name === state.me.username.toLowerCase() ? "me" : "other");
    }
  }
  return { people, everybody: null };
}

/** What has become of it so far. */
function Standing({ item, tab }: InRow & { readonly item: OutboxItem }) {
  const { chat } = useLog().services;
  const { sending } = item;
  const isOffline = useMemo(() => computed(() => chat.connection.value.kind !== "live"), [chat]).value;
  const lasts = useLasting(sending.kind === "sending" || sending.kind === "waiting", wordAfterMs);
  if (sending.kind === "refused") return <Failed item={item} text={t("send.refused", { reason: refusalText(sending.refusal) })} tab={tab} />;
  if (sending.kind === "unanswered") return <Failed item={item} text={t("send.failed")} tab={tab} />;
  if (sending.kind === "sent" || !lasts) return null;
  return (
    <div class="state">
      <span>
        <Icon name="clock" />
        {t(sending.kind === "waiting" && isOffline ? "send.waiting" : "send.sending")}
      </span>
    </div>
  );
}

function Failed({ item, text, tab }: InRow & { readonly item: OutboxItem; readonly text: string }) {
  const { chat } = useLog().services;
  const { sending, nonce } = item;
  const discard = useDiscard(item);
  // What the server finds wrong with it is so again.
  const isHopeless = sending.kind === "refused" && sending.refusal.kind === "refused" && [400, 413].includes(sending.refusal.status);
  return (
    <div class="state failed">
      <span>
        <Icon name="alert" />
        {text}
      </span>
      <span class="does">
        {!isHopeless && <Does label={t("act.retry")} tab={tab} onClick={() => chat.outbox.retry(nonce)} />}
        {sending.kind === "refused" && <Does label={t("act.copy")} tab={tab} onClick={() => copy(item.text)} />}
        <Does label={t("act.discard")} tab={tab} onClick={discard} />
      </span>
    </div>
  );
}

const Does = ({ label, tab, onClick }: InRow & { readonly label: string; readonly onClick: () => void }) => (
  <button class="link" type="button" tabIndex={tab} onClick={onClick}>
    {label}
  </button>
);

/** It goes at once; taken back, the words stand in the composer again. */
export function useDiscard({ nonce, room }: OutboxItem): () => void {
  const { chat, desk } = useLog().services;
  return () => {
    const text = chat.outbox.discard(nonce);
    if (text !== null) toasts.show(t("log.discarded"), { undo: () => desk.putBack(room, text), commit: () => undefined });
  };
}

/** Says once what became of what was sent, for those who do not see it. */
export function SendingSpoken() {
  const view = useLog();
  const { outbox } = view.services.chat;
  const [said, setSaid] = useState("");
  const [before] = useState(() => new Map<string, OutboxItem["sending"]["kind"]>());
  const items = outbox.items.value;
  useEffect(() => {
    const here = items.filter((item) => item.room === view.room);
    for (const { nonce, sending } of here) {
      if (before.get(nonce) === sending.kind) continue;
      before.set(nonce, sending.kind);
      if (sending.kind === "refused") setSaid(t("send.refused", { reason: refusalText(sending.refusal) }));
      else if (sending.kind === "unanswered") setSaid(t("send.failed"));
    }
    for (const [nonce, kind] of before) {
      if (here.some((item) => item.nonce === nonce)) continue;
      before.delete(nonce);
      setSaid(kind === "refused" || kind === "unanswered" ? "" : t("send.sent"));
    }
  }, [items, view, before]);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
