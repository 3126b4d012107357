import { computed } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { RoomId } from "../../../api/shapes";
import { language } from "../../../i18n/catalogue";
import { roomListOf } from "../../../model/room_list";
import type { RoomList } from "../../../model/room_list";
import type { State } from "../../../model/state";
import { useChat } from "../chat_services";
import { visitedBy } from "./visits";

/** By names as a person reads them: room-2 before room-10. */
const collator = computed(() => new Intl.Collator(language.value, { numeric: true, sensitivity: "base" }));

function listSignal(state: ReadonlySignal<State>): ReadonlySignal<RoomList> {
  let before: { readonly state: State; readonly order: Intl.Collator; readonly list: RoomList } | undefined;
  return computed(() => {
    const now = state.value;
    const order = collator.value;
    // Who types and who is here changes often, and changes nothing in the list.
    const isSame =
      before?.order === order &&
      before.state.rooms === now.rooms &&
      before.state.users === now.users &&
      before.state.me === now.me;
    if (!isSame || before === undefined) before = { state: now, order, list: roomListOf(now, order) };
    return before.list;
  });
}

/** One for each chat, for all who show something of it: with 500 rooms it takes its time. */
const lists = new WeakMap<ReadonlySignal<State>, ReadonlySignal<RoomList>>();

export function roomListIn(state: ReadonlySignal<State>): ReadonlySignal<RoomList> {
  const known = lists.get(state) ?? listSignal(state);
  lists.set(state, known);
  return known;
}

export const useRoomList = (): RoomList => roomListIn(useChat().chat.state).value;

/** Where one is led who has not said where to: to where he was last, else to the first room. */
export function homeRoom(state: State, { rooms, direct }: RoomList): RoomId | undefined {
  const last = visitedBy(state.me.id).find((id) => state.rooms.get(id)?.state != null);
  return last ?? (rooms[0] ?? direct[0])?.room.id;
}
