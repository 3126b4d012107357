import { signal } from "@preact/signals";
import type { RoomId } from "../../../api/shapes";
import { forget, remember, remembered } from "../../../remembered";
import { go, replace, route } from "../../../routes";

export type PanelName = "members" | "settings";

export interface ShownPanel {
  readonly name: PanelName;
  /** It stands there because there is room for it: nobody has asked for it. */
  readonly isOwn: boolean;
}

// As in the styles: from here on a panel has a column of its own, and covers nothing.
const query = matchMedia("(min-width: 1600px)");
const hasColumn = signal(query.matches);
query.addEventListener("change", ({ matches }) => (hasColumn.value = matches));

const closedKey = "members_panel";
const isClosed = signal(remembered(closedKey) === "closed");

/** What the address asks for; else the members, where they have a column and were not closed. */
export function panelShown(kind: "room" | "direct", asked: PanelName | undefined): ShownPanel | null {
  if (asked !== undefined) return { name: asked, isOwn: false };
  return kind === "room" && hasColumn.value && !isClosed.value ? { name: "members", isOwn: true } : null;
}

/** Marks the pages of the history that were opened from the room itself, so that closing them goes back to it. */
const fromRoom = { panelFromRoom: true };

const isFromRoom = (state: unknown): boolean =>
  typeof state === "object" && state !== null && "panelFromRoom" in state;

export function openPanel(room: RoomId, panel: PanelName): void {
  if (panel === "members") {
    forget(closedKey);
    isClosed.value = false;
  }
  const at = route.peek();
  const isInPanel = at.page === "room" && at.room === room && at.panel !== undefined;
  const keepsMark = isInPanel && isFromRoom(history.state);
  (isInPanel ? replace : go)({ page: "room", room, panel });
  if (!isInPanel || keepsMark) history.replaceState(fromRoom, "");
}

export function closePanel(room: RoomId, { name, isOwn }: ShownPanel): void {
  if (name === "members" && hasColumn.peek()) {
    remember(closedKey, "closed");
    isClosed.value = true;
  }
  if (isOwn) return;
  if (isFromRoom(history.state)) history.back();
  else replace({ page: "room", room });
}
