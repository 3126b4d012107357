import { useState } from "preact/hooks";
import type { Role, UserId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import type { NamedMember } from "../../../model/member_list";
import type { LoadedRoom } from "../../../model/state";
import { Avatar } from "../../../ui/avatar";
import { Tag } from "../../../ui/badge";
import { MenuButton } from "../../../ui/menu";
import type { MenuEntry } from "../../../ui/menu";
import { toasts } from "../../../ui/toast";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { useOpenDirect } from "../open_direct";
import { useLastSeenText } from "./last_seen";
import { mayRemove, rolesToGive, useMembership } from "./membership";
import { openProfile } from "./profile";

interface MemberRowProps {
  readonly room: LoadedRoom;
  readonly member: NamedMember;
  /** Its place in its list: not all of a list's rows are in the page. */
  readonly at: number;
  readonly size: number;
  readonly isOnline: boolean;
  /** Where the group does not say it. */
  readonly showsRole: boolean;
  readonly isTabStop: boolean;
}

export function MemberRow({ room, member, at, size, isOnline, showsRole, isTabStop }: MemberRowProps) {
  const { chat } = useChat();
  const { person, name, role } = member;
  const tabIndex = isTabStop ? 0 : -1;
  const entries = useEntries(room, member);
  const [isLookedAt, setLookedAt] = useState(false);
  const seen = useLastSeenText(isLookedAt && !isOnline && !person.bot ? person.id : undefined);
  return (
    <li class="person" style={{ "--at": at }} aria-setsize={size} aria-posinset={at + 1}>
      <button
        class="person-open"
        type="button"
        data-stop={person.id}
        tabIndex={tabIndex}
        title={[name, `@${person.username}`, seen].filter(Boolean).join(" · ")}
        onPointerEnter={() => setLookedAt(true)}
        onFocus={() => setLookedAt(true)}
        onClick={() => openProfile(person.id)}
      >
        <Avatar id={person.id} name={name} size="md" bot={person.bot} online={person.bot ? undefined : isOnline} />
        <span class="who cut">
          <bdi>{name}</bdi>
        </span>
        {!person.bot && <span class="unseen">, {t(isOnline ? "presence.online" : "presence.offline")}</span>}
        {person.id === chat.state.value.me.id && <Tag>{t("tag.you")}</Tag>}
        {person.bot && <Tag bot>{t("tag.bot")}</Tag>}
        {showsRole && role !== "member" && <Tag>{t(`role.${role}`)}</Tag>}
      </button>
      <MenuButton label={t("users.actions_for", { name })} entries={entries} heading={<bdi>{name}</bdi>} tabIndex={tabIndex} />
    </li>
  );
}

const roleIcons = { owner: "key", admin: "shield", member: "pencil", guest: "eye" } as const;

function useEntries(room: LoadedRoom, member: NamedMember): readonly MenuEntry[] {
  const { chat } = useChat();
  const state = chat.state.value;
  const openDirect = useOpenDirect();
  const { setRole, remove } = useMembership(room.id);
  const { id, bot } = member.person;
  const message = async (user: UserId) => {
    const refusal = await openDirect([user]);
    if (refusal !== null) toasts.show(refusalText(refusal));
  };
  const roles = rolesToGive(state, room, member);
  const giveRole = (role: Role): MenuEntry => ({
    label: t(`members.make_${role}`),
    icon: roleIcons[role],
    select: () => void setRole(member, role),
  });
  return [
    ...(bot || id === state.me.id
      ? []
      : [{ label: t("members.message"), icon: "send", select: () => void message(id) } as const]),
    { label: t("members.profile"), icon: "user", select: () => openProfile(id) },
    ...(roles.length > 0 ? ["line" as const, ...roles.map(giveRole)] : []),
    ...(mayRemove(state, room, member)
      ? (["line", { label: t("members.remove"), icon: "x", danger: true, select: () => remove(member) }] as const)
      : []),
  ];
}
