import type { Page } from "@playwright/test";
import { fields, list } from "../src/api/decode";
import { expectAccessible } from "./harness/axe";
import { phone } from "./harness/screens";
import { expect, test } from "./harness/test";

const title = (page: Page) => page.getByRole("heading", { level: 1 });
const toast = (page: Page) => page.locator(".toast");
const rowOf = (page: Page, words: string) => page.getByRole("row").filter({ hasText: words });

async function act(page: Page, row: string, entry: string): Promise<void> {
  await rowOf(page, row).getByRole("button", { name: /^Actions for / }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

test("a user is made, changed, disabled and enabled", async ({ admin, open }) => {
  const page = await open(admin, "/makechat/admin");
  await page.getByRole("button", { name: "Create user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Username").fill("priya");
  await dialog.getByLabel("E-mail").fill("priya@halden.example");
  await dialog.getByLabel("Password", { exact: true }).fill("battery staple");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(toast(page)).toContainText("priya created");

  await act(page, "@priya", "Edit");
  await dialog.getByLabel("Display name").fill("Priya Raman");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, "Priya Raman")).toContainText("priya@halden.example");

  await act(page, "@priya", "Make admin");
  await expect(rowOf(page, "@priya")).toContainText("Admin");
  await act(page, "@priya", "Remove admin");
  await expect(toast(page)).toContainText("priya is no longer an admin");

  await act(page, "@priya", "Reset password");
  await dialog.getByLabel("New password").fill("another sentence");
  await dialog.getByRole("button", { name: "Set password" }).click();
  await expect(toast(page)).toContainText("Password of priya set");

  await act(page, "@priya", "Disable");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(rowOf(page, "@priya")).toContainText("Disabled");
  const visitor = await open(null, "/login");
  await visitor.getByLabel("Username").fill("priya");
  await visitor.getByLabel("Password", { exact: true }).fill("another sentence");
  await visitor.keyboard.press("Enter");
  await expect(visitor.getByRole("alert")).toHaveText("This account is disabled. Ask an administrator.");

  await act(page, "@priya", "Enable");
  await expect(rowOf(page, "@priya")).toContainText("Active");
  await visitor.keyboard.press("Enter");
  await expect(visitor).toHaveURL("/");
});

test("the last administrator stays", async ({ admin, open }) => {
  const page = await open(admin, "/makechat/admin");
  await act(page, "@olga", "Disable");
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("alert")).toHaveText("The last administrator cannot be disabled.");
  await page.keyboard.press("Escape");
  await act(page, "@olga", "Remove admin");
  await expect(toast(page)).toContainText("A server needs an administrator.");
});

test("users are searched and paged", async ({ admin, person, open }) => {
  for (let no = 1; no <= 60; ++no) await person(`guest-${String(no).padStart(2, "0")}`);
  const page = await open(admin, "/makechat/admin");
  await expect(page.getByText("1–50 of 61")).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("51–61 of 61")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search users" }).fill("GUEST-4");
  await expect(page.getByText("1–10 of 10")).toBeVisible();
  await expect(rowOf(page, "@guest-42")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search users" }).fill("nobody at all");
  await expect(page.getByText("Nobody found")).toBeVisible();
});

test("users are narrowed down and put in order", async ({ admin, person, open }) => {
  const priya = await person("priya");
  await person("aiko");
  await admin.ask("PATCH", `/api/users/${await priya.id()}`, { is_disabled: true });
  const page = await open(admin, "/makechat/admin");
  const names = page.getByRole("rowheader").locator("small");
  await expect(names).toHaveText([/@aiko/, /@olga/, /@priya/]);
  await expect(rowOf(page, "@olga")).toContainText("Online");
  await page.getByRole("columnheader", { name: "User" }).getByRole("button").click();
  await expect(names).toHaveText([/@priya/, /@olga/, /@aiko/]);
  await expect(page.getByRole("columnheader", { name: "User" })).toHaveAttribute("aria-sort", "descending");
  await page.getByText("Disabled", { exact: true }).first().click();
  await expect(names).toHaveText([/@priya/]);
  await page.getByText("Admins", { exact: true }).click();
  await expect(names).toHaveText([/@olga/]);
});

test("the tokens of a user are seen, and revoked, with a way back", async ({ admin, person, open }) => {
  const priya = await person("priya");
  await priya.ask("POST", "/api/tokens", { name: "deploy-bot" });
  const tokens = async () => (await priya.ask("GET", "/api/tokens").then(list(fields))).map(({ name }) => name);
  const page = await open(admin, "/makechat/admin");
  const revoke = async () => {
    await act(page, "@priya", "Tokens");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke deploy-bot" }).click();
    await expect(toast(page)).toContainText("Token deploy-bot revoked");
  };
  await revoke();
  await page.getByRole("button", { name: "Undo" }).click();
  expect(await tokens()).toContain("deploy-bot");
  await revoke();
  await page.reload(); // leaving the page makes it final
  await expect.poll(tokens).not.toContain("deploy-bot");
});

test("a room is made, changed, given an owner, and deleted after its name is typed", async ({ admin, person, open }) => {
  await person("priya");
  const page = await open(admin, "/makechat/admin/rooms");
  await page.getByRole("button", { name: "Create room" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Room name").fill("routing-engine");
  await dialog.getByLabel("Topic").fill("Shortest paths, and why they are not");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(rowOf(page, "routing-engine")).toContainText("Open");

  await act(page, "routing-engine", "Edit");
  await dialog.getByLabel("Room name").fill("routing");
  await dialog.getByText("Who is added").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(toast(page)).toContainText("#routing saved");
  await expect(rowOf(page, "routing")).toContainText("Private");

  await act(page, "routing", "Owners");
  await dialog.getByRole("combobox", { name: "Add an owner" }).fill("pri");
  await expect(dialog.getByRole("option")).toHaveText(/priya/);
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("listitem").filter({ hasText: "@priya" })).toBeVisible();
  await dialog.getByRole("button", { name: "Remove olga from the owners" }).click();
  await expect(dialog.getByRole("listitem").filter({ hasText: "@olga" })).toHaveCount(0);
  await dialog.getByRole("button", { name: "Remove priya from the owners" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("A room needs an owner. Make somebody else owner first.");
  await dialog.getByRole("button", { name: "Done" }).click();

  await act(page, "routing", "Delete");
  const remove = dialog.getByRole("button", { name: "Delete room" });
  await expect(remove).toHaveAttribute("aria-disabled", "true");
  await expect(remove).toHaveAccessibleDescription("Type the name first.");
  await dialog.getByRole("textbox").fill("routing");
  await remove.click();
  await expect(toast(page)).toContainText("#routing deleted");
  await expect(rowOf(page, "routing")).toHaveCount(0);
});

test("the server tells of itself, and keeps its secrets", async ({ admin, open }) => {
  const page = await open(admin, "/makechat/admin/server");
  await expect(page.getByText("Healthy")).toBeVisible();
  await expect(title(page)).toContainText("sqlite");
  await expect(page.getByText("Messages a minute").first()).toBeVisible();
  await expect(page.locator(".tile").filter({ hasText: "Size on disk" })).toContainText(/\d (?:kB|MB).*0 messages/);
  await expect(page.getByRole("img", { name: /^Messages a minute in the last hour/ })).toBeVisible();
  const settings = page.getByRole("table").last();
  await expect(settings.getByRole("row").filter({ hasText: "rate_limit_login" })).toContainText("off");
  await expect(settings.getByRole("row").filter({ hasText: "session_ttl" })).toContainText("default");
});

for (const [screen, options] of Object.entries({ desktop: {}, phone })) {
  test(`axe finds nothing on the admin's pages on a ${screen}`, async ({ admin, person, open }) => {
    await person("priya");
    await admin.createRoom("routing-engine", { topic: "Shortest paths" });
    const page = await open(admin, "/makechat/admin", options);
    await expect(rowOf(page, "@priya")).toBeVisible();
    await expectAccessible(page);
    await rowOf(page, "@priya").getByRole("button", { name: /^Actions for / }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Create user" }).click();
    await expectAccessible(page);
    await page.goto("/makechat/admin/rooms");
    await expect(rowOf(page, "routing-engine")).toBeVisible();
    await expectAccessible(page);
    await act(page, "routing-engine", "Delete");
    await expectAccessible(page);
    await page.goto("/makechat/admin/server");
    await expect(page.getByText("Healthy")).toBeVisible();
    await expectAccessible(page);
  });
}
