import type { Message } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { pathOf } from "../../../routes";
import { copyText } from "../../../ui/clipboard";
import type { MenuEntry } from "../../../ui/menu";
import { toasts } from "../../../ui/toast";
import { refusalText } from "../../refusal_text";
import { focusComposer } from "../composer/focus";
import type { Deletions } from "./deletions";
import { idOfMessage } from "./log_view";
import type { LogView } from "./log_view";

/** What can be done with a message, by button, menu or key. */
export interface Actions {
  readonly reply: (() => void) | null;
  readonly edit: (() => void) | null;
  readonly copy: () => void;
  readonly copyLink: () => void;
  readonly markUnread: () => void;
  readonly remove: (() => void) | null;
}

/** None where there is nothing to be done: deleted. What one may not do is null; the server has the last word. */
export function actionsOn(message: Message, view: LogView, deletions: Deletions): Actions | null {
  if (message.deleted !== null || deletions.pending.value.has(message.id)) return null;
  const { chat, desk } = view.services;
  const isOwn = message.sender === chat.state.peek().me.id;
  const mayWrite = view.mayWrite.value;
  const mayRemove = (isOwn && mayWrite) || view.mayManage.value;
  return {
    reply: mayWrite
      ? () => {
          desk.replyTo(view.room, message.id);
          focusComposer();
        }
      : null,
    edit: isOwn && mayWrite ? () => desk.edit(message.id) : null,
    copy: () => copy(message.text),
    copyLink: () => copy(location.origin + pathOf({ page: "room", room: view.room, seq: message.seq })),
    markUnread: () => void markUnread(message, view),
    remove: mayRemove ? () => remove(message, deletions) : null,
  };
}

export function copy(text: string): void {
  void copyText(text).then(() => toasts.show(t("act.copied")));
}

async function markUnread(message: Message, view: LogView): Promise<void> {
  const answer = await view.line.markUnreadFrom(message.seq);
  if (!answer.ok) toasts.show(refusalText(answer.refusal));
}

/** The focus goes on to the next message, or back to the one before the last. */
function remove(message: Message, deletions: Deletions): void {
  const row = document.getElementById(idOfMessage(message.seq));
  deletions.begin(message.id);
  if (row?.contains(document.activeElement) === true) (neighbour(row, 1) ?? neighbour(row, -1))?.focus();
}

/** The message after or before one. */
export function neighbour(row: Element, step: 1 | -1): HTMLElement | null {
  let next: Element | null = row;
  do next = step === 1 ? next.nextElementSibling : next.previousElementSibling;
  while (next !== null && next.tagName !== "ARTICLE");
  return next instanceof HTMLElement ? next : null;
}

/** `hasLetters`: the keys at the end of the entries work. */
export function menuOf(actions: Actions, hasLetters: boolean): readonly MenuEntry[] {
  const shortcut = (key: string) => (hasLetters ? { shortcut: key } : {});
  const { reply, edit, remove } = actions;
  return [
    ...(reply === null ? [] : [{ label: t("log.reply"), icon: "reply", ...shortcut("R"), select: reply } as const]),
    ...(edit === null ? [] : [{ label: t("log.edit"), icon: "pencil", ...shortcut("E"), select: edit } as const]),
    { label: t("log.copy"), icon: "copy", ...shortcut("C"), select: actions.copy },
    { label: t("log.copy_link"), icon: "link", ...shortcut("L"), select: actions.copyLink },
    { label: t("log.mark_unread"), icon: "clock", ...shortcut("U"), select: actions.markUnread },
    ...(remove === null
      ? []
      : (["line", { label: t("log.delete"), icon: "trash", shortcut: "Del", danger: true, select: remove }] as const)),
  ];
}
