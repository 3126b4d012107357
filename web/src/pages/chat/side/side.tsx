import { t } from "../../../i18n/catalogue";
import { roomListOf } from "../../../model/room_list";
import { pathOf } from "../../../routes";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";

/** Where one can go. */
export function Side({ at }: { readonly at: ChatRoute }) {
  const { chat } = useChat();
  const { rooms, direct } = roomListOf(chat.state.value, new Intl.Collator());
  return (
    <nav class="side" aria-label={t("admin.rooms")}>
      {[...rooms, ...direct].map(({ room, name }) => (
        <a
          key={room.id}
          class="room"
          href={pathOf({ page: "room", room: room.id })}
          aria-current={at.page === "room" && at.room === room.id ? "page" : undefined}
        >
          <span class="name cut">{name}</span>
        </a>
      ))}
    </nav>
  );
}
