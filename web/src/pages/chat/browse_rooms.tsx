import { useCallback, useState } from "preact/hooks";
import { mayCreateRooms } from "../../about";
import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import type { Room } from "../../api/shapes";
import { language, t } from "../../i18n/catalogue";
import type { State } from "../../model/state";
import { pathOf } from "../../routes";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty_state";
import { SearchField } from "../../ui/field";
import { Icon } from "../../ui/icon";
import { Pager } from "../../ui/table";
import { FormError } from "../form";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { refusalText } from "../refusal_text";
import { useSearch } from "../search";
import { wholeList } from "../whole_list";
import "../../styles/admin.css";
import { useChat } from "./chat_services";
import { useJoin } from "./join";

const pageRows = 50;

/** The rooms that one can see, his own among them. */
export function BrowseRooms() {
  const { calls } = useApp();
  const { chat, desk } = useChat();
  const { typed, query, setTyped } = useSearch();
  const ask = useCallback(() => wholeList(calls.visibleRooms), [calls]);
  const { listing, reload } = useListing(ask);
  const mine = chat.state.value.rooms;
  // What one joins here stays where it is.
  const [before] = useState(mine);
  const create = mayCreateRooms(chat.state.value.me) && (
    <Button icon="plus" onClick={() => desk.show("create_room")}>
      {t("side.create_room")}
    </Button>
  );
  return (
    <main class="main" tabIndex={-1}>
      <header class="bar">
        <a class="icon-btn back" href="/" aria-label={t("act.back")}>
          <Icon name="left" />
        </a>
        <h1>
          <Icon name="compass" />
          {t("side.browse")}
        </h1>
      </header>
      <div class="browse">
        <div class="filters">
          <SearchField label={t("browse.search")} hint={t("browse.search_hint")} value={typed} onInput={setTyped} />
          {create}
        </div>
        <Listed listing={listing} onRetry={reload}>
          {(all) => (
            <>
              {all.every(({ id }) => mine.has(id)) && (
                <EmptyState text={t(all.length === 0 ? "browse.nothing" : "browse.none")} />
              )}
              <Found key={query} rooms={matching(all, query, before)} query={query} />
            </>
          )}
        </Listed>
      </div>
    </main>
  );
}

/** Those that one is not in come first: for them one has come here. */
function matching(rooms: readonly Room[], query: string, mine: State["rooms"]): readonly Room[] {
  const wanted = query.toLocaleLowerCase();
  const words = new Intl.Collator(language.value, { numeric: true, sensitivity: "base" });
  return rooms
    .filter(({ name, topic }) => `${name ?? ""}\n${topic}`.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => Number(mine.has(a.id)) - Number(mine.has(b.id)) || words.compare(a.name ?? "", b.name ?? ""));
}

function Found({ rooms, query }: { readonly rooms: readonly Room[]; readonly query: string }) {
  const [offset, setOffset] = useState(0);
  if (rooms.length === 0 && query !== "")
    return <EmptyState title={t("admin_rooms.not_found")} text={t("admin_rooms.not_found_text")} />;
  const shown = rooms.slice(offset, offset + pageRows);
  return (
    <>
      <ul class="browse-list" aria-label={t("browse.list")}>
        {shown.map((room) => (
          <RoomCard key={room.id} room={room} />
        ))}
      </ul>
      {rooms.length > pageRows && (
        <Pager offset={offset} shown={shown.length} total={rooms.length} limit={pageRows} onMove={setOffset} />
      )}
    </>
  );
}

function RoomCard({ room }: { readonly room: Room }) {
  const { chat } = useChat();
  const mine = chat.state.value.rooms.get(room.id);
  return (
    <li class="browse-row">
      <Icon name={room.isOpen ? "hash" : "lock"} />
      <div class="browse-text">
        <h2>
          <bdi>{room.name}</bdi>
        </h2>
        {room.topic !== "" && (
          <p class="browse-topic" dir="auto">
            {room.topic}
          </p>
        )}
        <p class="muted">{t("browse.members", { n: mine?.membersTotal ?? room.membersTotal })}</p>
      </div>
      {mine !== undefined ? <Open room={room} /> : room.isOpen ? <Join room={room} /> : <Private />}
    </li>
  );
}

const Open = ({ room }: { readonly room: Room }) => (
  <a
    class="btn btn-sm btn-plain"
    href={pathOf({ page: "room", room: room.id })}
    aria-label={t("browse.open_room", { room: room.name ?? "" })}
  >
    {t("browse.open")}
  </a>
);

const Private = () => <p class="browse-private muted">{t("browse.private")}</p>;

function Join({ room }: { readonly room: Room }) {
  const join = useJoin();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const press = async () => {
    setBusy(true);
    setRefusal(await join(room.id));
    setBusy(false);
  };
  return (
    <div class="browse-join">
      <Button
        small
        busy={isBusy}
        busyLabel={t("browse.joining")}
        label={t("browse.join_room", { room: room.name ?? "" })}
        onClick={() => void press()}
      >
        {t("browse.join")}
      </Button>
      <FormError text={refusal === null ? undefined : refusalText(refusal)} />
    </div>
  );
}
