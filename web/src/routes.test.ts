import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { followLinks, go, parse, pathOf, replace, route } from "./routes";

const room = "6b06b488e55725b9141b0336";
const at = (path: string) => parse(new URL(path, "https://chat.example"));

describe("an address", () => {
  it.each([
    "/",
    `/room/${room}`,
    `/room/${room}/members`,
    `/room/${room}/settings`,
    `/room/${room}?seq=17`,
    "/rooms",
    "/direct",
    "/settings",
    "/settings/tokens",
    "/login",
    "/login?to=%2Frooms",
    "/register",
    "/setup#87ho1f8pgvwpwgf9f2hhd40bd7jsvyr0",
    "/makechat/admin",
    "/makechat/admin/server",
  ])("%s is a page, and the page has this address", (path) => {
    const found = at(path);
    expect(found.page).not.toBe("missing");
    if (found.page !== "missing") expect(pathOf(found)).toBe(path);
  });

  it.each([
    "/nothing",
    "/room/general",
    `/room/${room}/members/3`,
    "/settings/nothing",
    "/makechat/admin/nothing",
    "/login/x",
    "/rooms/x",
  ])("%s is none", (path) => {
    expect(at(path)).toEqual({ page: "missing" });
  });

  it("of the first makechat leads to the right page", () => {
    expect(at("/dashboard")).toEqual({ page: "chat" });
    expect(at("/makechat")).toEqual({ page: "admin", section: "users" });
    expect(at("/makechat/")).toEqual({ page: "admin", section: "users" });
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/api/logout",
  ])("that sends one to %j after the sign-in is not followed", (to) => {
    expect(at(`/login?to=${encodeURIComponent(to)}`)).toEqual({ page: "sign_in" });
  });
});

describe("links", () => {
  beforeAll(followLinks);
  afterEach(() => {
    document.body.replaceChildren();
    replace("/");
  });

  const press = (attributes: Readonly<Record<string, string>>, how: MouseEventInit = {}) => {
    const link = document.createElement("a");
    for (const [name, value] of Object.entries(attributes)) link.setAttribute(name, value);
    document.body.append(link);
    let isTaken = false;
    // Behind ours, so that the test's browser does not leave.
    const stay = (event: Event) => {
      isTaken = event.defaultPrevented;
      event.preventDefault();
    };
    addEventListener("click", stay, { once: true });
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...how }));
    return isTaken;
  };

  it("to our pages open them here", () => {
    expect(press({ href: "/settings/tokens" })).toBe(true);
    expect(route.value).toEqual({ page: "settings", section: "tokens" });
  });

  it.each([
    ["to another tab", { href: "/settings", target: "_blank" }, {}],
    ["to a file", { href: "/settings", download: "" }, {}],
    ["to the API", { href: "/api/server" }, {}],
    ["to another site", { href: "https://other.example/settings" }, {}],
    ["with Ctrl held", { href: "/settings" }, { ctrlKey: true }],
  ])("%s are the browser's", (_which, attributes, how) => {
    expect(press(attributes, how)).toBe(false);
    expect(route.value).toEqual({ page: "chat" });
  });

  it("need no second entry in the history for where one is", () => {
    const before = history.length;
    go("/");
    expect(history.length).toBe(before);
  });
});
