import type { LoadedRoom } from "../../../model/state";

export function Members({ room }: { readonly room: LoadedRoom }) {
  return <aside class="panel">{room.membersTotal}</aside>;
}
