import { go } from "../../../routes";
import { Lazy } from "../../../ui/lazy";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import { MissingDialog } from "../later";

// None of it is needed for reading and writing.
const loadGoTo = () => import("./go_to");
const loadKeys = () => import("./keys_dialog");
const loadCreateRoom = () => import("../../admin/room_dialogs");
const loadDirectPicker = () => import("./direct_picker");

/** What stands over the chat: one dialog at a time, and the one that has an address of its own. */
export function Overlays({ at }: { readonly at: ChatRoute }) {
  const { chat, desk } = useChat();
  const close = () => desk.show(null);
  const missing = { waiting: null, failed: <MissingDialog onClose={close} /> };
  switch (desk.overlay.value) {
    case "goto":
      return (
        <Lazy load={loadGoTo} {...missing}>
          {({ GoTo }) => <GoTo from={at.page === "room" ? at.room : undefined} onClose={close} />}
        </Lazy>
      );
    case "keys":
      return (
        <Lazy load={loadKeys} {...missing}>
          {({ KeysDialog }) => <KeysDialog onClose={close} />}
        </Lazy>
      );
    case "create_room":
      return (
        <Lazy load={loadCreateRoom} {...missing}>
          {({ CreateRoom }) => (
            <CreateRoom
              onClose={close}
              onDone={(room) => {
                chat.takeRoom(room);
                go({ page: "room", room: room.id });
              }}
            />
          )}
        </Lazy>
      );
    case null:
      return null;
  }
}

export function DirectOverlay({ onClose }: { readonly onClose: () => void }) {
  return (
    <Lazy load={loadDirectPicker} waiting={null} failed={<MissingDialog onClose={onClose} />}>
      {({ DirectPicker }) => <DirectPicker onClose={onClose} />}
    </Lazy>
  );
}
