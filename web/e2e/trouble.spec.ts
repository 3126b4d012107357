/** What goes wrong, and what the person sees. */
import { composer, log, messageOf, roomPath, rowOf, say } from "./harness/chat";
import { expect, test } from "./harness/test";

test("a session that ends in mid-sentence is begun again over the page, and the text is still there", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const page = await open(priya, roomPath(room));
  await composer(page).pressSequentially("I was just about to s");
  const ids = await priya.sessions();
  for (const id of ids) await priya.ask("DELETE", `/api/sessions/${id}`);
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText("What you were writing is still there.");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Password for priya").fill(priya.password);
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(composer(page)).toHaveValue("I was just about to s");
  await composer(page).press("End");
  await composer(page).pressSequentially("ay it.");
  await composer(page).press("Enter");
  await expect(messageOf(page, "I was just about to say it.")).toBeVisible();
  await expect.poll(async () => (await admin.messages(room)).length).toBe(1);
});

test("who is removed from the room in view keeps his draft and sees nothing of it", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  await admin.post(room, "A secret");
  const page = await open(priya, roomPath(room));
  await expect(messageOf(page, "A secret")).toBeVisible();
  await composer(page).fill("What I meant to say");
  await admin.remove(room, priya);
  await expect(page.getByText("You are no longer in #general. Your draft is kept.")).toBeVisible();
  await expect(page.getByText("A secret")).toHaveCount(0);
  await expect(rowOf(page, "general")).toHaveCount(0);
  await admin.invite(room, priya.name);
  await rowOf(page, "general").click();
  await expect(composer(page)).toHaveValue("What I meant to say");
});

test("a room that is deleted under its reader is gone, and a way on is there", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const page = await open(priya, roomPath(room));
  await expect(composer(page)).toBeVisible();
  await admin.ask("DELETE", `/api/rooms/${room}`);
  await expect(page.getByText("#general no longer exists.")).toBeVisible();
  await expect(rowOf(page, "general")).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: "Browse rooms" }).click();
  await expect(page).toHaveURL("/rooms");
});

test("an account that is disabled is told so", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const page = await open(priya, roomPath(room));
  await expect(composer(page)).toBeVisible();
  await admin.ask("PATCH", `/api/users/${await priya.id()}`, { is_disabled: true });
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await dialog.getByLabel("Password for priya").fill(priya.password);
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toHaveText("This account is disabled. Ask an administrator.");
});

test("a guest reads, and is told that he cannot write", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await admin.invite(room, priya.name, "guest");
  const page = await open(priya, roomPath(room));
  await expect(page.getByText("You can only read in this room.")).toBeVisible();
  await expect(page.getByRole("textbox")).toHaveCount(0);
});

test("a clock that is wrong by hours changes neither the order nor what is new", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  await priya.post(room, "One");
  const page = await open(admin, "/login");
  await page.clock.setSystemTime(Date.now() - 7 * 3_600_000);
  await page.goto(roomPath(room));
  await say(page, "Two");
  await priya.post(room, "Three");
  await expect(log(page).locator("article")).toHaveText([/One/, /Two/, /Three/]);
  const days = log(page).getByRole("heading", { level: 2 }).filter({ hasNotText: /^New$/ });
  await expect(days).toHaveCount(1);
});

test("a server that takes its time is said to be slow", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const page = await open(admin, roomPath(room));
  await expect(composer(page)).toBeVisible();
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("/api/messages", async (route) => {
    await held;
    await route.continue();
  });
  await say(page, "Slowly");
  await expect(messageOf(page, "Slowly")).toContainText("Sending…");
  await expect(page.getByText("The server is slow to answer.")).toBeVisible();
  answer();
  await expect(messageOf(page, "Slowly")).not.toContainText("Sending…");
  await expect(page.getByText("The server is slow to answer.")).toHaveCount(0);
});

for (const [status, name] of [[429, "Too many requests"], [503, "Overloaded"]] as const) {
  test(`${status} with Retry-After: the page says when it tries again, and does`, async ({ admin, open, complaints }) => {
    complaints.allow(/^answer: 503 /);
    const room = await admin.createRoom("general");
    const page = await open(admin, roomPath(room));
    let asked = 0;
    await page.route("/api/messages", (route) =>
      ++asked > 1
        ? route.continue()
        : route.fulfill({ status, headers: { "Retry-After": "3" }, json: { title: name, description: "Wait." } }));
    await say(page, "Patience");
    await expect(page.getByText(/^The server is busy\. Next try in \d s\.$/)).toBeVisible();
    await expect.poll(async () => (await admin.messages(room)).map((message) => message.text)).toEqual(["Patience"]);
    await expect(messageOf(page, "Patience")).toHaveCount(1);
  });
}

test("a message that is refused keeps its words, and is sent again or discarded", async ({ admin, open }) => {
  const room = await admin.createRoom("general");
  const page = await open(admin, roomPath(room));
  await page.route("/api/messages", (route) =>
    route.fulfill({ status: 403, json: { title: "Permission Denied", description: "Guests can only read." } }));
  await say(page, "Refused");
  await expect(messageOf(page, "Refused")).toContainText("Not sent.");
  await page.unroute("/api/messages");
  await messageOf(page, "Refused").getByRole("button", { name: "Retry" }).click();
  await expect(messageOf(page, "Refused")).not.toContainText("Not sent.");
  await expect.poll(async () => (await admin.messages(room)).length).toBe(1);

  await page.route("/api/messages", (route) =>
    route.fulfill({ status: 403, json: { title: "Permission Denied", description: "Guests can only read." } }));
  await say(page, "Away with it");
  await messageOf(page, "Away with it").getByRole("button", { name: "Discard" }).click();
  await expect(messageOf(page, "Away with it")).toHaveCount(0);
});
