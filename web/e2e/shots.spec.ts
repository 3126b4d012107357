/** Pictures of the main views. `script/web shots` puts them into docs/screenshots; else they are among the test's results. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { fields, list, text } from "../src/api/decode";
import { composer, messageOf, roomPath, rowOf, title } from "./harness/chat";
import { seedHalden } from "./harness/halden";
import { phone } from "./harness/screens";
import { expect, test } from "./harness/test";

const bytesMax = 200_000;
const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

const isForDocs = process.env["SHOTS"] !== undefined;
const folder = join(import.meta.dirname, isForDocs ? "../../docs/screenshots" : "../test-results/shots");

async function take(page: Page, name: string): Promise<void> {
  const file = `${name}.png`;
  const path = join(folder, file);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  if (isForDocs) expect(statSync(path).size, file).toBeLessThan(bytesMax);
}

// What is the test's own and no server's.
const usual: Readonly<Record<string, string>> = {
  listen: "127.0.0.1:8000",
  data_dir: "/var/lib/makechat",
  rate_limit_login: "10/60",
  rate_limit_register: "20/3600",
  rate_limit_write: "600/60",
  rate_limit_read: "6000/60",
};

/** In the picture the server stands where servers stand, and has been talked on for an hour. */
async function dressReport(page: Page): Promise<void> {
  const messages = Array.from({ length: 60 }, (_, minute) => Math.round(24 + 14 * Math.sin(minute / 7) + 9 * Math.sin(minute / 2.3)));
  await page.route("/api/server", async (route) => {
    const report = fields(await (await route.fetch()).json());
    const settings = list(fields)(report["settings"]).map((setting) => {
      const value = usual[text(setting["key"])];
      return value === undefined ? setting : { ...setting, value, source: "default" };
    });
    await route.fulfill({ json: { ...report, uptime_s: 41 * 86_400, messages_per_minute: messages, settings } });
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`the main views in ${colorScheme}`, async ({ server, open, admin }) => {
    test.slow();
    const halden = await seedHalden(server, admin);
    const shot = (page: Page, name: string) => take(page, `${name}-${colorScheme}`);
    const visit = async (options: BrowserContextOptions) => {
      const page = await open(admin, "/login", { ...options, colorScheme });
      await page.clock.setFixedTime(halden.now);
      return page;
    };

    const wide = await visit(desktop);
    await wide.goto(roomPath(halden.room));
    await expect(messageOf(wide, "Похоже на прошлый четверг")).toBeInViewport();
    await expect(rowOf(wide, "incidents").locator(".badge")).toHaveText("2");
    await shot(wide, "chat");
    await wide.keyboard.press("ControlOrMeta+k");
    await expect(wide.getByRole("option").first()).toBeVisible();
    await shot(wide, "go-to");
    await wide.setViewportSize({ width: 1600, height: 780 });
    await wide.goto(roomPath(halden.room, "/members"));
    await expect(wide.locator("#panel").getByText("Aiko Tanaka")).toBeVisible();
    await shot(wide, "chat-wide");
    await wide.setViewportSize({ width: 1440, height: 900 });
    await wide.goto("/settings/appearance");
    await expect(title(wide)).toHaveText("Appearance");
    await shot(wide, "settings");
    await wide.goto("/makechat/admin");
    await expect(wide.getByRole("row").filter({ hasText: "Priya Nair" })).toBeVisible();
    await shot(wide, "admin-users");
    await dressReport(wide);
    await wide.goto("/makechat/admin/server");
    await expect(wide.getByText("Healthy")).toBeVisible();
    await shot(wide, "admin-server");

    const small = await visit({ ...phone, deviceScaleFactor: 1.5 });
    await small.goto("/");
    await expect(rowOf(small, "incidents")).toBeVisible();
    await shot(small, "phone-rooms");
    await small.goto(roomPath(halden.room));
    await expect(messageOf(small, "Похоже на прошлый четверг")).toBeInViewport();
    await expect(composer(small)).toBeVisible();
    await shot(small, "phone-room");
    halden.end();
  });

  test(`the doors in ${colorScheme}`, async ({ server, open }) => {
    const page = await open(null, server.setUpLink, { ...desktop, colorScheme });
    await expect(title(page)).toHaveText("Set up your server");
    await take(page, `set-up-${colorScheme}`);
    await page.goto("/login");
    await expect(title(page)).toHaveText("Sign in");
    await take(page, `sign-in-${colorScheme}`);
  });
}
