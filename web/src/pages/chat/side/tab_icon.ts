import { effect } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { State } from "../../../model/state";
import { roomListIn } from "./room_list";

// As in public/favicon.svg; an icon has no tokens, and stands on whatever colour the browser's bar has.
const sign =
  '<path d="M5 2.5h12A2.5 2.5 0 0 1 19.5 5v9a2.5 2.5 0 0 1-2.5 2.5h-6.2L6.5 20v-3.5H5A2.5 2.5 0 0 1 2.5 14V5A2.5 2.5 0 0 1 5 2.5Z" fill="#2a5cc6"/>' +
  '<path fill="none" stroke="#fff" stroke-width="1.75" stroke-linecap="round" d="M6.5 6.5h6M6.5 9.5h9M6.5 12.5h4"/>';
const amber = "#b15a00";

const text = (count: number): string => (count > 9 ? "9+" : String(count));

export function iconWith(count: number): string {
  const mark =
    `<rect x="7" y="9" width="15" height="13" rx="6.5" fill="${amber}" stroke="#fff"/>` +
    `<text x="14.5" y="19.2" font-family="system-ui,sans-serif" font-size="10.5" font-weight="700" fill="#fff" text-anchor="middle">${text(count)}</text>`;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22">${sign}${mark}</svg>`)}`;
}

/** The tab's icon carries the count of what is for the reader, on every page as long as he is signed in. */
export function useTabIcon(state: ReadonlySignal<State>): void {
  useEffect(() => {
    const stop = effect(() => {
      const { forMe } = roomListIn(state).value;
      setIcon(forMe === 0 ? plainIcon : iconWith(forMe));
    });
    return () => {
      stop();
      setIcon(plainIcon);
    };
  }, [state]);
}

const plainIcon = "/favicon.svg";

function setIcon(address: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link !== null && link.getAttribute("href") !== address) link.href = address;
}
