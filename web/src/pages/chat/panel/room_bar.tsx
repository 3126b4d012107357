import { formatNumber, t } from "../../../i18n/catalogue";
import { nameOf, nameOfRoom, peersIn } from "../../../model/presence";
import type { LoadedRoom } from "../../../model/state";
import { standingOf } from "../../../model/unread";
import { Avatar } from "../../../ui/avatar";
import { Badge } from "../../../ui/badge";
import { Icon } from "../../../ui/icon";
import { useChat } from "../chat_services";
import { useRoomList } from "../side/room_list";
import { PresenceOrLastSeen } from "./last_seen";
import { closePanel, openPanel } from "./panel_state";
import type { ShownPanel } from "./panel_state";
import { openProfile } from "./profile";
import { RoomMenu } from "./room_menu";
import { Topic } from "./topic";

interface RoomBarProps {
  readonly room: LoadedRoom;
  readonly panel: ShownPanel | null;
}

/** Where one is, what for, and who else is. */
export function RoomBar({ room, panel }: RoomBarProps) {
  return (
    <header class="bar">
      <Back room={room} />
      {room.state.kind === "direct" ? <DirectHead room={room} /> : <RoomHead room={room} />}
      <MembersButton room={room} panel={panel} />
      <RoomMenu room={room} />
    </header>
  );
}

/** On a phone: to the list, with what waits there. */
function Back({ room }: { readonly room: LoadedRoom }) {
  const { forMe } = useRoomList();
  const elsewhere = forMe - standingOf(room.marker, room.state.kind === "direct").forMe;
  return (
    <a class="icon-btn back ib-text" href="/">
      <Icon name="left" />
      <span class="unseen">
        {t("bar.all_rooms")}
        {elsewhere > 0 && `, ${t("bar.for_you", { n: elsewhere })}`}
      </span>
      <Badge count={elsewhere} />
    </a>
  );
}

function RoomHead({ room }: { readonly room: LoadedRoom }) {
  const name = room.state.name ?? "";
  return (
    <>
      <h1 class="cut" title={name}>
        <Icon name={room.state.isOpen ? "hash" : "lock"} />
        <bdi class="cut">{name}</bdi>
        {!room.state.isOpen && <span class="unseen">, {t("bar.private")}</span>}
      </h1>
      <Topic room={room} />
    </>
  );
}

/** The one, who can be looked up, or the several that one talks to. */
function DirectHead({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const state = chat.state.value;
  const peers = peersIn(state, room);
  const name = nameOfRoom(state, room);
  const [one] = peers;
  if (one === undefined || peers.length > 1)
    return (
      <>
        <h1 class="cut" title={name}>
          <span class="stack" aria-hidden="true">
            {formatNumber(peers.length)}
          </span>
          <bdi class="cut">{name}</bdi>
        </h1>
        <span class="topic" />
      </>
    );
  const isOnline = state.online.has(one.id);
  return (
    <>
      <h1 class="cut" title={name}>
        <button class="peer" type="button" aria-haspopup="dialog" onClick={() => openProfile(one.id)}>
          <Avatar id={one.id} name={nameOf(one)} size="md" bot={one.bot} online={one.bot ? undefined : isOnline} />
          <bdi class="cut">{name}</bdi>
        </button>
      </h1>
      <span class="topic">{!one.bot && <PresenceOrLastSeen user={one.id} online={isOnline} />}</span>
    </>
  );
}

function MembersButton({ room, panel }: RoomBarProps) {
  const { chat } = useChat();
  const isOpen = panel?.name === "members";
  // Of a talk between two the bar has told all there is.
  if (room.state.kind === "direct" && peersIn(chat.state.value, room).length < 2) return null;
  const toggle = () => {
    if (isOpen) closePanel(room.id, panel);
    else openPanel(room.id, "members");
  };
  return (
    <button
      class="icon-btn ib-text num"
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? "panel" : undefined}
      title={t("members.title")}
      onClick={toggle}
    >
      <Icon name="people" />
      <span class="unseen">{t("members.title")} </span>
      {formatNumber(room.membersTotal)}
    </button>
  );
}
