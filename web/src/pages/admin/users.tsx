import { useCallback, useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { UsersWanted } from "../../api/calls";
import type { UserForAdmin } from "../../api/shapes";
import { formatNumber, t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty_state";
import { SearchField } from "../../ui/field";
import { MenuButton } from "../../ui/menu";
import { Segmented } from "../../ui/segmented";
import { Pager, Table } from "../../ui/table";
import type { Sort } from "../../ui/table";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { useSearch } from "../search";
import { PageHead } from "../section_page";
import { userColumns } from "./user_columns";
import type { UserColumn } from "./user_columns";
import { CreateUser, DisableUser, EditUser, ResetPassword } from "./user_dialogs";
import { useUserActions } from "./user_actions";
import { UserTokens } from "./user_tokens";

const pageRows = 50;

type Show = UsersWanted["show"];

type Open =
  | { readonly kind: "none" }
  | { readonly kind: "create" }
  | { readonly kind: "edit" | "reset" | "tokens" | "disable"; readonly user: UserForAdmin };

/** Which of them are shown, and in what order: of another choice the first page. */
function useUserList() {
  const { calls } = useApp();
  const { typed, query, setTyped } = useSearch();
  const [show, setShow] = useState<Show>("all");
  const [sort, setSort] = useState<Sort<UserColumn>>({ by: "user", descending: false });
  const order = orderBy(sort);
  const choice = `${show} ${order} ${query}`;
  const [page, setPage] = useState({ choice, offset: 0 });
  const offset = page.choice === choice ? page.offset : 0;
  const ask = useCallback(
    () => calls.usersForAdmin({ query, show, order }, { offset, limit: pageRows }),
    [calls, query, show, order, offset],
  );
  const { listing, reload } = useListing(ask);
  const move = (to: number) => setPage({ choice, offset: to });
  return { typed, setTyped, show, setShow, sort, setSort, offset, move, listing, reload };
}

function orderBy({ by, descending }: Sort<UserColumn>): UsersWanted["order"] {
  if (by === "seen") return descending ? "-last_seen" : "last_seen";
  return descending ? "-username" : "username";
}

export function Users() {
  const { typed, setTyped, show, setShow, sort, setSort, offset, move, listing, reload } = useUserList();
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const close = () => setOpen({ kind: "none" });
  const actions = useUserActions(reload);

  const entries = (user: UserForAdmin) => [
    { label: t("users.edit"), icon: "pencil" as const, select: () => setOpen({ kind: "edit", user }) },
    { label: t("users.reset"), icon: "lock" as const, select: () => setOpen({ kind: "reset", user }) },
    {
      label: t(user.isSuperuser ? "users.unmake_admin" : "users.make_admin"),
      icon: "shield" as const,
      select: () => void actions.setAdmin(user, !user.isSuperuser),
    },
    { label: t("users.tokens"), icon: "key" as const, select: () => setOpen({ kind: "tokens", user }) },
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
        <Segmented<Show>
          label={t("users.show")}
          quiet
          value={show}
          choices={[
            { value: "all", label: t("users.show_all") },
            { value: "admins", label: t("users.show_admins") },
            { value: "disabled", label: t("users.show_disabled") },
          ]}
          onChange={setShow}
        />
      </div>
      <Listed listing={listing} onRetry={reload}>
        {(users, total) =>
          users.length === 0 ? (
            <EmptyState title={t("users.none")} text={t("users.none_text")} />
          ) : (
            <>
              <Table
                caption={t("users.caption", { from: offset + 1, to: offset + users.length, total })}
                columns={userColumns()}
                rows={users}
                rowKey={(user) => user.id}
                sort={sort}
                onSort={setSort}
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
                onMove={move}
              />
            </>
          )
        }
      </Listed>
      {open.kind === "create" && <CreateUser onDone={reload} onClose={close} />}
      {open.kind === "edit" && <EditUser user={open.user} onDone={reload} onClose={close} />}
      {open.kind === "reset" && <ResetPassword user={open.user} onDone={reload} onClose={close} />}
      {open.kind === "tokens" && <UserTokens user={open.user} onDone={reload} onClose={close} />}
      {open.kind === "disable" && <DisableUser user={open.user} onDone={reload} onClose={close} />}
    </>
  );
}
