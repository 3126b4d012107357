import { useCallback, useState } from "preact/hooks";
import { useAccount, useApp } from "../../app_context";
import type { UserForAdmin } from "../../api/shapes";
import { formatNumber, t } from "../../i18n/catalogue";
import { ago, fullTime } from "../../i18n/dates";
import { Avatar } from "../../ui/avatar";
import { Tag } from "../../ui/badge";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty_state";
import { SearchField } from "../../ui/field";
import { MenuButton } from "../../ui/menu";
import { Pager, Table } from "../../ui/table";
import type { Column } from "../../ui/table";
import { useClock } from "../../ui/time";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { useSearch } from "../search";
import { PageHead } from "../section_page";
import { CreateUser, DisableUser, EditUser, ResetPassword } from "./user_dialogs";
import { useUserActions } from "./user_actions";

const pageRows = 50;

type Open =
  | { readonly kind: "none" }
  | { readonly kind: "create" }
  | { readonly kind: "edit" | "reset" | "disable"; readonly user: UserForAdmin };

export function Users() {
  const { calls } = useApp();
  const { typed, query, setTyped } = useSearch();
  const [page, setPage] = useState({ query: "", offset: 0 });
  const offset = page.query === query ? page.offset : 0; // another search begins at its first page
  const ask = useCallback(() => calls.usersForAdmin(query, { offset, limit: pageRows }), [calls, query, offset]);
  const { listing, reload } = useListing(ask);
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const close = () => setOpen({ kind: "none" });
  const actions = useUserActions(reload);
  const columns = useColumns();

  const entries = (user: UserForAdmin) => [
    { label: t("users.edit"), icon: "pencil" as const, select: () => setOpen({ kind: "edit", user }) },
    { label: t("users.reset"), icon: "key" as const, select: () => setOpen({ kind: "reset", user }) },
    {
      label: t(user.isSuperuser ? "users.unmake_admin" : "users.make_admin"),
      icon: "shield" as const,
      select: () => void actions.setAdmin(user, !user.isSuperuser),
    },
    "line" as const,
    user.isDisabled
      ? { label: t("users.enable"), icon: "check" as const, select: () => void actions.enable(user) }
      : { label: t("users.disable"), icon: "x" as const, danger: true, select: () => setOpen({ kind: "disable", user }) },
  ];
  return (
    <>
      <PageHead title={t("admin.users")} aside={listing.kind === "there" ? formatNumber(listing.total) : undefined}>
        <Button variant="primary" icon="plus" onClick={() => setOpen({ kind: "create" })}>
          {t("users.create")}
        </Button>
      </PageHead>
      <div class="filters">
        <SearchField label={t("users.search")} hint={t("users.search_hint")} value={typed} onInput={setTyped} />
      </div>
      <Listed listing={listing} onRetry={reload}>
        {(users, total) =>
          users.length === 0 ? (
            <EmptyState title={t("users.none")} text={t("users.none_text")} />
          ) : (
            <>
              <Table
                caption={t("users.caption", { from: offset + 1, to: offset + users.length, total })}
                columns={columns}
                rows={users}
                rowKey={(user) => user.id}
                rowClass={(user) => (user.isDisabled ? "is-off" : undefined)}
                actions={(user) => (
                  <MenuButton label={t("users.actions_for", { name: user.username })} entries={entries(user)} />
                )}
              />
              <Pager
                offset={offset}
                shown={users.length}
                total={total}
                limit={pageRows}
                onMove={(to) => setPage({ query, offset: to })}
              />
            </>
          )
        }
      </Listed>
      {open.kind === "create" && <CreateUser onDone={reload} onClose={close} />}
      {open.kind === "edit" && <EditUser user={open.user} onDone={reload} onClose={close} />}
      {open.kind === "reset" && <ResetPassword user={open.user} onDone={reload} onClose={close} />}
      {open.kind === "disable" && <DisableUser user={open.user} onDone={reload} onClose={close} />}
    </>
  );
}

type UserColumn = "user" | "email" | "role" | "state" | "seen" | "tokens";

function useColumns(): readonly Column<UserForAdmin, UserColumn>[] {
  return [
    { key: "user", head: t("users.user"), cell: (user) => <UserCell user={user} /> },
    { key: "email", head: t("field.email"), cell: (user) => <EmailCell email={user.email} /> },
    { key: "role", head: t("users.role"), cell: (user) => <RoleCell user={user} /> },
    {
      key: "state",
      head: t("users.state"),
      cell: (user) =>
        user.isDisabled ? <Tag>{t("users.off")}</Tag> : <span class="muted">{t("users.active")}</span>,
    },
    { key: "seen", head: t("users.last_seen"), cell: (user) => <LastSeen user={user} /> },
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

function LastSeen({ user: { lastSeen } }: { readonly user: UserForAdmin }) {
  const clock = useClock();
  if (lastSeen === null) return <span class="muted">{t("users.never")}</span>;
  return (
    <time class="muted" dateTime={new Date(lastSeen).toISOString()} title={fullTime(lastSeen)}>
      {ago(lastSeen, clock.now())}
    </time>
  );
}
