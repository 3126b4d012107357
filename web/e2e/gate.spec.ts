import { expect, test } from "./harness/test";

test("the printed link makes the first admin, names the server and its first room, once", async ({ server, open }) => {
  const link = server.setUpLink;
  const page = await open(null, link);
  await page.getByLabel("Username").fill("olga");
  await page.getByLabel("E-mail").fill("olga@halden.example");
  await page.getByLabel("Password", { exact: true }).fill("correct horse");
  await page.getByLabel("Name", { exact: true }).fill("Halden Maps");
  await page.getByLabel("Room name").fill("routing-engine");
  await page.getByRole("button", { name: "Start makechat" }).click();
  await expect(page).toHaveURL(/\/room\/[0-9a-f]{24}$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("routing-engine");

  const second = await open(null, link);
  await expect(second.getByRole("heading", { level: 1 })).toHaveText("The server is set up");
  await expect(second.getByText("Halden Maps")).toBeVisible();
  await second.getByRole("link", { name: "Sign in" }).click();
  await expect(second).toHaveURL("/login");
});
