import { useEffect } from "preact/hooks";
import { about } from "../about";

/** "(2) Profile · Settings · Halden Maps": what is for the reader comes first, for a tab shows only the beginning. */
export function usePageTitle(place: string, forMe = 0, server = about.value.name): void {
  const count = forMe > 0 ? `(${forMe > 99 ? "99+" : forMe}) ` : "";
  const title = count + [place, server].filter((part) => part !== "").join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
