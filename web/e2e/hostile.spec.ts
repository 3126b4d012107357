/** HTML and script in everything that people can name or write: it is read, and never run. */
import type { Page } from "@playwright/test";
import { expectAccessible } from "./harness/axe";
import { log, messageOf, roomPath, rowOf, title } from "./harness/chat";
import { expect, test } from "./harness/test";

const bait = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
const isRun = (page: Page) => page.evaluate(() => document.querySelectorAll("img[onerror], #app script, [onclick]").length > 0 || document.title.includes("run'"));

test("in names, topics, texts and display names it is text", async ({ admin, person, open }) => {
  const priya = await person("priya");
  await priya.ask("PATCH", "/api/users/me", { display_name: `${bait}Priya`.slice(0, 120) });
  const name = `<b onclick=alert(1)>room</b>`;
  const room = await admin.createRoom(name, { topic: bait });
  await priya.join(room);
  await priya.post(room, bait);
  await priya.post(room, "```html\n" + bait + "\n```");
  await priya.post(room, `@olga ${bait}`);
  await priya.direct("olga").then((direct) => priya.post(direct, bait));
  const page = await open(admin, roomPath(room));
  await expect(title(page)).toContainText(name);
  await expect(log(page).getByText(bait).first()).toBeVisible();
  await expect(rowOf(page, name)).toBeVisible();
  expect(await isRun(page)).toBe(false);
  for (const path of [roomPath(room, "/members"), roomPath(room, "/settings"), "/rooms", "/makechat/admin", "/makechat/admin/rooms"]) {
    await page.goto(path);
    await expect(page.getByText(/<(?:b|img) /).first()).toBeVisible();
    expect(await isRun(page), path).toBe(false);
  }
});

test("links lead to the web and nowhere else", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const lures = ["javascript:document.title='run'", "JaVaScRiPt:document.title='run'", "data:text/html,<script>1</script>", "vbscript:x", " java\tscript:x"];
  for (const lure of lures) await admin.post(room, `[press me](${lure}) <${lure}>`);
  await admin.post(room, "[a map](https://halden.example/map) and https://halden.example/tile");
  const page = await open(admin, roomPath(room));
  await expect(messageOf(page, "a map").getByRole("link", { name: "a map" })).toHaveAttribute("href", "https://halden.example/map");
  const addresses = await log(page).locator("article a").evaluateAll((links) => links.flatMap((link) => link.getAttribute("href") ?? []));
  for (const address of addresses) expect(address).toMatch(/^(?:https?:\/\/|mailto:|\/)/);
  for (const link of await log(page).locator('article a[href^="http"][target]').all())
    await expect(link).toHaveAttribute("rel", /noopener/);
});

test("right to left, long words and wide code stay in their places", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  await priya.post(room, "مرحبا بالجميع، هل وصلت العبّارة؟");
  await priya.post(room, "w".repeat(4_000));
  await priya.post(room, "```\n" + "x = 1; ".repeat(200) + "\n```");
  await priya.post(room, "| a | b |\n| --- | --- |\n" + `| ${"cell ".repeat(100)} | ${"y".repeat(300)} |`);
  await priya.post(room, "👍");
  for (const width of [1440, 390]) {
    const page = await open(priya, roomPath(room), { viewport: { width, height: 900 } });
    await expect(messageOf(page, "👍")).toBeInViewport();
    const wide = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth > innerWidth,
      log: [...document.querySelectorAll("#messages, #messages article, #messages article *")]
        .filter((each) => each.scrollWidth > each.clientWidth && each.closest("pre, .table, .unseen, .tools, svg") === null)
        .map((each) => `${each.outerHTML.slice(0, 150)} ${each.scrollWidth} ${each.clientWidth}`),
    }));
    expect(wide).toEqual({ page: false, log: [] });
    await expectAccessible(page);
  }
});
