import { useEffect } from "preact/hooks";
import { about } from "../../../about";
import { t } from "../../../i18n/catalogue";
import { nameOfRoom } from "../../../model/presence";
import type { State } from "../../../model/state";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import { useRoomList } from "./room_list";

/** "(2) #room · server": what is for the reader comes first, for a tab shows only the beginning. */
export function useTitle(at: ChatRoute): void {
  const { chat } = useChat();
  const { forMe } = useRoomList();
  const server = chat.serverName.value === "" ? about.value.name : chat.serverName.value;
  const place = placeOf(at, chat.state.value);
  const count = forMe > 0 ? `(${forMe > 99 ? "99+" : forMe}) ` : "";
  const title = count + [place, server].filter((part) => part !== "").join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
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
