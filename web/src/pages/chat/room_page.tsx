import { useEffect } from "preact/hooks";
import { useApp } from "../../app_context";
import { clock } from "../../api/clock";
import type { RoomId, Seq } from "../../api/shapes";
import { t } from "../../i18n/catalogue";
import { connectionOf } from "../../model/connection";
import type { LoadedRoom } from "../../model/state";
import { Button } from "../../ui/button";
import { ConnectionLine } from "../../ui/connection_line";
import { EmptyState } from "../../ui/empty_state";
import { Lazy } from "../../ui/lazy";
import { Skeleton } from "../../ui/skeleton";
import { useChat } from "./chat_services";
import { Composer } from "./composer/composer";
import { RoomLogView } from "./log/room_log_view";
import { LostRoomPage } from "./panel/lost_room";
import { Members } from "./panel/members";
import { Panel } from "./panel/panel";
import { closePanel, panelShown } from "./panel/panel_state";
import type { PanelName, ShownPanel } from "./panel/panel_state";
import { ProfileCard } from "./panel/profile_card";
import { RoomBar } from "./panel/room_bar";
import { StrangeRoom } from "./panel/strange_room";

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
  if (room === undefined) return lost === undefined ? <StrangeRoom id={id} /> : <LostRoomPage id={id} lost={lost} />;
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
    {panel?.name === "members" && <Members room={room} panel={panel} />}
    {panel?.name === "settings" && <SettingsPanel room={room} panel={panel} />}
    <ProfileCard room={room} />
  </>
);

function ServerLine() {
  const { health } = useApp();
  const { chat } = useChat();
  const connection = connectionOf(chat.connection.value, health.isSlow.value, health.busyUntil.value, clock.now());
  return <ConnectionLine connection={connection} onRetry={() => chat.wake()} />;
}

const loadSettings = () => import("./panel/room_settings");

/** What few open, and then seldom, comes when they do. */
const SettingsPanel = ({ room, panel }: { readonly room: LoadedRoom; readonly panel: ShownPanel }) => (
  <Panel label={t("room_settings.title")} isOwn={false} onClose={() => closePanel(room.id, panel)}>
    <Lazy load={loadSettings} waiting={<Skeleton rows={6} />} failed={<Outdated />}>
      {({ RoomSettings }) => <RoomSettings room={room} />}
    </Lazy>
  </Panel>
);

const Outdated = () => (
  <EmptyState
    text={t("page.gone")}
    action={<Button onClick={() => location.reload()}>{t("act.reload")}</Button>}
  />
);
