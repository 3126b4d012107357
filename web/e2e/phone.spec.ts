/** One pane at a time, each an address, and Back returns. */
import type { Locator, Page } from "@playwright/test";
import { composer, messageOf, roomPath, rowOf, say } from "./harness/chat";
import { phone } from "./harness/screens";
import { expect, test } from "./harness/test";

test("list, room, panel, and back", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general", { topic: "Everything else" });
  await priya.join(room);
  await priya.post(room, "Hello");
  const page = await open(admin, "/", phone);
  await expect(rowOf(page, "general")).toBeVisible();
  await rowOf(page, "general").tap();
  await expect(page).toHaveURL(roomPath(room));
  await expect(messageOf(page, "Hello")).toBeVisible();
  await expect(rowOf(page, "general")).toBeHidden();
  await expect(composer(page)).not.toBeFocused(); // no keyboard over what one came to read
  await say(page, "From the tram");
  await page.getByRole("button", { name: "Members 2" }).tap();
  await expect(page).toHaveURL(roomPath(room, "/members"));
  await expect(page.locator("#panel").getByText("priya")).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(roomPath(room));
  await expect(composer(page)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL("/");
  await expect(rowOf(page, "general")).toBeVisible();
});

test("everything that is pressed is as large as a thumb", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  await admin.post(room, "Hello");
  // Each page, and what of it comes last.
  const pages: readonly (readonly [path: string, last: (page: Page) => Locator])[] = [
    ["/", (page) => rowOf(page, "general")],
    [roomPath(room), (page) => messageOf(page, "Hello")],
    [roomPath(room, "/members"), (page) => page.getByRole("button", { name: "Actions for olga" })],
    [roomPath(room, "/settings"), (page) => page.getByRole("switch")],
    ["/rooms", (page) => page.getByRole("link", { name: "Open #general" })],
  ];
  for (const [path, last] of pages) {
    const page = await open(admin, path, phone);
    await expect(last(page)).toBeVisible();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, a[href], input, textarea, [role=switch]")]
        .filter((each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && each.closest("article .text, article .who, .unseen, .skip") === null)
        // A press on the words beside a switch turns it, too.
        .map((each) => ({ box: (each.closest(".switch-row") ?? each).getBoundingClientRect(), what: each.outerHTML.slice(0, 120) }))
        .filter(({ box }) => box.width > 1 && box.height > 1 && box.height < 44)
        .map(({ box, what }) => `${Math.round(box.height)} px: ${what}`));
    expect(small, path).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390);
  }
});

test("a finger that rests on a message opens what can be done with it", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  await admin.post(room, "Hello");
  const page = await open(admin, "/login", phone);
  await page.clock.install();
  await page.goto(roomPath(room));
  const message = messageOf(page, "Hello");
  await expect(message).toBeVisible();
  const box = await message.locator(".text").boundingBox();
  if (box === null) throw new Error("the message is nowhere");
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + 10, y: box.y + box.height / 2 };
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
  await page.clock.fastForward(600);
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByRole("menuitem", { name: "Reply" }).tap();
  await expect(page.getByRole("main")).toContainText(/Reply/);
});
