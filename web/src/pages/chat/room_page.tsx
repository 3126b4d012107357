import { useEffect } from "preact/hooks";
import { useApp } from "../../app_context";
import { clock } from "../../api/clock";
import type { RoomId, Seq } from "../../api/shapes";
import { connectionOf } from "../../model/connection";
import type { LoadedRoom, LostRoom } from "../../model/state";
import { ConnectionLine } from "../../ui/connection_line";
import { Lazy } from "../../ui/lazy";
import { Skeleton } from "../../ui/skeleton";
import { useChat } from "./chat_services";
import { Composer } from "./composer/composer";
import { Later, MissingDialog } from "./later";
import { RoomLogView } from "./log/room_log_view";
import { panelShown } from "./panel/panel_state";
import type { PanelName, ShownPanel } from "./panel/panel_state";
import { closeProfile, profileShown } from "./panel/profile";
import { RoomBar } from "./panel/room_bar";
import { RoomPanel } from "./panel/room_panel";

interface RoomPageProps {
  readonly id: RoomId;
  readonly panel: PanelName | undefined;
  readonly seq: Seq | undefined;
}

/** One room: its bar, its messages, the box to write in, and beside it a panel. */
export function RoomPage({ id, panel, seq }: RoomPageProps) {
  const { chat, desk } = useChat();
  const room = chat.state.value.rooms.get(id);
  const lost = chat.state.value.lost.get(id);
  useEffect(() => {
    if (seq !== undefined) desk.goTo(id, seq);
  }, [desk, id, seq]);
  useEffect(() => () => desk.edit(null), [desk]);
  useEffect(() => chat.wantMembers(id), [chat, id, room?.members]);
  if (room === undefined) return <NotIn id={id} lost={lost} />;
  // An event was quicker than the room itself.
  if (room.state === null) return <Coming />;
  return <OpenRoom room={{ ...room, state: room.state }} panel={panelShown(room.state.kind, panel)} />;
}

const Coming = () => (
  <main class="main" tabIndex={-1}>
    <Skeleton rows={8} />
  </main>
);

interface OpenRoomProps {
  readonly room: LoadedRoom;
  readonly panel: ShownPanel | null;
}

const OpenRoom = ({ room, panel }: OpenRoomProps) => (
  <>
    <main class="main" tabIndex={-1}>
      <RoomBar room={room} panel={panel} />
      <ServerLine />
      <RoomLogView room={room} />
      <Composer room={room} />
    </main>
    {panel !== null && <RoomPanel room={room} panel={panel} />}
    <Profile room={room} />
  </>
);

const loadProfile = () => import("./panel/profile_card");

function Profile({ room }: { readonly room: LoadedRoom }) {
  useEffect(() => closeProfile, []);
  if (profileShown.value === null) return null;
  return (
    <Lazy load={loadProfile} waiting={null} failed={<MissingDialog onClose={closeProfile} />}>
      {({ ProfileCard }) => <ProfileCard room={room} />}
    </Lazy>
  );
}

function ServerLine() {
  const { health } = useApp();
  const { chat } = useChat();
  const connection = connectionOf(chat.connection.value, health.isSlow.value, health.busyUntil.value, clock.now());
  return <ConnectionLine connection={connection} onRetry={() => chat.wake()} />;
}

const loadNotIn = () => import("./panel/not_in");

const NotIn = ({ id, lost }: { readonly id: RoomId; readonly lost: LostRoom | undefined }) => (
  <Later load={loadNotIn} waiting={<Coming />}>
    {({ LostRoomPage, StrangeRoom }) => (lost === undefined ? <StrangeRoom id={id} /> : <LostRoomPage id={id} lost={lost} />)}
  </Later>
);
