/** People talking: what one does is soon on the others' screens, and the same in all of one's own tabs. */
import { composer, messageOf, roomPath, rowOf, say, storedOf, title, toast } from "./harness/chat";
import { expect, test } from "./harness/test";

test("from the sign-up to the first message", async ({ admin, open }) => {
  await admin.createRoom("general", { topic: "Everything else" });
  const host = await open(admin, "/");
  const page = await open(null, "/register");
  await page.getByLabel("Username").fill("priya");
  await page.getByLabel("E-mail").fill("priya@halden.example");
  await page.getByLabel("Password", { exact: true }).fill("correct horse");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("main").getByText("No rooms yet.")).toBeVisible();
  await page.getByRole("link", { name: "Browse rooms" }).first().click();
  await expect(page).toHaveURL("/rooms");
  await page.getByRole("button", { name: /^Join/ }).click();
  await expect(title(page)).toContainText("general");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type("Good morning");
  await page.keyboard.press("Enter");
  await expect(messageOf(page, "Good morning")).toBeVisible();

  await rowOf(host, "general").click();
  await expect(messageOf(host, "Good morning")).toContainText("priya");
});

test("two people and three tabs: unread and mentions go up and down in step", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const general = await admin.createRoom("general");
  const routing = await admin.createRoom("routing-engine");
  for (const room of [general, routing]) await priya.join(room);
  const first = await open(admin, roomPath(general));
  const second = await first.context().newPage();
  await second.goto(roomPath(general));
  const other = await open(priya, roomPath(routing));

  await say(other, "The index is rebuilt.");
  for (const tab of [first, second]) {
    await expect(rowOf(tab, "routing-engine")).toContainText("1 unread, 0 for you");
    await expect(rowOf(tab, "routing-engine").locator(".badge")).toHaveCount(0);
  }
  await say(other, "@olga have a look");
  for (const tab of [first, second]) {
    await expect(rowOf(tab, "routing-engine")).toContainText("2 unread, 1 for you");
    await expect(rowOf(tab, "routing-engine").locator(".badge")).toHaveText("1");
    await expect(tab).toHaveTitle("(1) #general · Halden Maps");
  }

  await rowOf(second, "routing-engine").click();
  await expect(messageOf(second, "have a look")).toHaveAccessibleName(/mentions you$/);
  for (const tab of [first, second]) {
    await expect(rowOf(tab, "routing-engine")).not.toContainText("unread");
    await expect(rowOf(tab, "routing-engine").locator(".badge")).toHaveCount(0);
  }
  await expect(first).toHaveTitle("#general · Halden Maps");
});

test("what is written, changed and deleted is so on every screen, and its history is told", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const page = await open(admin, roomPath(room));
  const other = await open(priya, roomPath(room));
  await say(page, "The brigde is closed");
  for (const each of [page, other]) await expect(storedOf(each, "The brigde is closed")).toBeVisible();

  await composer(page).press("ArrowUp");
  await expect(page.locator("textarea:focus")).toHaveValue("The brigde is closed");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("The bridge is closed");
  await page.keyboard.press("Enter");
  for (const each of [page, other]) await expect(messageOf(each, "The bridge is closed")).toContainText("edited");
  await messageOf(other, "The bridge is closed").getByRole("button", { name: /edited/ }).click();
  await expect(other.getByRole("dialog")).toContainText("The brigde is closed");
  await other.keyboard.press("Escape");

  await messageOf(page, "The bridge is closed").focus();
  await page.keyboard.press("Delete");
  await expect(toast(page)).toContainText("Message deleted");
  await toast(page).getByRole("button", { name: "Undo" }).click();
  await expect(messageOf(page, "The bridge is closed")).toBeVisible();
  await messageOf(page, "The bridge is closed").focus();
  await page.keyboard.press("Delete");
  await composer(page).hover(); // as long as the pointer is on the toast it stays
  await expect(messageOf(other, "Message deleted")).toBeVisible();
  await expect(messageOf(other, "The bridge is closed")).toHaveCount(0);
});

test("a reply quotes the message and leads to it", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const asked = await priya.post(room, "Which ferry is late?");
  const page = await open(admin, roomPath(room));
  await messageOf(page, "Which ferry is late?").focus();
  await page.keyboard.press("r");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type("The one to Moss.");
  await page.keyboard.press("Enter");
  const reply = messageOf(page, "The one to Moss.");
  await expect(reply).toContainText("Which ferry is late?");
  await reply.getByRole("link", { name: /Which ferry is late/ }).or(reply.getByRole("button", { name: /Which ferry is late/ })).click();
  await expect(page.locator(`#m-${asked.seq}`)).toBeFocused();
});

test("who types and who is here is seen", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.direct(priya.name);
  const page = await open(admin, roomPath(room));
  await expect(rowOf(page, "priya")).not.toContainText("online");
  const other = await open(priya, roomPath(room));
  await expect(rowOf(page, "priya")).toContainText("online");
  await composer(other).pressSequentially("Just a mom");
  await expect(page.getByText("priya is typing…")).toBeVisible();
  await other.keyboard.press("Enter");
  await expect(page.getByText("priya is typing…")).toHaveCount(0);
  await other.context().close();
  await expect(rowOf(page, "priya")).not.toContainText("online");
});

test("a name is completed, and brings a badge to who is meant", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  const elsewhere = await admin.createRoom("elsewhere");
  for (const each of [room, elsewhere]) await priya.join(each);
  const other = await open(priya, roomPath(elsewhere));
  const page = await open(admin, roomPath(room));
  await composer(page).pressSequentially("thanks @pri");
  await expect(page.getByRole("option").first()).toContainText("priya");
  await page.keyboard.press("Enter");
  await expect(composer(page)).toHaveValue("thanks @priya ");
  await page.keyboard.press("Enter");
  await expect(rowOf(other, "general").locator(".badge")).toHaveText("1");
});
