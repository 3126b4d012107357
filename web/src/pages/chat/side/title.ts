import { about } from "../../../about";
import { t } from "../../../i18n/catalogue";
import { nameOfRoom } from "../../../model/presence";
import type { State } from "../../../model/state";
import { usePageTitle } from "../../page_title";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import { useRoomList } from "./room_list";

/** "(2) #room · server" */
export function useTitle(at: ChatRoute): void {
  const { chat } = useChat();
  const { forMe } = useRoomList();
  const server = chat.serverName.value === "" ? about.value.name : chat.serverName.value;
  usePageTitle(placeOf(at, chat.state.value), forMe, server);
}

function placeOf(at: ChatRoute, state: State): string {
  switch (at.page) {
    case "browse":
      return t("side.browse");
    case "direct":
      return t("side.new_message");
    case "chat":
      return "";
    case "room": {
      const room = state.rooms.get(at.room);
      if (room?.state == null) return "";
      const name = nameOfRoom(state, room);
      return room.state.kind === "direct" ? name : `#${name}`;
    }
  }
}
