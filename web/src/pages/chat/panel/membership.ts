import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useApp } from "../../../app_context";
import type { MemberId, Role, RoomId, UserId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import type { NamedMember } from "../../../model/member_list";
import { mayManage, mayOwn, myRole } from "../../../model/state";
import type { RoomInChat, State } from "../../../model/state";
import { toasts } from "../../../ui/toast";
import { isRefused, refusalText } from "../../refusal_text";

/** Whose removal can still be undone: they are gone from the list, and the server is told when the toast is over. */
const removing = signal<ReadonlySet<string>>(new Set());
export const beingRemoved: ReadonlySignal<ReadonlySet<string>> = removing;

export const removalOf = (room: RoomId, user: UserId): string => `${room} ${user}`;

function setRemoving(key: string, is: boolean): void {
  const next = new Set(removing.peek());
  if (is) next.add(key);
  else next.delete(key);
  removing.value = next;
}

/** The roles that `me` may give to somebody: owners are made and unmade by owners alone. */
export function rolesToGive(state: State, room: RoomInChat, member: NamedMember): readonly Role[] {
  if (!mayManage(state, room)) return [];
  const roles: readonly Role[] = mayOwn(state, room)
    ? ["owner", "admin", "member", "guest"]
    : member.role === "owner"
      ? []
      : ["admin", "member", "guest"];
  return roles.filter((role) => role !== member.role);
}

export const mayRemove = (state: State, room: RoomInChat, member: NamedMember): boolean =>
  member.person.id !== state.me.id && mayManage(state, room) && (member.role !== "owner" || mayOwn(state, room));

/** Who adds people may give them these roles. */
export const rolesForNew = (state: State, room: RoomInChat): readonly Role[] =>
  state.me.isSuperuser || myRole(state, room) === "owner"
    ? ["guest", "member", "admin", "owner"]
    : ["guest", "member", "admin"];

export function useMembership(room: RoomId) {
  const { calls } = useApp();
  const setRole = async ({ id, name }: NamedMember, role: Role) => {
    const answer = await calls.changeRole(room, id, role);
    if (answer.ok) toasts.show(t("members.role_set", { name, role: t(`role.${role}`) }));
    else toasts.show(isRefused(answer.refusal, 409) ? t("room.last_owner") : refusalText(answer.refusal));
  };
  const commitRemoval = async (member: MemberId, key: string) => {
    const answer = await calls.removeMember(room, member);
    setRemoving(key, false);
    if (answer.ok || isRefused(answer.refusal, 404)) return; // gone, one way or the other
    toasts.show(isRefused(answer.refusal, 409) ? t("room.last_owner") : refusalText(answer.refusal));
  };
  const remove = ({ id, name, person }: NamedMember) => {
    const key = removalOf(room, person.id);
    setRemoving(key, true);
    toasts.show(t("members.removed", { name }), {
      undo: () => setRemoving(key, false),
      commit: () => void commitRemoval(id, key),
    });
  };
  return { setRole, remove };
}
