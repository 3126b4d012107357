import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";
import { useLooking } from "./looking";
import { DirectOverlay, Overlays } from "./overlays";
import { useShortcuts } from "./shortcuts";
import { useTabIcon } from "./tab_icon";

interface LaterPartsProps {
  readonly at: ChatRoute;
  /** Out of the dialog that has an address. */
  readonly onLeaveDirect: () => void;
}

/** What a room can be read without: the keys, and what stands over the chat. */
export function LaterParts({ at, onLeaveDirect }: LaterPartsProps) {
  useShortcuts(at);
  useLooking(at);
  return (
    <>
      <Overlays at={at} />
      {at.page === "direct" && <DirectOverlay onClose={onLeaveDirect} />}
    </>
  );
}

/** On every page, as long as one is signed in. */
export function TabIcon() {
  useTabIcon(useChat().chat.state);
  return null;
}
