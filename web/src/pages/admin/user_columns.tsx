import { useAccount } from "../../app_context";
import type { UserForAdmin } from "../../api/shapes";
import { formatNumber, t } from "../../i18n/catalogue";
import { ago, fullTime } from "../../i18n/dates";
import { Avatar } from "../../ui/avatar";
import { Tag } from "../../ui/badge";
import type { Column } from "../../ui/table";
import { useClock } from "../../ui/time";

export type UserColumn = "user" | "email" | "role" | "state" | "seen" | "tokens";

export function userColumns(): readonly Column<UserForAdmin, UserColumn>[] {
  return [
    { key: "user", head: t("users.user"), sorts: true, cell: (user) => <UserCell user={user} /> },
    { key: "email", head: t("field.email"), cell: (user) => <EmailCell email={user.email} /> },
    { key: "role", head: t("users.role"), cell: (user) => <RoleCell user={user} /> },
    {
      key: "state",
      head: t("users.state"),
      cell: (user) =>
        user.isDisabled ? <Tag>{t("users.off")}</Tag> : <span class="muted">{t("users.active")}</span>,
    },
    { key: "seen", head: t("users.last_seen"), sorts: true, cell: (user) => <LastSeen user={user} /> },
    { key: "tokens", head: t("users.tokens"), numeric: true, cell: (user) => formatNumber(user.tokens) },
  ];
}

const roleOf = (user: UserForAdmin) => t(user.bot ? "tag.bot" : user.isSuperuser ? "role.admin" : "role.member");

function UserCell({ user }: { readonly user: UserForAdmin }) {
  const account = useAccount();
  const name = user.displayName === "" ? user.username : user.displayName;
  return (
    <div class="cell">
      <Avatar id={user.id} name={name} bot={user.bot} size="md" />
      <div>
        <b title={name}>
          <bdi>{name}</bdi>
          {user.id === account.id && <Tag>{t("tag.you")}</Tag>}
        </b>
        <small title={`@${user.username}`}>
          @{user.username}
          <span class="narrow-only">
            {(user.bot || user.isSuperuser) && ` · ${roleOf(user)}`}
            {user.isDisabled && ` · ${t("users.off")}`}
          </span>
        </small>
      </div>
    </div>
  );
}

const EmailCell = ({ email }: { readonly email: string }) => (
  <span class="long" title={email}>
    {email}
  </span>
);

const RoleCell = ({ user }: { readonly user: UserForAdmin }) =>
  user.bot || user.isSuperuser ? <Tag>{roleOf(user)}</Tag> : <span class="muted">{roleOf(user)}</span>;

function LastSeen({ user: { lastSeen, online } }: { readonly user: UserForAdmin }) {
  const clock = useClock();
  if (online)
    return (
      <span class="stat muted">
        <span class="dot dot-on" />
        {t("presence.online")}
      </span>
    );
  if (lastSeen === null) return <span class="muted">{t("users.never")}</span>;
  return (
    <time class="muted" dateTime={new Date(lastSeen).toISOString()} title={fullTime(lastSeen)}>
      {ago(lastSeen, clock.now())}
    </time>
  );
}
