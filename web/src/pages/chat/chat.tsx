import { useEffect, useRef } from "preact/hooks";
import type { RoomId } from "../../api/shapes";
import { t } from "../../i18n/catalogue";
import { go, replace } from "../../routes";
import type { Route } from "../../routes";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty_state";
import { Mark } from "../../ui/icon";
import { Lazy } from "../../ui/lazy";
import { Skeleton } from "../../ui/skeleton";
import { isWide } from "../../ui/width";
import { useChat } from "./chat_services";
import { Later } from "./later";
import { RoomPage } from "./room_page";
import { homeRoom, useRoomList } from "./side/room_list";
import { Side } from "./side/side";
import { useTitle } from "./side/title";
import { rememberVisit } from "./side/visits";

export type ChatRoute = Extract<Route, { page: "chat" | "room" | "browse" | "direct" }>;

const loadParts = () => import("./side/later_parts");

/** My rooms at the side, and what one has come to. On a phone it is one of them: the address says which (`data-pane`). */
export function ChatPage({ at }: { readonly at: ChatRoute }) {
  const { chat, desk } = useChat();
  useTitle(at);
  useVisits(at);
  const leaveDirect = useWayBack(at);
  useEffect(() => () => desk.show(null), [desk]);
  return (
    <>
      {at.page === "room" && chat.state.value.rooms.get(at.room)?.state != null && <SkipLink />}
      <div class="shell" data-pane={paneOf(at)}>
        <Side at={at} />
        {chat.isLoaded.value ? <Content at={at} /> : <Waiting />}
      </div>
      <Lazy load={loadParts} waiting={null} failed={null}>
        {({ LaterParts }) => <LaterParts at={at} onLeaveDirect={leaveDirect} />}
      </Lazy>
    </>
  );
}

function paneOf(at: ChatRoute): "list" | "room" | "panel" {
  if (at.page === "room") return at.panel === undefined ? "room" : "panel";
  return at.page === "browse" ? "room" : "list";
}

/** A link to a place in this page would be taken for a page. */
const SkipLink = () => (
  <a
    class="skip"
    href="#composer"
    onClick={(event) => {
      event.preventDefault();
      document.getElementById("composer")?.focus();
    }}
  >
    {t("aria.skip_composer")}
  </a>
);

/** The rooms that one has been in here, for the next start and for "Go to…". */
function useVisits(at: ChatRoute): void {
  const { chat } = useChat();
  const room = at.page === "room" ? at.room : undefined;
  const isMine = room !== undefined && chat.state.value.rooms.get(room)?.state != null;
  const me = chat.state.value.me.id;
  useEffect(() => {
    if (room !== undefined && isMine) rememberVisit(me, room);
  }, [me, room, isMine]);
}

/** Out of a dialog that has an address: back to where it was opened, or to the start for whom it was the first page. */
function useWayBack(at: ChatRoute): () => void {
  const first = useRef(at);
  return () => {
    if (first.current === at) replace({ page: "chat" });
    else history.back();
  };
}

function Content({ at }: { readonly at: ChatRoute }) {
  const { chat } = useChat();
  const list = useRoomList();
  const home = homeRoom(chat.state.value, list);
  if (!isWide.value && paneOf(at) === "list") return <ListPane />;
  switch (at.page) {
    case "room":
      return <RoomPage key={at.room} id={at.room} panel={at.panel} seq={at.seq} />;
    case "browse":
      return (
        <Later load={loadBrowse} waiting={<Waiting />}>
          {({ BrowseRooms }) => <BrowseRooms />}
        </Later>
      );
    case "chat":
      return home === undefined ? <NoRoom /> : <ToRoom id={home} />;
    case "direct":
      return home === undefined ? <NoRoom /> : <RoomPage key={home} id={home} panel={undefined} seq={undefined} />;
  }
}

const loadBrowse = () => import("./browse_rooms");

function ToRoom({ id }: { readonly id: RoomId }) {
  useEffect(() => replace({ page: "room", room: id }), [id]);
  return <main class="main" tabIndex={-1} />;
}

/** On a phone the list at the side is all there is, and has what a page needs to be one. */
const ListPane = () => (
  <main class="main list-pane" tabIndex={-1}>
    <h1 class="unseen">{t("side.rooms")}</h1>
  </main>
);

const Waiting = () => (
  <main class="main" tabIndex={-1}>
    <div class="bar" />
    <Skeleton rows={8} />
  </main>
);

/** Where one begins who is in no room yet. */
function NoRoom() {
  return (
    <main class="main no-room" tabIndex={-1}>
      <h1 class="unseen">{t("side.rooms")}</h1>
      <Mark />
      <EmptyState
        text={t("rooms.none")}
        action={
          <Button variant="primary" icon="compass" onClick={() => go({ page: "browse" })}>
            {t("side.browse")}
          </Button>
        }
      />
    </main>
  );
}
