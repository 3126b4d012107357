import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { isRoomId } from "./api/shapes";
import type { RoomId, Seq } from "./api/shapes";

export const settingsSections = ["profile", "password", "appearance", "notifications", "sessions", "tokens"] as const;
export type SettingsSection = (typeof settingsSections)[number];

export const adminSections = ["users", "rooms", "server"] as const;
export type AdminSection = (typeof adminSections)[number];

/** Where one is. Every pane of a phone is one of these, so that Back returns from it. */
export type Route =
  | { readonly page: "chat" }
  | {
      readonly page: "room";
      readonly room: RoomId;
      readonly panel?: "members" | "settings";
      /** An entry to go to: a link to a message. */
      readonly seq?: Seq;
    }
  | { readonly page: "browse" }
  | { readonly page: "direct" }
  | { readonly page: "settings"; readonly section: SettingsSection }
  /** `to`: where one wanted to go. */
  | { readonly page: "sign_in"; readonly to?: string }
  | { readonly page: "sign_up" }
  | { readonly page: "set_up"; readonly code: string }
  | { readonly page: "admin"; readonly section: AdminSection }
  | { readonly page: "missing" };

const isOneOf = <Word extends string>(words: readonly Word[], word: string): word is Word =>
  words.some((each) => each === word);

/** A page of ours, and not `//elsewhere.example`, `/\t/elsewhere.example` or what only a browser reads as one of these. */
function ownPage(path: string | null): string | undefined {
  if (path?.startsWith("/") !== true || !URL.canParse(path, location.origin)) return undefined;
  const url = new URL(path, location.origin);
  const isOurs = url.origin === location.origin && parse(url).page !== "missing";
  return isOurs ? url.pathname + url.search + url.hash : undefined;
}

function parseRoom([id = "", panel, ...more]: readonly string[], query: URLSearchParams): Route {
  if (!isRoomId(id) || more.length > 0) return { page: "missing" };
  if (panel === "members" || panel === "settings") return { page: "room", room: id, panel };
  if (panel !== undefined) return { page: "missing" };
  const seq = Number(query.get("seq"));
  return Number.isSafeInteger(seq) && seq > 0 ? { page: "room", room: id, seq } : { page: "room", room: id };
}

const parseSettings = ([section = "profile", ...more]: readonly string[]): Route =>
  isOneOf(settingsSections, section) && more.length === 0 ? { page: "settings", section } : { page: "missing" };

const parseAdmin = ([section = "users", ...more]: readonly string[]): Route =>
  isOneOf(adminSections, section) && more.length === 0 ? { page: "admin", section } : { page: "missing" };

/** The first makechat's addresses lead to ours, where the server has not done it. */
const moved: Readonly<Record<string, string>> = { "/dashboard": "/", "/makechat": "/makechat/admin" };

export function parse({ pathname, search, hash }: Pick<URL, "pathname" | "search" | "hash">): Route {
  const path = pathname.replace(/(?<=.)\/+$/, "");
  const [first = "", ...rest] = (moved[path] ?? path).slice(1).split("/");
  const query = new URLSearchParams(search);
  if (first === "room") return parseRoom(rest, query);
  if (first === "settings") return parseSettings(rest);
  if (first === "makechat" && rest[0] === "admin") return parseAdmin(rest.slice(1));
  if (rest.length > 0) return { page: "missing" };
  switch (first) {
    case "":
      return { page: "chat" };
    case "rooms":
      return { page: "browse" };
    case "direct":
      return { page: "direct" };
    case "login": {
      const to = ownPage(query.get("to"));
      return to === undefined ? { page: "sign_in" } : { page: "sign_in", to };
    }
    case "register":
      return { page: "sign_up" };
    case "setup":
      return { page: "set_up", code: hash.slice(1) };
    default:
      return { page: "missing" };
  }
}

export function pathOf(route: Exclude<Route, { page: "missing" }>): string {
  switch (route.page) {
    case "chat":
      return "/";
    case "room":
      return `/room/${route.room}${route.panel ? `/${route.panel}` : route.seq ? `?seq=${route.seq}` : ""}`;
    case "browse":
      return "/rooms";
    case "direct":
      return "/direct";
    case "settings":
      return route.section === "profile" ? "/settings" : `/settings/${route.section}`;
    case "sign_in":
      return route.to === undefined || route.to === "/" ? "/login" : `/login?to=${encodeURIComponent(route.to)}`;
    case "sign_up":
      return "/register";
    case "set_up":
      return `/setup#${route.code}`;
    case "admin":
      return route.section === "users" ? "/makechat/admin" : `/makechat/admin/${route.section}`;
  }
}

const address = signal(new URL(location.href));

export const route: ReadonlySignal<Route> = computed(() => parse(address.value));

/** The address below the server's own: what `to` of a sign-in takes. */
export const currentPath = (): string => location.pathname + location.search + location.hash;

function show(): void {
  address.value = new URL(location.href);
}

export function go(to: Exclude<Route, { page: "missing" }> | string): void {
  const path = typeof to === "string" ? to : pathOf(to);
  if (path !== currentPath()) history.pushState(null, "", path);
  show();
}

/** As go(), but Back does not return here: for redirects. */
export function replace(to: Exclude<Route, { page: "missing" }> | string): void {
  history.replaceState(null, "", typeof to === "string" ? to : pathOf(to));
  show();
}

/** A plain press on a link of ours; not what opens a tab, saves a file or leaves for another site. */
function linkPressed(event: MouseEvent): HTMLAnchorElement | undefined {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return undefined;
  const link = event.target.closest("a[href]");
  if (!(link instanceof HTMLAnchorElement)) return undefined;
  const isOurs = link.origin === location.origin && link.target === "" && !link.hasAttribute("download");
  return isOurs && parse(link).page !== "missing" ? link : undefined;
}

/** From now on the address bar, Back and links lead to our pages without loading anew. */
export function followLinks(): void {
  addEventListener("popstate", show);
  addEventListener("hashchange", show);
  document.addEventListener("click", (event) => {
    const link = linkPressed(event);
    if (link === undefined) return;
    event.preventDefault();
    go(link.pathname + link.search + link.hash);
  });
}
