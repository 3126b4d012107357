/** By the keyboard alone: every action here is a key, and every place is reached by keys. */
import type { Page } from "@playwright/test";
import { composer, log, messageOf, roomPath, storedOf, title, toast } from "./harness/chat";
import { expect, test } from "./harness/test";

/** Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string | RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const wanted = page.locator(":focus").and(page.getByRole("button", { name }).or(page.getByRole("link", { name })).or(page.getByLabel(name)));
  for (let press = 0; press < 60; ++press) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no ${String(name)} on the way`);
}

test("sign in, make a room, write, edit, reply, find, invite, set and sign out without a mouse", async ({ admin, person, open }) => {
  test.slow();
  await person("priya");
  const general = await admin.createRoom("general");
  const page = await open(null, "/");
  const { keyboard } = page;
  await expect(page.getByLabel("Username")).toBeFocused();
  await keyboard.type("olga");
  await keyboard.press("Tab");
  await keyboard.type(admin.password);
  await keyboard.press("Enter");
  await expect(title(page)).toContainText("general");

  // A room of one's own.
  await tabTo(page, "Create a room", "Shift+Tab");
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Room name")).toBeFocused();
  await keyboard.type("routing-engine");
  await keyboard.press("Enter");
  await expect(title(page)).toContainText("routing-engine");

  // Written, edited, answered.
  await expect(composer(page)).toBeFocused();
  await keyboard.type("The index is bilt");
  await keyboard.press("Enter");
  await expect(storedOf(page, "The index is bilt")).toBeVisible();
  await keyboard.press("ArrowUp");
  await expect(page.locator("textarea:focus")).toHaveValue("The index is bilt");
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("The index is built");
  await keyboard.press("Enter");
  await expect(messageOf(page, "The index is built")).toContainText("edited");
  await expect(composer(page)).toBeFocused();
  await keyboard.press("Shift+F6");
  await expect(messageOf(page, "The index is built")).toBeFocused();
  await keyboard.press("r");
  await keyboard.type("Well done");
  await keyboard.press("Shift+Enter");
  await keyboard.type("all of you");
  await keyboard.press("Enter");
  await expect(storedOf(page, "Well done")).toContainText("The index is built");

  // Among the messages: up and down, a menu, a deletion taken back.
  await keyboard.press("Shift+F6");
  await keyboard.press("ArrowUp");
  await expect(messageOf(page, "The index is built").first()).toBeFocused();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await keyboard.press("Delete");
  await expect(toast(page)).toContainText("Message deleted");
  await tabTo(page, "Undo");
  await keyboard.press("Enter");
  await expect(messageOf(page, "Well done")).toBeVisible();

  // A letter anywhere goes to the composer.
  await log(page).focus();
  await keyboard.press("x");
  await expect(composer(page)).toBeFocused();
  await expect(composer(page)).toHaveValue("x");
  await keyboard.press("Backspace");

  // Elsewhere and back, by typing and by arrows.
  await keyboard.press("ControlOrMeta+k");
  await keyboard.type("gen");
  await expect(page.getByRole("option").first()).toContainText("general");
  await keyboard.press("Enter");
  await expect(page).toHaveURL(roomPath(general));
  await keyboard.press("Alt+ArrowDown");
  await expect(title(page)).toContainText("routing-engine");

  // The members, and one more of them.
  await tabTo(page, /members/i, "Shift+Tab");
  await keyboard.press("Enter");
  const panel = page.locator("#panel");
  await expect(panel).toBeVisible();
  await tabTo(page, /^Add/);
  await keyboard.press("Enter");
  await expect(dialog.getByRole("combobox")).toBeFocused();
  await keyboard.type("pri");
  await expect(page.getByRole("option").first()).toContainText("priya");
  await keyboard.press("Enter");
  await tabTo(page, "Add");
  await keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(panel.getByText("priya")).toBeVisible();

  // The list of keys.
  await keyboard.press("ControlOrMeta+/");
  await expect(dialog).toBeVisible();
  await keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // The settings, and out.
  await tabTo(page, /^Halden Maps/, "Shift+Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await keyboard.type("set"); // the first letters lead to the entry
  await keyboard.press("Enter");
  await expect(title(page)).toHaveText("Profile");
  await tabTo(page, "Sign out");
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/\/login/);
});

test("F6 goes around the list, the messages, the composer and the panel", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  await admin.post(room, "Hello");
  const page = await open(admin, roomPath(room, "/members"));
  await expect(page.locator("#panel")).toBeVisible();
  await composer(page).focus();
  const places: string[] = [];
  for (let press = 0; press < 4; ++press) {
    await page.keyboard.press("F6");
    places.push(await page.evaluate(() => document.activeElement?.closest("#rooms, #messages, #composer, #panel")?.id ?? "nowhere"));
  }
  expect(places).toEqual(["panel", "rooms", "messages", "composer"]);
});

test("what is typed before Go to… has come is typed there, and not into a message", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  await admin.createRoom("tiles");
  const page = await open(admin, roomPath(room));
  await expect(composer(page)).toBeFocused();
  let come: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route(/\/assets\/go_to-/, async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("til");
  await expect(page.getByRole("dialog").getByRole("textbox")).toHaveValue("til");
  come();
  await expect(page.getByRole("option").first()).toContainText("tiles");
  await page.keyboard.press("Enter");
  await expect(title(page)).toContainText("tiles");
  await page.goto(roomPath(room));
  await expect(composer(page)).toHaveValue("");
});

test("behind a dialog one goes on typing where one was", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const page = await open(admin, roomPath(room));
  await composer(page).pressSequentially("Half a sen");
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.type("tence");
  await expect(composer(page)).toHaveValue("Half a sentence");
});

test("the skip link leads to the composer", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const page = await open(admin, roomPath(room));
  await expect(composer(page)).toBeVisible();
  await tabTo(page, "Go to the message box", "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(composer(page)).toBeFocused();
});
