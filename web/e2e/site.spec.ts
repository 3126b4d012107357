/** What comes with the pages: headers, forms and names of files, the old addresses, files of the server's own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext } from "@playwright/test";
import { messageOf, roomPath, say } from "./harness/chat";
import { Server } from "./harness/server";
import { expect, test } from "./harness/test";

const asBrowser = { headers: { Accept: "text/html" }, maxRedirects: 0 };

async function assetsOf(request: APIRequestContext, url: string): Promise<readonly string[]> {
  const page = await (await request.get(url, asBrowser)).text();
  const found = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].flatMap(([, path]) => path ?? []);
  expect(found.length).toBeGreaterThan(1);
  return found;
}

test("every page comes with the policy, and nothing in it lets a script in", async ({ admin, request }) => {
  const room = await admin.createRoom("routing-engine");
  for (const path of ["/", "/login", "/register", "/setup", "/settings/tokens", "/makechat/admin", `/room/${room}`, "/nothing"]) {
    const headers = (await request.get(admin.url + path, asBrowser)).headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toMatch(/unsafe|\*|script-src[^;]*(?:https?:|data:|blob:)/);
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    });
  }
});

test("the page is asked for each time, its files never again", async ({ server, request }) => {
  const page = await request.get(server.url, asBrowser);
  expect(page.headers()["cache-control"]).toBe("no-cache");
  const etag = page.headers()["etag"] ?? "";
  const again = await request.get(server.url, { headers: { ...asBrowser.headers, "If-None-Match": etag } });
  expect(again.status()).toBe(304);
  for (const path of await assetsOf(request, server.url)) {
    const asset = await request.get(server.url + path);
    expect(asset.headers()["cache-control"], path).toContain("immutable");
    expect(path).toMatch(/-[\w-]{8}\.(?:js|css)$/);
  }
});

test("a room can be read and written in with the first 100 kB of scripts and styles alone", async ({ admin, open, request, complaints }) => {
  complaints.allow(/Failed to load resource: net::ERR_FAILED/);
  const room = await admin.createRoom("routing-engine");
  await admin.post(room, "The **index** is built.");
  const first = await assetsOf(request, admin.url);
  const page = await open(admin, "/api/about");
  const used = new Set<string>();
  await page.route("/assets/**", async (route) => {
    const path = new URL(route.request().url()).pathname;
    const isFirst = first.includes(path) || path.startsWith("/assets/en-"); // of the languages, one
    if (isFirst) used.add(path);
    await (isFirst ? route.continue() : route.abort());
  });
  await page.goto(roomPath(room));
  await expect(messageOf(page, "The index is built.").locator("strong")).toHaveText("index");
  await say(page, "So it is.");
  let bytes = 0;
  for (const path of used) {
    const packed = await request.head(admin.url + path, { headers: { "Accept-Encoding": "gzip" } });
    bytes += Number(packed.headers()["content-length"]);
  }
  expect(bytes).toBeLessThan(100_000);
});

test("its files come packed, for those who can unpack them", async ({ server, request }) => {
  const [first = ""] = await assetsOf(request, server.url);
  const sizes = new Map<string, number>();
  for (const coding of ["br", "gzip", "identity"]) {
    const answer = await request.head(server.url + first, { headers: { "Accept-Encoding": coding } });
    expect(answer.headers()["content-encoding"] ?? "identity").toBe(coding);
    sizes.set(coding, Number(answer.headers()["content-length"]));
  }
  const [br = 0, gzip = 0, plain = 0] = sizes.values();
  expect(br).toBeLessThan(gzip);
  expect(gzip).toBeLessThan(plain);
});

test("the first makechat's addresses lead to the pages of today", async ({ admin, open }) => {
  const page = await open(admin, "/dashboard");
  await expect(page).toHaveURL("/");
  await page.goto("/makechat");
  await expect(page).toHaveURL("/makechat/admin");
});

test("a file of custom_dir stands in for the one of the same path", async ({ request }, info) => {
  const folder = info.outputPath("custom");
  mkdirSync(folder);
  writeFileSync(join(folder, "favicon.svg"), '<svg xmlns="http://www.w3.org/2000/svg"><title>Halden</title></svg>');
  writeFileSync(join(folder, "logo.txt"), "of our own");
  const server = await new Server(info.outputPath("customised"), { "custom-dir": folder }).start();
  expect(await (await request.get(`${server.url}/favicon.svg`)).text()).toContain("Halden");
  expect(await (await request.get(`${server.url}/logo.txt`)).text()).toBe("of our own");
  await assetsOf(request, server.url); // the others are there still
  await server.stop();
});
