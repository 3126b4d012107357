import { useCallback, useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { Room } from "../../api/shapes";
import { formatNumber, language, t } from "../../i18n/catalogue";
import { shortDate } from "../../i18n/dates";
import { Tag } from "../../ui/badge";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty_state";
import { SearchField } from "../../ui/field";
import { Icon } from "../../ui/icon";
import { MenuButton } from "../../ui/menu";
import { Pager, Table } from "../../ui/table";
import type { Column, Sort } from "../../ui/table";
import { toasts } from "../../ui/toast";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { useSearch } from "../search";
import { PageHead } from "../section_page";
import { wholeList } from "../whole_list";
import { Owners } from "./owners";
import { CreateRoom, DeleteRoom, EditRoom } from "./room_dialogs";

const pageRows = 50;

type RoomColumn = "name" | "access" | "members" | "created";

type Open =
  | { readonly kind: "none" }
  | { readonly kind: "create" }
  | { readonly kind: "edit" | "owners" | "delete"; readonly room: Room };

export function Rooms() {
  const { calls } = useApp();
  const { typed, query, setTyped } = useSearch();
  const [page, setPage] = useState({ query: "", offset: 0 });
  const [sort, setSort] = useState<Sort<RoomColumn>>({ by: "name", descending: false });
  const ask = useCallback(() => wholeList(calls.allRooms), [calls]);
  const { listing, reload } = useListing(ask);
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const close = () => setOpen({ kind: "none" });

  const entries = (room: Room) => [
    { label: t("admin_rooms.edit"), icon: "pencil" as const, select: () => setOpen({ kind: "edit", room }) },
    { label: t("admin_rooms.owners"), icon: "people" as const, select: () => setOpen({ kind: "owners", room }) },
    "line" as const,
    { label: t("admin_rooms.delete"), icon: "trash" as const, danger: true, select: () => setOpen({ kind: "delete", room }) },
  ];
  const create = () => setOpen({ kind: "create" });
  const tellOfRoom = ({ name }: Room) => {
    toasts.show(t("admin_rooms.created", { room: name ?? "" }));
    reload();
  };
  return (
    <>
      <PageHead title={t("admin.rooms")} aside={listing.kind === "there" ? formatNumber(listing.total) : undefined}>
        <Button variant="primary" icon="plus" onClick={create}>
          {t("admin_rooms.create")}
        </Button>
      </PageHead>
      <div class="filters">
        <SearchField label={t("admin_rooms.search")} hint={t("admin_rooms.search_hint")} value={typed} onInput={setTyped} />
      </div>
      <Listed listing={listing} onRetry={reload}>
        {(all) => {
          if (all.length === 0) return <EmptyState title={t("admin_rooms.none")} text={t("admin_rooms.none_text")} />;
          const found = sorted(all.filter((room) => matches(room, query)), sort);
          if (found.length === 0)
            return <EmptyState title={t("admin_rooms.not_found")} text={t("admin_rooms.not_found_text")} />;
          const offset = page.query === query && page.offset < found.length ? page.offset : 0;
          const shown = found.slice(offset, offset + pageRows);
          return (
            <>
              <Table
                caption={t("admin_rooms.caption", { from: offset + 1, to: offset + shown.length, total: found.length })}
                columns={columns()}
                rows={shown}
                rowKey={(room) => room.id}
                sort={sort}
                onSort={setSort}
                actions={(room) => (
                  <MenuButton label={t("admin_rooms.actions_for", { room: room.name ?? "" })} entries={entries(room)} />
                )}
              />
              <Pager
                offset={offset}
                shown={shown.length}
                total={found.length}
                limit={pageRows}
                onMove={(to) => setPage({ query, offset: to })}
              />
            </>
          );
        }}
      </Listed>
      {open.kind === "create" && <CreateRoom onDone={tellOfRoom} onClose={close} />}
      {open.kind === "edit" && <EditRoom room={open.room} onDone={reload} onClose={close} />}
      {open.kind === "owners" && <Owners room={open.room} onClose={close} />}
      {open.kind === "delete" && <DeleteRoom room={open.room} onDone={reload} onClose={close} />}
    </>
  );
}

function matches(room: Room, query: string): boolean {
  const wanted = query.toLocaleLowerCase();
  return `${room.name ?? ""}\n${room.topic}`.toLocaleLowerCase().includes(wanted);
}

const accessOf = (room: Room) =>
  t(!room.isVisible ? "admin_rooms.access_hidden" : room.isOpen ? "admin_rooms.access_open" : "admin_rooms.access_private");

function sorted(rooms: readonly Room[], { by, descending }: Sort<RoomColumn>): readonly Room[] {
  const words = new Intl.Collator(language.value, { numeric: true, sensitivity: "base" });
  const byName = (a: Room, b: Room) => words.compare(a.name ?? "", b.name ?? "");
  const orders: Readonly<Record<RoomColumn, (a: Room, b: Room) => number>> = {
    name: byName,
    access: (a, b) => words.compare(accessOf(a), accessOf(b)),
    members: (a, b) => a.membersTotal - b.membersTotal,
    created: (a, b) => a.created - b.created,
  };
  const direction = descending ? -1 : 1;
  return rooms.toSorted((a, b) => direction * orders[by](a, b) || byName(a, b));
}

const columns = (): readonly Column<Room, RoomColumn>[] => [
  { key: "name", head: t("admin_rooms.room"), sorts: true, cell: (room) => <RoomCell room={room} /> },
  {
    key: "access",
    head: t("admin_rooms.access"),
    sorts: true,
    cell: (room) =>
      room.isOpen && room.isVisible ? <span class="muted">{accessOf(room)}</span> : <Tag>{accessOf(room)}</Tag>,
  },
  {
    key: "members",
    head: t("admin_rooms.members"),
    sorts: true,
    numeric: true,
    cell: (room) => formatNumber(room.membersTotal),
  },
  {
    key: "created",
    head: t("admin_rooms.made"),
    sorts: true,
    cell: (room) => <span class="muted">{shortDate(room.created)}</span>,
  },
];

const RoomCell = ({ room }: { readonly room: Room }) => (
  <div class="cell">
    <Icon name={room.isOpen ? "hash" : "lock"} />
    <div>
      <b title={room.name ?? ""}>
        <bdi>{room.name}</bdi>
      </b>
      {room.topic !== "" && (
        <small title={room.topic}>
          <bdi>{room.topic}</bdi>
        </small>
      )}
      <small class="narrow-only">
        {accessOf(room)} · {t("admin_rooms.members")}: {formatNumber(room.membersTotal)}
      </small>
    </div>
  </div>
);
