import type { ChatRoute } from "../chat";

/** The keys that work everywhere in the chat. */
export function useShortcuts(_at: ChatRoute): void {
  return undefined;
}
