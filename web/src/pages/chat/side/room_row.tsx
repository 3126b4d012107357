import type { RoomId, UserId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { nameOf, peersIn } from "../../../model/presence";
import type { ListedRoom } from "../../../model/room_list";
import type { State } from "../../../model/state";
import { unreadIn } from "../../../model/unread";
import { pathOf } from "../../../routes";
import { Avatar } from "../../../ui/avatar";
import { Badge } from "../../../ui/badge";
import { Icon } from "../../../ui/icon";
import { memo } from "../../../ui/memo";

/** What stands before the name. */
type Look = "open" | "private" | "person" | "group";

/** Plain values only: a row whose own data is as it was is not drawn again, whatever happens around it. */
interface RoomRowProps {
  readonly id: RoomId;
  readonly name: string;
  readonly look: Look;
  /** Of the one person in a direct room. */
  readonly person: UserId | undefined;
  readonly isBot: boolean;
  readonly isOnline: boolean;
  /** In a direct room of several: how many others. */
  readonly count: number;
  readonly unread: number;
  readonly isUnread: boolean;
  readonly forMe: number;
  readonly isMuted: boolean;
  readonly hasDraft: boolean;
  readonly isCurrent: boolean;
  readonly isStop: boolean;
}

export type RowData = Omit<RoomRowProps, "isCurrent" | "isStop">;

export function rowData(state: State, listed: ListedRoom, drafts: ReadonlySet<string>): RowData {
  const { room, name, isUnread, forMe } = listed;
  const isDirect = room.state?.kind === "direct";
  const peers = isDirect && room.members !== null ? peersIn(state, room) : [];
  const person = peers.length === 1 ? peers[0] : undefined;
  const ofRooms = room.state?.isOpen === true ? "open" : "private";
  return {
    id: room.id,
    name: isDirect && peers.length > 1 ? shortNames(state, listed) : name,
    look: !isDirect ? ofRooms : peers.length > 1 ? "group" : "person",
    person: person?.id,
    isBot: person?.bot ?? false,
    isOnline: person !== undefined && state.online.has(person.id),
    count: peers.length,
    unread: unreadIn(room.marker),
    isUnread,
    forMe,
    isMuted: room.marker.level === "none",
    hasDraft: drafts.has(room.id),
  };
}

/** "Tom, Priya, Henrik": of several people first names do. */
function shortNames(state: State, { room }: ListedRoom): string {
  return peersIn(state, room)
    .map((person) => nameOf(person).split(/\s/)[0] ?? "")
    .join(", ");
}

export const RoomRow = memo((props: RoomRowProps) => {
  const { id, name, look, isUnread, forMe, isMuted, hasDraft, isCurrent, isStop } = props;
  return (
    <li>
      <a
        class={isUnread ? "room unread" : "room"}
        href={pathOf({ page: "room", room: id })}
        aria-current={isCurrent ? "page" : undefined}
        tabIndex={isStop ? 0 : -1}
        data-stop={id}
      >
        <Before {...props} />
        <span class="name cut">
          <bdi>{name === "" ? t("side.somebody") : name}</bdi>
        </span>
        <span class="unseen">{wordsOf(look, props)}</span>
        {isMuted && <Icon name="bell_off" />}
        {hasDraft && !isCurrent && <Icon name="pencil" />}
        <Badge count={forMe} />
      </a>
    </li>
  );
});

function Before({ look, person, name, isBot, isOnline, count }: RoomRowProps) {
  if (look === "open" || look === "private") return <Icon name={look === "open" ? "hash" : "lock"} />;
  if (look === "group" || person === undefined) {
    return (
      <span class="stack" aria-hidden="true">
        {look === "group" ? count : ""}
      </span>
    );
  }
  return <Avatar id={person} name={name} bot={isBot} size="sm" online={isOnline} />;
}

/** What icons, dots and bold letters say, for those who do not see them. */
function wordsOf(look: Look, { isUnread, unread, forMe, isMuted, hasDraft, isCurrent, isOnline }: RoomRowProps): string {
  const words = [
    look === "private" && t("side.private"),
    isOnline && t("side.online"),
    isUnread && t("aria.unread", { n: unread, m: forMe }),
    isMuted && t("side.muted"),
    hasDraft && !isCurrent && t("side.draft"),
  ];
  return words.flatMap((word) => (word === false ? [] : [`, ${word}`])).join("");
}
