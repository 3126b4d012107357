import type { Message } from "../../../api/shapes";
import { focusComposer } from "../composer/focus";
import { actionsOn, copy, neighbour } from "./actions";
import type { Actions } from "./actions";
import type { LogView } from "./log_view";

type Act = () => void;

/** The keys of a message that has the focus; what is in it has its own. `hasLetters`: single letters act, too. */
export function onKeyInLog(event: KeyboardEvent, view: LogView, hasLetters: boolean): void {
  const { target } = event;
  if (event.defaultPrevented || event.isComposing || !(target instanceof HTMLElement)) return;
  const row = target.closest<HTMLElement>("article");
  if (row === null || event.ctrlKey || event.metaKey || event.altKey || target.matches("textarea, input")) return;
  // What is typed after a click into a message is meant for the composer.
  if (row === target && event.key.length === 1 && !view.isFocusByKeys) return focusComposer();
  const act = row === target ? actOf(event, row, view, hasLetters) : backTo(event, row);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

/** Esc leaves what is in a message for the message. */
const backTo = (event: KeyboardEvent, row: HTMLElement): Act | undefined => (event.key === "Escape" ? () => row.focus() : undefined);

function actOf(event: KeyboardEvent, row: HTMLElement, view: LogView, hasLetters: boolean): Act | undefined {
  switch (event.key) {
    case "ArrowDown":
      return () => move(row, 1);
    case "ArrowUp":
      return () => move(row, -1);
    case "Home":
      return () => toFirst(view);
    case "End":
      return () => toLast(view);
    case "Enter":
      return menuAct(row, view);
    case "Delete":
      return removeAct(row, view);
    default:
      return hasLetters && !event.shiftKey ? letterAct(event, row, view) : undefined;
  }
}

/** By the place of the key, too, so that they work in every keyboard layout. */
function letterAct(event: KeyboardEvent, row: HTMLElement, view: LogView): Act | undefined {
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  if (letter === "j") return () => move(row, 1);
  if (letter === "k") return () => move(row, -1);
  const item = itemOf(row, view);
  if (item !== undefined) return letter === "c" ? () => copy(item.text) : undefined;
  const actions = actionsOf(row, view);
  if (actions === null) return undefined;
  const letters: Readonly<Record<string, Act | null>> = {
    r: actions.reply,
    e: actions.edit,
    c: actions.copy,
    l: actions.copyLink,
    u: actions.markUnread,
  };
  return (letter === undefined ? undefined : letters[letter]) ?? undefined;
}

/** Behind the last message comes the box to write in. */
function move(row: HTMLElement, step: 1 | -1): void {
  const next = neighbour(row, step);
  if (next !== null) next.focus();
  else if (step === 1) focusComposer();
}

/** Of the room, not of what happens to be loaded. */
function toFirst(view: LogView): void {
  view.toSeq(1);
}

function toLast(view: LogView): void {
  view.toEnd();
  const last = document.querySelector("#messages article:last-of-type");
  if (last instanceof HTMLElement) last.focus();
}

function menuAct(row: HTMLElement, view: LogView): Act | undefined {
  const message = messageOf(row, view);
  return message === undefined ? undefined : () => (view.menu.value = { message, anchor: row });
}

function removeAct(row: HTMLElement, view: LogView): Act | undefined {
  return actionsOf(row, view)?.remove ?? undefined;
}

const actionsOf = (row: HTMLElement, view: LogView): Actions | null => {
  const message = messageOf(row, view);
  return message === undefined ? null : actionsOn(message, view, view.services.deletions);
};

export function messageOf(row: HTMLElement, view: LogView): Message | undefined {
  const seq = Number(row.dataset["seq"]);
  const found = view.log.window.peek()?.shown.find((entry) => entry.seq === seq);
  return found?.type === "message" ? found.message : undefined;
}

function itemOf(row: HTMLElement, view: LogView) {
  return view.services.chat.outbox.items.peek().find((item) => row.id === `o-${item.nonce}`);
}
