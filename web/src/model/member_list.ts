/**
 * The members of a room as its panel lists them: by role, then who is online, then by name. In steps, for a room may have
 * thousands: who is online changes all the time, and names, which take longest to sort, seldom do.
 */
import type { Role, UserId } from "../api/shapes";
import { goTo } from "./goto";
import { nameOf } from "./presence";
import type { Membership, Person } from "./state";

export interface NamedMember extends Membership {
  readonly person: Person;
  readonly name: string;
}

export interface MemberGroup {
  readonly role: Role;
  readonly members: readonly NamedMember[];
}

const roles: readonly Role[] = ["owner", "admin", "member", "guest"];

/** `before`: the list as it was a moment ago. What is nearly sorted is sorted soon, and of thousands few have moved. */
export function membersByName(
  members: ReadonlyMap<UserId, Membership>,
  users: ReadonlyMap<UserId, Person>,
  collator: Intl.Collator,
  before: readonly NamedMember[] = [],
): readonly NamedMember[] {
  const nearly = new Set([...before.map(({ person }) => person.id), ...members.keys()]);
  const named = [...nearly].flatMap((user) => {
    const [membership, person] = [members.get(user), users.get(user)];
    return membership === undefined || person === undefined ? [] : [{ ...membership, person, name: nameOf(person) }];
  });
  return named.sort((a, b) => collator.compare(a.name, b.name));
}

/** Groups in which somebody is; within each the order of `members` stays. */
export function groupsOf(members: readonly NamedMember[], online: ReadonlySet<UserId>): readonly MemberGroup[] {
  const isOnline = ({ person }: NamedMember) => online.has(person.id);
  return roles.flatMap((role) => {
    const inRole = members.filter((member) => member.role === role);
    if (inRole.length === 0) return [];
    return [{ role, members: [...inRole.filter(isOnline), ...inRole.filter((member) => !isOnline(member))] }];
  });
}

/** Those whom a search finds by parts of their names, the best first. */
export function findMembers(members: readonly NamedMember[], query: string): readonly NamedMember[] {
  const places = members.map((member) => ({
    member,
    names: [member.person.displayName, member.person.username],
    isUnread: false,
    lastAt: 0,
  }));
  return goTo(query, places, places.length).map(({ member }) => member);
}
