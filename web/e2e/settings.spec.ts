import type { Page } from "@playwright/test";
import { expectAccessible } from "./harness/axe";
import { phone } from "./harness/screens";
import { expect, test } from "./harness/test";

const sections = ["", "/password", "/appearance", "/notifications", "/sessions", "/tokens"];
const title = (page: Page) => page.getByRole("heading", { level: 1 });
const toast = (page: Page) => page.locator(".toast");
const save = (page: Page) => page.getByRole("button", { name: "Save" });

test("the profile is saved, and a taken name is refused", async ({ admin, person, open }) => {
  await person("bob");
  const page = await open(admin, "/settings");
  await page.getByLabel("Display name").fill("Olga Sokolova");
  await page.getByLabel("E-mail").fill("sokolova@halden.example");
  await save(page).click();
  await expect(toast(page)).toContainText("Profile saved");
  await page.reload();
  await expect(page.getByLabel("Display name")).toHaveValue("Olga Sokolova");
  await expect(page.getByLabel("E-mail")).toHaveValue("sokolova@halden.example");
  await page.getByLabel("Username").fill("bob");
  await save(page).click();
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription("This username is taken. Try another.");
});

test("a new password ends the other sessions, and the old one is needed", async ({ admin, open }) => {
  const elsewhere = await open(admin, "/settings/password");
  const page = await open(admin, "/settings/password");
  await page.getByLabel("Current password").fill("wrong horse");
  await page.getByLabel("New password").fill("battery staple");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription("This is not your current password.");
  await page.getByLabel("Current password").fill(admin.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(toast(page)).toContainText("Password changed");
  await expect(page.getByLabel("New password")).toHaveValue("");

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login/);
  await elsewhere.getByLabel("Username").fill(admin.name);
  await elsewhere.getByLabel("Password", { exact: true }).fill("battery staple");
  await elsewhere.keyboard.press("Enter");
  await expect(title(elsewhere)).toHaveText("Password");
});

test("another session is ended", async ({ admin, open }) => {
  const elsewhere = await open(admin, "/settings");
  const page = await open(admin, "/settings/sessions");
  await expect(page.getByRole("listitem").filter({ hasText: "This device" })).toContainText("Chrome");
  const end = page.getByRole("button", { name: "End the session of Chrome on Linux" });
  await end.click();
  await expect(toast(page)).toContainText("Session ended");
  await expect(end).toHaveCount(0);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login/);
});

test("a token shows its value once, works, and is revoked, with a way back", async ({ admin, server, open, request }) => {
  const page = await open(admin, "/settings/tokens");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByLabel("Name").fill("deploy-bot");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  const value = await page.getByLabel("Value").inputValue();
  expect(value).toMatch(/^[a-z0-9]{32}$/);
  const ping = () => request.get(`${server.url}/api/ping`, { headers: { "X-Auth-Token": value } });
  expect((await ping()).status()).toBe(200);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(value)).toHaveCount(0);
  await page.reload();
  const row = page.getByRole("listitem").filter({ hasText: "deploy-bot" });
  await expect(row).toContainText(`Starts with ${value.slice(0, 4)}`);

  await row.getByRole("button", { name: "Revoke deploy-bot" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toHaveCount(1);
  expect((await ping()).status()).toBe(200);

  await row.getByRole("button", { name: "Revoke deploy-bot" }).click();
  await expect(row).toHaveCount(0);
  await page.reload(); // leaving the page makes it final
  await expect.poll(async () => (await ping()).status()).toBe(401);
});

test("theme and language stay chosen, and every section speaks Russian", async ({ admin, open }) => {
  const page = await open(admin, "/settings/appearance");
  await page.getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByText("Русский").click();
  await expect(title(page)).toHaveText("Вид");
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const section of sections) {
    await page.goto(`/settings${section}`);
    await expect(page.locator("html")).toHaveAttribute("lang", "ru");
    await expect(title(page)).toHaveText(/^[А-Я]/);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
  }
});

test("a switch is kept by the server", async ({ admin, open }) => {
  const page = await open(admin, "/settings/appearance");
  const enter = page.getByRole("switch", { name: "Enter sends" });
  await expect(enter).toBeChecked();
  const kept = page.waitForResponse((response) => response.request().method() === "PATCH");
  await enter.click();
  await kept;
  const elsewhere = await open(admin, "/settings/appearance");
  await expect(elsewhere.getByRole("switch", { name: "Enter sends" })).not.toBeChecked();
});

test("the browser is asked for notices on a press and not before, and they make no sound by themselves", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const page = await open(admin, "/login");
  await page.addInitScript(() => {
    let asked = 0;
    const notices = {
      permission: "default",
      requestPermission() {
        document.documentElement.dataset["asked"] = String(++asked);
        return Promise.resolve((notices.permission = "granted"));
      },
    };
    Object.defineProperty(window, "Notification", { value: notices });
  });
  const html = page.locator("html");
  for (const path of [`/room/${room}`, "/settings/notifications"]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await page.getByRole("main").click();
    await expect(html, path).not.toHaveAttribute("data-asked");
  }
  await page.getByRole("switch", { name: /^Tell me about mentions/ }).click();
  await expect(html).toHaveAttribute("data-asked", "1");
  await expect(page.getByRole("switch", { name: /^Tell me about mentions/ })).toBeChecked();
  await expect(page.getByRole("switch", { name: "Sound" })).not.toBeChecked();
});

test("what is for the reader is counted in the title of these pages, too", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.direct("priya");
  const page = await open(admin, "/settings");
  await expect(page).toHaveTitle("Profile · Settings · Halden Maps");
  await priya.post(room, "Are you there?");
  await expect(page).toHaveTitle("(1) Profile · Settings · Halden Maps");
});

test("signing out ends the session on the server too", async ({ admin, open }) => {
  const page = await open(admin, "/settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto("/settings");
  await expect(page).toHaveURL(/\/login/);
});

for (const [screen, options] of Object.entries({ desktop: {}, phone })) {
  test(`axe finds nothing in the settings on a ${screen}`, async ({ admin, open }) => {
    const page = await open(admin, "/settings", options);
    for (const section of sections) {
      await page.goto(`/settings${section}`);
      await expect(title(page)).toBeVisible();
      await expectAccessible(page);
    }
    await page.getByRole("button", { name: "Create token" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
}
