import { useEffect } from "preact/hooks";
import { localDay, rowsOf } from "../../../model/grouping";
import type { LoadedRoom } from "../../../model/state";
import { useChat } from "../chat_services";

/** The messages of a room. */
export function RoomLogView({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const log = chat.logOf(room.id);
  useEffect(() => void log.open(room.marker.readSeq), [log]);
  const rows = rowsOf(log.window.value?.shown ?? [], {
    me: chat.state.value.me.id,
    newAfter: null,
    dayOf: localDay,
    outbox: chat.outbox.items.value.filter((item) => item.room === room.id),
  });
  return (
    <div class="log">
      <div class="col">
        {rows.map((row) => (
          <p key={row.key}>{row.kind === "message" ? row.message.text : row.kind}</p>
        ))}
      </div>
    </div>
  );
}
