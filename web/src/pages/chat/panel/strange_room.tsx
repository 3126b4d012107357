import type { RoomId } from "../../../api/shapes";

/** A room that one is not in: visible, and then to be joined, or not there for him. */
export function StrangeRoom({ id }: { readonly id: RoomId }) {
  return <main class="main" tabIndex={-1}>{id}</main>;
}
