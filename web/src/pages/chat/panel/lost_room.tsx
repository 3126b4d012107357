import type { RoomId } from "../../../api/shapes";
import type { LostRoom } from "../../../model/state";

/** What stays of a room that one is no longer in, or that is gone. */
export function LostRoomPage({ lost }: { readonly id: RoomId; readonly lost: LostRoom }) {
  return <main class="main" tabIndex={-1}>{lost.name}</main>;
}
