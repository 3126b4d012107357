import { computed } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Message } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { clockTime, fullTime } from "../../../i18n/dates";
import { isForMe } from "../../../model/unread";
import { Avatar } from "../../../ui/avatar";
import { Tag } from "../../../ui/badge";
import { openProfile } from "../panel/profile";
import { Card } from "./card";
import { EditBox } from "./edit_box";
import { idOfMessage, isEditing, useLog } from "./log_view";
import { MessageText } from "./message_text";
import { Quote } from "./quote";
import { useNamesMeant, useSenderName } from "./sender";
import type { InRow } from "./tab_within";
import { Tools } from "./tools";

interface MessageRowProps {
  readonly message: Message;
  /** With face, name and time; else one more of the same person. */
  readonly isFirst: boolean;
}

/** Renders again where `is` has changed for this row, and not where it has for another. */
function useIs(is: () => boolean, row: unknown): boolean {
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `is` asks signals, and belongs to the row
  return useMemo((): ReadonlySignal<boolean> => computed(is), [row]).value;
}

/**
 * Rendered again only when one of its properties or of the signals that it reads is another one: what reads signals is held back
 * by them otherwise. So each row asks for what concerns itself, and not for what holds it.
 */
export function MessageRow({ message, isFirst }: MessageRowProps) {
  const view = useLog();
  const { deletions } = view.services;
  const id = idOfMessage(message.seq);
  const name = useSenderName(message);
  const tab = useIs(() => view.stop.value === id, id) ? 0 : -1;
  const isPending = useIs(() => deletions.pending.value.has(message.id), id);
  const isEdited = useIs(() => isEditing(view, message.id), id);
  const isRinged = useIs(() => view.ringed.value === id, id);
  const isTouched = useIs(() => [view.hovered.value, view.focused.value, rowOfMenu(view)].includes(id), id);
  const isGone = message.deleted !== null || isPending;
  const forMe = !isGone && isForMe(message, view.services.chat.state.peek().me.id);
  return (
    <article
      id={id}
      data-seq={message.seq}
      class={["msg", isFirst && "first", forMe && "for-me", isRinged && "ringed"].filter(Boolean).join(" ")}
      tabIndex={tab}
      aria-label={labelOf(name, message, forMe)}
      onAnimationEnd={(event) => event.target === event.currentTarget && (view.ringed.value = null)}
    >
      {isFirst ? <Avatar id={message.sender} name={name} bot={message.bot} /> : <Gutter time={message.created} />}
      <div class="body">
        {isFirst && <Head message={message} name={name} tab={tab} />}
        {isEdited ? <EditBox message={message} /> : <Body message={message} isGone={isGone} tab={tab} />}
        {!isFirst && !isGone && <Edited message={message} tab={tab} />}
      </div>
      {isTouched && !isEdited && !isGone && <Tools message={message} tab={tab} />}
    </article>
  );
}

const rowOfMenu = (view: ReturnType<typeof useLog>) => {
  const { value } = view.menu;
  return value === null ? null : idOfMessage(value.message.seq);
};

function labelOf(author: string, { created }: Message, forMe: boolean): string {
  const label = t("log.article", { author, time: clockTime(created) });
  return forMe ? `${label}, ${t("aria.mention")}` : label;
}

const Time = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
    {clockTime(at)}
  </time>
);

/** In place of the face, on hover and focus. */
const Gutter = ({ time }: { readonly time: number }) => (
  <span class="gutter" aria-hidden="true">
    <Time at={time} />
  </span>
);

interface HeadProps extends InRow {
  readonly message: Message;
  readonly name: string;
}

const Head = ({ message, name, tab }: HeadProps) => (
  <div class="head">
    <button class="who" type="button" tabIndex={tab} onClick={() => openProfile(message.sender)}>
      <bdi>{name}</bdi>
    </button>
    {message.bot && <Tag bot>{t("tag.bot")}</Tag>}
    <Time at={message.created} />
    <Edited message={message} tab={tab} />
  </div>
);

function Edited({ message, tab }: InRow & { readonly message: Message }) {
  const view = useLog();
  if (message.edited === null || message.deleted !== null) return null;
  return (
    <button
      class="edited"
      type="button"
      tabIndex={tab}
      title={t("log.edited_at", { time: fullTime(message.edited) })}
      onClick={() => (view.history.value = message)}
    >
      {t("log.edited")}
    </button>
  );
}

interface BodyProps extends InRow {
  readonly message: Message;
  readonly isGone: boolean;
}

function Body({ message, isGone, tab }: BodyProps) {
  const names = useNamesMeant(message);
  const { chat } = useLog().services;
  useEffect(() => chat.wantUsers([...(message.bot ? [] : [message.sender]), ...message.mentions]), [chat, message]);
  if (isGone) return <Gone message={message} tab={tab} />;
  return (
    <>
      {message.replyTo !== null && <Quote id={message.replyTo} tab={tab} />}
      {message.text !== "" && <MessageText text={message.text} names={names} tab={tab} />}
      {message.attachments.map((card, index) => (
        <Card key={index} card={card} tab={tab} />
      ))}
    </>
  );
}

function Gone({ message, tab }: InRow & { readonly message: Message }) {
  const { deletions } = useLog().services;
  const isUndoable = useIs(() => deletions.undoable.value === message.id, message.id);
  return (
    <p class="text gone">
      {t("log.deleted")}
      {isUndoable && (
        <button class="link" type="button" tabIndex={tab} onClick={() => deletions.undo()}>
          {t("act.undo")}
        </button>
      )}
    </p>
  );
}
