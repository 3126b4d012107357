import { formatNumber, t } from "../../../i18n/catalogue";
import { onlineCount } from "../../../model/presence";
import type { LoadedRoom } from "../../../model/state";
import { Skeleton } from "../../../ui/skeleton";
import { useChat } from "../chat_services";
import { Later } from "../later";
import { Panel } from "./panel";
import { closePanel } from "./panel_state";
import type { ShownPanel } from "./panel_state";

const loadMembers = () => import("./members");
const loadSettings = () => import("./room_settings");
const waiting = <Skeleton rows={6} />;

interface RoomPanelProps {
  readonly room: LoadedRoom;
  readonly panel: ShownPanel;
}

/** The frame is there at once, and keeps the place for what comes when it is first opened. */
export function RoomPanel({ room, panel }: RoomPanelProps) {
  const isMembers = panel.name === "members";
  return (
    <Panel
      key={panel.name}
      label={t(isMembers ? "members.title" : "room_settings.title")}
      aside={isMembers && <MemberCount room={room} />}
      isOwn={panel.isOwn}
      onClose={() => closePanel(room.id, panel)}
    >
      {isMembers ? (
        <Later load={loadMembers} waiting={waiting}>
          {({ Members }) => <Members room={room} />}
        </Later>
      ) : (
        <Later load={loadSettings} waiting={waiting}>
          {({ RoomSettings }) => <RoomSettings room={room} />}
        </Later>
      )}
    </Panel>
  );
}

function MemberCount({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const online = onlineCount(chat.state.value, room);
  return (
    <span class="muted num">
      {" "}
      {formatNumber(room.membersTotal)}
      {online !== null && <small> · {t("members.online", { n: online })}</small>}
    </span>
  );
}
