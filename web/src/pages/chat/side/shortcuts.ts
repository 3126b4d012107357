import { useEffect } from "preact/hooks";
import { useAccount } from "../../../app_context";
import type { RoomId } from "../../../api/shapes";
import type { RoomList } from "../../../model/room_list";
import { go } from "../../../routes";
import { isOn } from "../../settings/preferences";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import type { ChatServices } from "../chat_services";
import { closePanel } from "../panel/panel_state";
import { isArrowTaken, isCommand, isInField, isSlash, letterOf } from "./keys";
import { roomListIn } from "./room_list";

/** The keys that work everywhere in the chat. */
export function useShortcuts(at: ChatRoute): void {
  const services = useChat();
  const hasLetters = isOn(useAccount(), "single_letter_keys");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Who has dealt with a press already, and what stands over the page, come first.
      if (event.defaultPrevented || event.isComposing || isCovered()) return;
      const act = actOf(event, at, services, hasLetters);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [at, services, hasLetters]);
}

const isCovered = () => document.querySelector("dialog[open], [popover=auto]:popover-open") !== null;

/** What a press does; nothing where it is none of ours. */
function actOf(event: KeyboardEvent, at: ChatRoute, services: ChatServices, hasLetters: boolean): (() => void) | undefined {
  const { desk } = services;
  if (isCommand(event)) {
    if (letterOf(event) === "k" && !event.shiftKey) return () => desk.show("goto");
    return isSlash(event) ? () => desk.show("keys") : undefined;
  }
  if (event.ctrlKey || event.metaKey) return undefined;
  switch (event.key) {
    case "ArrowUp":
    case "ArrowDown":
      return event.altKey && !isArrowTaken(event) ? () => goToNext(event, at, services) : undefined;
    case "F6":
      return event.altKey ? undefined : () => moveRegion(event.shiftKey ? -1 : 1);
    case "Escape":
      return at.page === "room" ? () => leave(at, services) : undefined;
    default:
      if (!event.altKey) typeOn(event, hasLetters);
      return undefined;
  }
}

/** The next room in the list, or the next with something new in it; round at its ends. */
export function nextRoom(list: RoomList, from: RoomId | undefined, step: 1 | -1, onlyUnread: boolean): RoomId | undefined {
  const all = [...list.rooms, ...list.direct];
  const at = all.findIndex(({ room }) => room.id === from);
  const start = at === -1 && step === -1 ? 0 : at;
  for (let tried = 1; tried <= all.length; ++tried) {
    const next = all[(start + tried * step + tried * all.length) % all.length];
    if (next !== undefined && next.room.id !== from && (!onlyUnread || next.isUnread)) return next.room.id;
  }
  return undefined;
}

function goToNext(event: KeyboardEvent, at: ChatRoute, { chat }: ChatServices): void {
  const from = at.page === "room" ? at.room : undefined;
  const next = nextRoom(roomListIn(chat.state).value, from, event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  if (next !== undefined) go({ page: "room", room: next });
}

const regions = ["rooms", "messages", "composer", "panel"] as const;

/** Where the focus goes in a region: to its one tab stop in a list, else to the region itself or the first thing in it. */
function entryOf(region: HTMLElement): HTMLElement | null {
  const stop = region.querySelector<HTMLElement>("[data-stop][tabindex='0'], article[tabindex='0']");
  if (stop !== null) return stop;
  if (region.matches("textarea, [tabindex]")) return region;
  return region.querySelector<HTMLElement>("a[href], button, input, textarea, [tabindex='0']");
}

function moveRegion(step: 1 | -1): void {
  const present = regions
    .map((id) => document.getElementById(id))
    .filter((region) => region !== null && region.getClientRects().length > 0);
  const at = present.findIndex((region) => region?.contains(document.activeElement) === true);
  const next = present[(at === -1 && step === -1 ? 0 : at) + step] ?? present[step === 1 ? 0 : present.length - 1];
  if (next != null) entryOf(next)?.focus();
}

/** Esc leaves what is open beside the messages; with nothing open, all is read and the room shows its end. */
function leave({ room, panel }: Extract<ChatRoute, { page: "room" }>, { chat, desk }: ChatServices): void {
  if (panel !== undefined) return closePanel(room, { name: panel, isOwn: false });
  void chat.markRead(room);
  desk.toEnd();
}

/** A letter that is pressed anywhere else was meant for the message: it goes where the focus is by the time it is typed. */
function typeOn({ key, target }: KeyboardEvent, hasLetters: boolean): void {
  if (!/^[\p{L}\p{N}]$/u.test(key) || isInField(target)) return;
  if (hasLetters && target instanceof Element && target.closest("article") !== null) return;
  const composer = document.getElementById("composer");
  if (composer !== null && composer.getClientRects().length > 0) composer.focus();
}
