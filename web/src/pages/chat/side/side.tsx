import { useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { RoomId } from "../../../api/shapes";
import { mayCreateRooms } from "../../../about";
import { t } from "../../../i18n/catalogue";
import type { ListedRoom } from "../../../model/room_list";
import { nameOf } from "../../../model/presence";
import { go, pathOf } from "../../../routes";
import { Avatar } from "../../../ui/avatar";
import { IconButton } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { commandKey } from "../../../ui/platform";
import { Skeleton } from "../../../ui/skeleton";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import { useHeldOrder } from "./held_order";
import { useListKeys } from "./list_keys";
import { useNameTip } from "./name_tip";
import { useRoomList } from "./room_list";
import { RoomRow, rowData } from "./room_row";
import { ServerMenu } from "./server_menu";

/** Where one can go. */
export function Side({ at }: { readonly at: ChatRoute }) {
  const { chat } = useChat();
  const writeTo = () => go({ page: "direct" });
  return (
    <nav class="side" id="rooms" aria-label={t("side.rooms")}>
      <div class="side-head">
        <ServerMenu />
        <span class="wide-only">
          <IconButton icon="compose" label={t("side.new_message")} onClick={writeTo} />
        </span>
        <a class="icon-btn narrow-only" href={pathOf({ page: "settings", section: "profile" })} aria-label={t("settings.title")}>
          <Icon name="gear" />
        </a>
      </div>
      <div class="wide-only jump-place">
        <GoToButton />
      </div>
      {chat.isLoaded.value ? <RoomLists at={at} /> : <Waiting />}
      <Self onWrite={writeTo} />
    </nav>
  );
}

const Waiting = () => (
  <div class="side-scroll side-waiting">
    <Skeleton rows={8} />
  </div>
);

function GoToButton() {
  const { desk } = useChat();
  return (
    <button class="jump" type="button" aria-keyshortcuts="Control+K Meta+K" onClick={() => desk.show("goto")}>
      <Icon name="search" />
      <span>{t("side.goto")}</span>
      <kbd class="wide-only" aria-hidden="true">
        {commandKey} K
      </kbd>
    </button>
  );
}

const browse = "browse";

/** What is drawn of the rooms, by their ids: the order of direct ones is the list's own matter. */
function RoomLists({ at }: { readonly at: ChatRoute }) {
  const { chat, drafts, desk } = useChat();
  const { rooms, direct } = useRoomList();
  const list = useRef<HTMLDivElement>(null);
  const directList = useRef<HTMLUListElement>(null);
  const byId = new Map(direct.map((listed) => [listed.room.id, listed]));
  const { order, holding } = useHeldOrder(directList, [...byId.keys()]);
  const current = at.page === "room" ? at.room : at.page === "browse" ? browse : undefined;
  const names = [...rooms.map(({ room }) => room.id), browse, ...order];
  const { stop, keys } = useListKeys(list, names, current);
  const { tip, tipping } = useNameTip(list);

  const state = chat.state.value;
  const row = (listed: ListedRoom) => (
    <RoomRow
      key={listed.room.id}
      {...rowData(state, listed, drafts.keys.value)}
      isCurrent={listed.room.id === current}
      isStop={listed.room.id === stop}
    />
  );
  const inOrder = order.flatMap((id: RoomId) => byId.get(id) ?? []);
  return (
    <div
      ref={list}
      class="side-scroll"
      {...tipping}
      onKeyDown={keys.onKeyDown}
      onFocusIn={(event) => {
        keys.onFocusIn(event);
        tipping.onFocusIn(event);
      }}
    >
      <Title text={t("side.rooms")}>
        {mayCreateRooms(state.me) && (
          <IconButton icon="plus" label={t("side.create_room")} onClick={() => desk.show("create_room")} />
        )}
      </Title>
      <ul>
        {rooms.map(row)}
        <li key={browse}>
          <a
            class="room"
            href={pathOf({ page: "browse" })}
            aria-current={current === browse ? "page" : undefined}
            tabIndex={stop === browse ? 0 : -1}
            data-stop={browse}
          >
            <Icon name="compass" />
            <span class="name cut">{t("side.browse")}</span>
          </a>
        </li>
      </ul>
      {names.length === 1 && <p class="side-empty narrow-only">{t("rooms.none")}</p>}
      <Title text={t("side.direct")}>
        <IconButton icon="plus" label={t("side.new_direct")} onClick={() => go({ page: "direct" })} />
      </Title>
      <ul ref={directList} {...holding}>
        {inOrder.map(row)}
      </ul>
      {tip}
    </div>
  );
}

const Title = ({ text, children }: { readonly text: string; readonly children: ComponentChildren }) => (
  <div class="side-title">
    <h2>{text}</h2>
    {children}
  </div>
);

/** Oneself at the foot; on a phone, what the thumb wants stands beside. */
function Self({ onWrite }: { readonly onWrite: () => void }) {
  const { chat } = useChat();
  const { me } = chat.state.value;
  const isOnline = chat.connection.value.kind === "live";
  const name = nameOf(me);
  const settings = pathOf({ page: "settings", section: "profile" });
  const presence = t(isOnline ? "presence.online" : "presence.offline");
  return (
    <div class="self">
      <a class="self-face narrow-only" href={settings} aria-label={t("side.self", { name, presence })}>
        <Avatar id={me.id} name={name} size="md" online={isOnline} />
      </a>
      <div class="narrow-only jump-place">
        <GoToButton />
      </div>
      <span class="narrow-only">
        <IconButton icon="compose" label={t("side.new_message")} onClick={onWrite} />
      </span>
      <span class="wide-only">
        <Avatar id={me.id} name={name} size="md" online={isOnline} />
      </span>
      <div class="who wide-only">
        <span class="cut" title={name}>
          <bdi>{name}</bdi>
        </span>
        <span class="muted">{presence}</span>
      </div>
      <a class="icon-btn wide-only" href={settings} aria-label={t("settings.title")} title={t("settings.title")}>
        <Icon name="gear" />
      </a>
    </div>
  );
}
