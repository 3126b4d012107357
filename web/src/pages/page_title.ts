import { useEffect } from "preact/hooks";
import { about } from "../about";

/** "Sign in · Halden Maps" */
export function usePageTitle(title: string): void {
  const { name } = about.value;
  useEffect(() => {
    document.title = title === "" ? name : `${title} · ${name}`;
  }, [title, name]);
}
