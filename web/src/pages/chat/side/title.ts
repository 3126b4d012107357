import type { ChatRoute } from "../chat";

/** "(2) #room · server", and a mark on the icon. */
export function useTitleAndIcon(_at: ChatRoute): void {
  return undefined;
}
