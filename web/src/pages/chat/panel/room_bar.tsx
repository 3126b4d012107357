import type { LoadedRoom } from "../../../model/state";

interface RoomBarProps {
  readonly room: LoadedRoom;
  readonly panel: "members" | "settings" | undefined;
}

export function RoomBar({ room }: RoomBarProps) {
  return (
    <header class="bar">
      <h1 class="cut">{room.state.name}</h1>
    </header>
  );
}
