import { useEffect, useState } from "preact/hooks";
import { useClock } from "../ui/time";

const typingMs = 200;

/** What is typed, and what to search for: the text once it has stood still for a moment. */
export function useSearch(start = ""): { readonly typed: string; readonly query: string; readonly setTyped: (text: string) => void } {
  const clock = useClock();
  const [typed, setTyped] = useState(start);
  const [query, setQuery] = useState("");
  useEffect(() => clock.after(typingMs, () => setQuery(typed.trim())), [typed, clock]);
  return { typed, query, setTyped };
}
