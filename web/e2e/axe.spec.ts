/** axe on the pages of the chat, in light and dark, on a desktop and a phone; of the other pages beside their own tests. */
import { expectAccessible } from "./harness/axe";
import { composer, messageOf, roomPath } from "./harness/chat";
import { phone } from "./harness/screens";
import { seedHalden } from "./harness/halden";
import { expect, test } from "./harness/test";

for (const [screen, options] of Object.entries({ desktop: {}, phone })) {
  test(`axe finds nothing in the chat on a ${screen}`, async ({ server, admin, open }) => {
    test.slow();
    const { room } = await seedHalden(server, admin);
    const page = await open(admin, "/", options);
    await expect(page.locator("#rooms, main").first()).toBeVisible();
    await expectAccessible(page);
    await page.goto(roomPath(room));
    await expect(messageOf(page, "Helsinki")).toBeVisible();
    await expectAccessible(page);
    await composer(page).pressSequentially("@pr");
    await expect(page.getByRole("option").first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    for (const path of [roomPath(room, "/members"), roomPath(room, "/settings"), "/rooms", "/direct"]) {
      await page.goto(path);
      await expect(page.getByRole("heading").first()).toBeVisible();
      await expectAccessible(page);
    }
    await page.goto(roomPath(room));
    await expect(messageOf(page, "Helsinki")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+k");
    await expect(page.getByRole("option").first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const [screen, options] of Object.entries({ desktop: {}, phone })) {
  test(`axe finds nothing in what opens over the chat on a ${screen}`, async ({ admin, person, open }) => {
    test.slow();
    const priya = await person("priya");
    const room = await admin.createRoom("general", { topic: "Everything else" });
    await priya.join(room);
    const posted = await priya.post(room, "Which ferry is late?");
    await priya.edit(posted.id, "Which ferry is late today?");
    const page = await open(admin, roomPath(room), options);
    const dialog = page.getByRole("dialog");
    const close = async () => {
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
      await expect(page.getByRole("menu")).toHaveCount(0);
    };
    const message = messageOf(page, "Which ferry is late today?");

    await message.getByRole("button", { name: "priya" }).click();
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await close();

    await message.getByRole("button", { name: /edited/ }).click();
    await expect(dialog).toContainText("Which ferry is late?");
    await expectAccessible(page);
    await close();

    await message.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page);
    await close();

    await page.getByRole("button", { name: "Emoji" }).click();
    await expect(page.getByRole("gridcell").first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await page.keyboard.press("ControlOrMeta+/");
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await close();

    await page.getByRole("button", { name: "Room menu" }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page);
    await close();

    await page.goto(roomPath(room, "/members"));
    await page.getByRole("button", { name: "Add people" }).click();
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await close();

    await page.goto("/");
    await page.getByRole("button", { name: /^Halden Maps/ }).click();
    await page.getByRole("menuitem", { name: "Create a room" }).click();
    await expect(dialog.getByLabel("Room name")).toBeVisible();
    await expectAccessible(page);
    await close();

    await page.goto(roomPath(room));
    await expect(message).toBeVisible();
    await admin.ask("DELETE", `/api/rooms/${room}`);
    await expect(page.getByText("#general no longer exists.")).toBeVisible();
    await expectAccessible(page);

    for (const id of await admin.sessions()) await admin.ask("DELETE", `/api/sessions/${id}`);
    await expect(page.getByRole("dialog", { name: "Please sign in again" })).toBeVisible();
    await expectAccessible(page);
  });
}
