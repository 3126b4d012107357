import { t } from "../../i18n/catalogue";
import type { Route } from "../../routes";
import { EmptyState } from "../../ui/empty_state";
import { Skeleton } from "../../ui/skeleton";
import { BrowseRooms } from "./browse_rooms";
import { useChat } from "./chat_services";
import { RoomPage } from "./room_page";
import { useShortcuts } from "./side/shortcuts";
import { Side } from "./side/side";
import { useTitleAndIcon } from "./side/title";

export type ChatRoute = Extract<Route, { page: "chat" | "room" | "browse" | "direct" }>;

/** My rooms at the side, and what one has come to. On a phone it is one of them: the address says which (`data-pane`). */
export function ChatPage({ at }: { readonly at: ChatRoute }) {
  const { chat } = useChat();
  useShortcuts(at);
  useTitleAndIcon(at);
  return (
    <div class="shell" data-pane={paneOf(at)}>
      <Side at={at} />
      {chat.isLoaded.value ? <Content at={at} /> : <Waiting />}
    </div>
  );
}

function paneOf(at: ChatRoute): "list" | "room" | "panel" {
  if (at.page === "room") return at.panel === undefined ? "room" : "panel";
  return at.page === "browse" ? "room" : "list";
}

function Content({ at }: { readonly at: ChatRoute }) {
  switch (at.page) {
    case "room":
      return <RoomPage key={at.room} id={at.room} panel={at.panel} seq={at.seq} />;
    case "browse":
      return <BrowseRooms />;
    case "chat":
    case "direct":
      return <NoRoom />;
  }
}

const Waiting = () => (
  <main class="main" tabIndex={-1}>
    <Skeleton rows={8} />
  </main>
);

/** Where one begins who is in no room yet. */
function NoRoom() {
  return (
    <main class="main" tabIndex={-1}>
      <h1 class="unseen">{t("admin.rooms")}</h1>
      <EmptyState text={t("rooms.none")} />
    </main>
  );
}
