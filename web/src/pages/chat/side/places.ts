import type { Profile, Room, RoomId, UserId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import type { Place } from "../../../model/goto";
import { nameOf, peersIn } from "../../../model/presence";
import type { ListedRoom, RoomList } from "../../../model/room_list";
import type { State } from "../../../model/state";

type Named = Pick<Profile, "id" | "username" | "displayName">;

/** Where "Go to…" leads: a room of one's own, a person to whom one has not written yet, a room to join. */
export type Target =
  | { readonly kind: "mine"; readonly room: RoomId }
  | { readonly kind: "person"; readonly person: UserId }
  | { readonly kind: "other"; readonly room: Room };

export interface Destination extends Place {
  readonly key: string;
  readonly target: Target;
  readonly title: string;
  /** Under what else it is known: a topic, a username. */
  readonly sub: string;
  readonly icon: "hash" | "lock" | { readonly person: Named; readonly isBot: boolean; readonly isOnline: boolean } | number;
  readonly forMe: number;
}

interface Known {
  readonly state: State;
  readonly list: RoomList;
  /** All that are visible; those of one's own are left out. */
  readonly rooms: readonly Room[];
  /** Whom the server has found, besides those who are known. */
  readonly found: readonly Named[];
  /** The latest first. */
  readonly visited: readonly RoomId[];
}

/** All the places there are, in no order. */
export function destinations({ state, list, rooms, found, visited }: Known): readonly Destination[] {
  const wasThere = new Map(visited.map((id, index) => [id, Number.MAX_SAFE_INTEGER - index]));
  const mine = [...list.rooms, ...list.direct].map((listed) => mineOf(state, listed, wasThere));
  const written = new Set(list.direct.flatMap(({ room }) => (room.members?.size === 2 ? [...room.members.keys()] : [])));
  const people = new Map<UserId, Named>(found.map((person) => [person.id, person]));
  for (const person of state.users.values()) {
    if (person.isDisabled) people.delete(person.id);
    else people.set(person.id, person);
  }
  people.delete(state.me.id);
  return [
    ...mine,
    ...[...people.values()].filter(({ id }) => !written.has(id)).map((person) => personOf(state, person)),
    ...rooms.filter(({ id }) => !state.rooms.has(id)).map(otherOf),
  ];
}

/** Where one was counts before what was said: on one's own device, and by no clock. */
function mineOf(state: State, { room, name, isUnread, forMe }: ListedRoom, wasThere: ReadonlyMap<RoomId, number>): Destination {
  const isDirect = room.state?.kind === "direct";
  const peers = isDirect && room.members !== null ? peersIn(state, room) : [];
  const person = peers.length === 1 ? peers[0] : undefined;
  const ofRoom = room.state?.isOpen === true ? "hash" : "lock";
  return {
    key: room.id,
    target: { kind: "mine", room: room.id },
    title: name,
    sub: person === undefined ? (room.state?.topic ?? "") : `@${person.username}`,
    names: [name, ...peers.map(({ username }) => username)],
    icon: person !== undefined ? faceOf(state, person) : isDirect ? peers.length : ofRoom,
    isUnread,
    forMe,
    lastAt: wasThere.get(room.id) ?? room.lastMessageAt ?? 0,
  };
}

const faceOf = (state: State, person: Named & { readonly bot?: boolean }) => ({
  person,
  isBot: person.bot === true,
  isOnline: state.online.has(person.id),
});

const personOf = (state: State, person: Named): Destination => ({
  key: person.id,
  target: { kind: "person", person: person.id },
  title: nameOf(person),
  sub: `@${person.username}`,
  names: [nameOf(person), person.username],
  icon: faceOf(state, person),
  isUnread: false,
  forMe: 0,
  lastAt: 0,
});

const otherOf = (room: Room): Destination => ({
  key: room.id,
  target: { kind: "other", room },
  title: room.name ?? "",
  sub: t("goto.not_joined", { n: room.membersTotal }),
  names: [room.name ?? ""],
  icon: room.isOpen ? "hash" : "lock",
  isUnread: false,
  forMe: 0,
  lastAt: 0,
});
