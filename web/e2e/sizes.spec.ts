/** The largest of everything that may be. */
import { expectAccessible } from "./harness/axe";
import { composer, messageOf, roomPath, rowOf, say, title } from "./harness/chat";
import { makeAccounts, postAll } from "./harness/crowd";
import { phone } from "./harness/screens";
import { expect, test } from "./harness/test";

const textBytesMax = 16_000;

test("a message of 16,000 characters is pasted, sent, folded and unfolded; one more is not sent", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const page = await open(admin, roomPath(room));
  const long = "A long story. ".repeat(2_000).slice(0, textBytesMax);
  await composer(page).fill(`${long}!`);
  await expect(page.getByText("Too long by 1 character.")).toBeVisible();
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue(`${long}!`);
  await composer(page).fill(long);
  await expect(page.getByText(/^Too long/)).toHaveCount(0);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("");
  const message = messageOf(page, "A long story.");
  await expect.poll(async () => (await admin.messages(room)).map(({ text }) => text.length)).toEqual([textBytesMax]);
  const folded = (await message.boundingBox())?.height ?? 0;
  await message.getByRole("button", { name: "Show all" }).click();
  await expect.poll(async () => (await message.boundingBox())?.height ?? 0).toBeGreaterThan(folded * 2);
});

test("names of 120 characters are cut, and told in full", async ({ admin, person, open }) => {
  const name = `priya-${"x".repeat(113)}y`;
  const priya = await person(name);
  const roomName = `${"long ".repeat(23)}room!`;
  const room = await admin.createRoom(roomName);
  await priya.join(room);
  await priya.post(room, "Hello from far away");
  await admin.direct(name);
  for (const options of [{}, phone]) {
    const page = await open(admin, roomPath(room), options);
    await expect(messageOf(page, "Hello from far away")).toContainText(name);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.goto(roomPath(room, "/members"));
    await expect(page.locator("#panel").getByText(name).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
});

test("500 rooms are listed, found by typing, and walked through by keys", async ({ admin, open }) => {
  await postAll(
    admin.url,
    Array.from({ length: 500 }, (_, at) => ({ by: admin, path: "/api/rooms", body: { name: `room-${at + 1}` } })),
  );
  const page = await open(admin, "/");
  await expect(rowOf(page, "room-1")).toBeVisible();
  await expect(page.locator("#rooms").getByRole("link", { name: /^room-/ })).toHaveCount(500);
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("room-37");
  await expect(page.getByRole("option").first()).toContainText("room-37");
  await page.keyboard.press("Enter");
  await expect(title(page)).toContainText("room-37");
  await expect(rowOf(page, "room-37")).toBeInViewport();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(title(page)).toContainText("room-38");
  await say(page, "still quick");
});

test("5,000 members: the panel shows them, finds one, and the page stays light", async ({ server, admin, open }) => {
  const room = await admin.createRoom("everybody");
  await makeAccounts(server, 4_999);
  const names = Array.from({ length: 4_999 }, (_, at) => `person-${String(at + 1).padStart(4, "0")}`);
  await postAll(server.url, names.map((user) => ({ by: admin, path: "/api/members", body: { room, user } })));
  const page = await open(admin, roomPath(room, "/members"));
  const panel = page.locator("#panel");
  await expect(panel.getByText("olga")).toBeVisible();
  await expect(panel).toContainText(/5,000/);
  expect(await page.locator("*").count()).toBeLessThan(10_000);
  await panel.getByRole("searchbox").fill("4321");
  await expect(panel.getByText("Person 4321")).toBeVisible();
  await composer(page).pressSequentially("@person-49");
  await expect(page.getByRole("option").first()).toContainText("person-49");
});

test("axe finds nothing where the names are as long as they may be", async ({ admin, person, open }) => {
  const priya = await person("p".repeat(120));
  const room = await admin.createRoom("r".repeat(120), { topic: "t".repeat(1_000) });
  await priya.join(room);
  await priya.post(room, "Hello");
  const page = await open(admin, roomPath(room), phone);
  await expect(messageOf(page, "Hello")).toBeVisible();
  await expectAccessible(page);
});
