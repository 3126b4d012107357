import { useRef } from "preact/hooks";
import type { RoomId } from "../../../api/shapes";
import { go } from "../../../routes";
import { Lazy } from "../../../ui/lazy";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import { MissingDialog } from "../later";
import { GoToComing } from "./go_to_coming";

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
      return <GoToOverlay from={at.page === "room" ? at.room : undefined} onClose={close} />;
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

interface GoToOverlayProps {
  readonly from: RoomId | undefined;
  readonly onClose: () => void;
}

function GoToOverlay({ from, onClose }: GoToOverlayProps) {
  const typed = useRef("");
  const waiting = <GoToComing onType={(text) => (typed.current = text)} onClose={onClose} />;
  return (
    <Lazy load={loadGoTo} waiting={waiting} failed={<MissingDialog onClose={onClose} />}>
      {({ GoTo }) => <GoTo from={from} typed={typed.current} onClose={onClose} />}
    </Lazy>
  );
}

export function DirectOverlay({ onClose }: { readonly onClose: () => void }) {
  return (
    <Lazy load={loadDirectPicker} waiting={null} failed={<MissingDialog onClose={onClose} />}>
      {({ DirectPicker }) => <DirectPicker onClose={onClose} />}
    </Lazy>
  );
}
