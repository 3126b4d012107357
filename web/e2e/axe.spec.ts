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
