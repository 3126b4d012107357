import { useEffect } from "preact/hooks";
import type { ChatRoute } from "../chat";
import { useChat } from "../chat_services";

/** Tells the desk which room the person has before his eyes: none while the page is hidden or another window is used. */
export function useLooking(at: ChatRoute): void {
  const { desk } = useChat();
  const room = at.page === "room" ? at.room : null;
  useEffect(() => {
    const listeners = new AbortController();
    const look = () => desk.look(!document.hidden && document.hasFocus() ? room : null);
    for (const name of ["focus", "blur"]) addEventListener(name, look, { signal: listeners.signal });
    document.addEventListener("visibilitychange", look, { signal: listeners.signal });
    look();
    return () => {
      listeners.abort();
      desk.look(null);
    };
  }, [desk, room]);
}
