/** The doors: set-up, sign-up, sign-in, and the pages where there is nothing behind them. */
import type { Page } from "@playwright/test";
import { password } from "./harness/api";
import { expectAccessible } from "./harness/axe";
import { phone } from "./harness/screens";
import { expect, test } from "./harness/test";

const title = (page: Page) => page.getByRole("heading", { level: 1 });
const passwordField = (page: Page) => page.getByLabel("Password", { exact: true });

test.describe("set-up", () => {
  test("makes the first admin, names the server and its first room by the printed link, once", async ({ server, open }) => {
    const link = server.setUpLink;
    const page = await open(null, link);
    await page.getByLabel("Username").fill("olga");
    await page.getByLabel("E-mail").fill("olga@halden.example");
    await passwordField(page).fill(password);
    await page.getByLabel("Name", { exact: true }).fill("Halden Maps");
    await page.getByLabel("Room name").fill("routing-engine");
    await page.getByRole("button", { name: "Start makechat" }).click();
    await expect(page).toHaveURL(/\/room\/[0-9a-f]{24}$/);
    await expect(title(page)).toContainText("routing-engine");

    const second = await open(null, link);
    await expect(title(second)).toHaveText("The server is set up");
    await expect(second.getByText("Halden Maps")).toBeVisible();
    await second.getByRole("link", { name: "Sign in" }).click();
    await expect(second).toHaveURL("/login");
  });

  test("refuses another code, and says what is missing where it is", async ({ server, open }) => {
    const page = await open(null, "/setup#0123456789abcdefghijklmnopqrstuv");
    await expect(title(page)).toHaveText("The link does not fit");
    await page.goto(server.setUpLink);
    await page.getByRole("button", { name: "Start makechat" }).click();
    await expect(page.getByLabel("Username")).toHaveAccessibleDescription("Enter a username.");
    await expect(page.getByLabel("Username")).toBeFocused();
  });
});

test.describe("sign-up", () => {
  test("leads into the chat", async ({ admin, open }) => {
    expect(admin.name).toBe("olga");
    const page = await open(null, "/login");
    await page.getByRole("link", { name: "Create an account" }).click();
    await expect(title(page)).toHaveText("Create an account");
    await page.getByLabel("Username").fill("OLGA");
    await page.getByLabel("E-mail").fill("priya@halden.example");
    await passwordField(page).fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByLabel("Username")).toHaveAccessibleDescription("This username is taken. Try another.");
    await page.getByLabel("Username").fill("priya");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL("/");
    await expect(page.getByRole("navigation").first()).toBeVisible();
  });

  test.describe("where it is closed", () => {
    test.use({ settings: { registration: "closed" } });
    test("says who makes accounts", async ({ admin, open }) => {
      const page = await open(null, new URL("/register", admin.url).href);
      await expect(page.getByText("Accounts are made by the administrator here.")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("link", { name: "Sign in" }).click();
      await expect(title(page)).toHaveText("Sign in");
      await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
    });
  });
});

test.describe("sign-in", () => {
  test("leads to where one wanted to go", async ({ admin, open }) => {
    const page = await open(null, "/settings/tokens");
    await expect(page).toHaveURL("/login?to=%2Fsettings%2Ftokens");
    await expect(page.getByLabel("Username")).toBeFocused();
    await page.getByLabel("Username").fill(admin.name);
    await passwordField(page).fill(admin.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/settings/tokens");
    await expect(title(page)).toHaveText("Tokens");
  });

  test("does not lead to another site", async ({ admin, open }) => {
    const page = await open(admin, "/login?to=%2F%2Fevil.example%2Fx");
    await expect(page).toHaveURL("/");
    expect(new URL(page.url()).origin).toBe(admin.url);
  });

  test("with a wrong password keeps what was typed", async ({ admin, open }) => {
    const page = await open(null, "/login");
    await page.getByLabel("Username").fill(admin.name);
    await passwordField(page).fill("wrong horse");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toHaveText("Wrong username or password.");
    await expect(passwordField(page)).toHaveValue("wrong horse");
    await expect(passwordField(page)).toBeFocused();
  });

  test("of a disabled account says so, after a right password only", async ({ admin, person, open }) => {
    const bob = await person("bob");
    await admin.ask("PATCH", `/api/users/${await bob.id()}`, { is_disabled: true });
    const page = await open(null, "/login");
    await page.getByLabel("Username").fill("bob");
    await passwordField(page).fill("wrong horse");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("Wrong username or password.");
    await passwordField(page).fill(bob.password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("This account is disabled. Ask an administrator.");
  });

  test.describe("after too many attempts", () => {
    test.use({ settings: { "rate-limit-login": "2/600" } });
    test("says how long to wait", async ({ admin, open }) => {
      const page = await open(null, "/login");
      await page.getByLabel("Username").fill(admin.name);
      await passwordField(page).fill("wrong horse");
      for (let attempt = 0; attempt < 3; ++attempt) {
        const answered = page.waitForResponse("/api/login");
        await page.getByRole("button", { name: "Sign in" }).click();
        await answered;
      }
      await expect(page.getByRole("alert")).toHaveText(/^Too many attempts\. Try again in \d+ s\.$/);
    });
  });
});

test.describe("a page that does not exist", () => {
  for (const path of ["/nothing/here", "/room/0123"]) {
    test(`says so, and leads back: ${path}`, async ({ admin, open }) => {
      const page = await open(admin, path);
      await expect(title(page)).toHaveText("Page not found");
      await expectAccessible(page);
      await page.getByRole("link", { name: "To the chat" }).click();
      await expect(page).toHaveURL("/");
    });
  }

  test("is the admin's for who is none", async ({ admin, person, open }) => {
    expect(admin.name).toBe("olga");
    const page = await open(await person("bob"), "/makechat/admin");
    await expect(title(page)).toHaveText("Page not found");
  });
});

test("without a network the page says so and opens when it is back", async ({ admin, open, complaints }) => {
  complaints.allowNoConnection();
  const page = await open(admin, "/settings");
  await page.route("/api/**", (route) => route.abort("internetdisconnected"));
  await page.reload();
  await expect(title(page)).toHaveText("No connection");
  await expectAccessible(page);
  await page.unroute("/api/**");
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(title(page)).toHaveText("Profile");
});

test("while the server is updated the page says so and comes back by itself", async ({ admin, open, complaints }) => {
  complaints.allow(/^answer: 503 /);
  const page = await open(admin, "/settings");
  let asked = 0;
  await page.route("/api/users/me", (route) =>
    ++asked > 1
      ? route.continue()
      : route.fulfill({ status: 503, headers: { "Retry-After": "1" }, json: { title: "Maintenance", description: "" } }));
  await page.reload();
  await expect(title(page)).toHaveText("Maintenance");
  await expect(title(page)).toHaveText("Profile");
});

test("without scripts a sentence says what is needed", async ({ admin, open }) => {
  const page = await open(admin, "/", { javaScriptEnabled: false });
  const sentences = page.locator("noscript p");
  await expect(sentences).toHaveText([
    "makechat needs JavaScript. Turn it on and reload.",
    "Для makechat нужен JavaScript. Включите его и обновите страницу.",
  ]);
  await expect(sentences.first()).toBeVisible();
});

test("the language and the theme follow the browser and are switched at the foot", async ({ admin, open }) => {
  expect(admin.name).toBe("olga");
  const page = await open(null, "/login", { locale: "ru-RU", colorScheme: "dark" });
  await expect(title(page)).toHaveText("Вход");
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  await page.getByRole("button", { name: "English" }).click();
  await expect(title(page)).toHaveText("Sign in");
  await page.getByRole("button", { name: "Light theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(title(page)).toHaveText("Sign in");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

for (const [screen, options] of Object.entries({ desktop: {}, phone })) {
  test(`axe finds nothing at the doors on a ${screen}`, async ({ server, open }) => {
    const page = await open(null, server.setUpLink, options);
    await expect(title(page)).toHaveText("Set up your server");
    await expectAccessible(page);
    for (const path of ["/login", "/register"]) {
      await page.goto(path);
      await page.getByRole("button", { name: /^(Sign in|Create account)$/ }).click();
      await expect(page.getByRole("alert").first()).toBeVisible(); // errors too
      await expectAccessible(page);
    }
  });
}
