import { useEffect } from "preact/hooks";
import { useApp } from "../../app_context";
import { clock } from "../../api/clock";
import type { RoomId, Seq } from "../../api/shapes";
import { connectionOf } from "../../model/connection";
import { ConnectionLine } from "../../ui/connection_line";
import { useChat } from "./chat_services";
import { Composer } from "./composer/composer";
import { RoomLogView } from "./log/room_log_view";
import { LostRoomPage } from "./panel/lost_room";
import { Members } from "./panel/members";
import { RoomBar } from "./panel/room_bar";
import { RoomSettings } from "./panel/room_settings";
import { StrangeRoom } from "./panel/strange_room";

interface RoomPageProps {
  readonly id: RoomId;
  readonly panel: "members" | "settings" | undefined;
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
  if (room?.state == null) return lost === undefined ? <StrangeRoom id={id} /> : <LostRoomPage id={id} lost={lost} />;
  const shown = { ...room, state: room.state };
  return (
    <>
      <main class="main" tabIndex={-1}>
        <RoomBar room={shown} panel={panel} />
        <ServerLine />
        <RoomLogView room={shown} />
        <Composer room={shown} />
      </main>
      {panel === "members" && <Members room={shown} />}
      {panel === "settings" && <RoomSettings room={shown} />}
    </>
  );
}

function ServerLine() {
  const { health } = useApp();
  const { chat } = useChat();
  const connection = connectionOf(chat.connection.value, health.isSlow.value, health.busyUntil.value, clock.now());
  return <ConnectionLine connection={connection} onRetry={() => chat.wake()} />;
}
