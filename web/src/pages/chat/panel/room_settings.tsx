import type { LoadedRoom } from "../../../model/state";

export function RoomSettings({ room }: { readonly room: LoadedRoom }) {
  return <aside class="panel">{room.membersTotal}</aside>;
}
