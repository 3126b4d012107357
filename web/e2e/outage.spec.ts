/** No network, and no server: nothing that was typed or said is lost, and nothing is there twice. */
import { composer, log, messageOf, roomPath, say, texts } from "./harness/chat";
import { postMessages } from "./harness/crowd";
import { lookAround } from "./harness/scrolling";
import { expect, test } from "./harness/test";

const down = "No connection. Messages wait here and are sent later.";
const back = "Connected again.";

test("offline and back: what was written goes out in its order, once", async ({ admin, person, open, complaints }) => {
  complaints.allowNoConnection();
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const page = await open(admin, roomPath(room));
  await say(page, "Before.");
  await page.context().setOffline(true);
  await expect(page.getByText(down)).toBeVisible();
  for (const words of ["First.", "Second.", "Third."]) await say(page, words);
  await expect(messageOf(page, "First.")).toContainText("Will be sent when you are online again.");
  await priya.post(room, "Meanwhile.");
  await page.context().setOffline(false);
  await expect(page.getByText(back)).toBeVisible();
  await expect(messageOf(page, "Meanwhile.")).toBeVisible();
  await expect(log(page).getByText("Will be sent when you are online again.")).toHaveCount(0);
  await expect.poll(() => texts(page)).toEqual(["Before.", "Meanwhile.", "First.", "Second.", "Third."]);
  expect((await admin.messages(room)).map((message) => message.text)).toEqual(["Before.", "Meanwhile.", "First.", "Second.", "Third."]);
});

test("a reload while offline keeps what waits and what is half written", async ({ admin, open, complaints }) => {
  complaints.allowNoConnection();
  const room = await admin.createRoom("general");
  const page = await open(admin, roomPath(room));
  await expect(composer(page)).toBeVisible();
  await page.context().setOffline(true);
  await say(page, "Waits.");
  await composer(page).fill("Half a sent");
  await page.reload().catch(() => undefined); // the browser's own page says that there is no network
  await page.context().setOffline(false);
  await page.goto(roomPath(room));
  await expect(composer(page)).toHaveValue("Half a sent");
  await expect(messageOf(page, "Waits.")).toHaveCount(1);
  await expect.poll(async () => (await admin.messages(room)).map((message) => message.text)).toEqual(["Waits."]);
});

test("what one tab could not send is sent by another, and by one of them only", async ({ admin, open, complaints }) => {
  complaints.allowNoConnection();
  const room = await admin.createRoom("general");
  const first = await open(admin, roomPath(room));
  const second = await first.context().newPage();
  await second.goto(roomPath(room));
  const third = await first.context().newPage();
  await third.goto(roomPath(room));
  await expect(composer(third)).toBeVisible();
  await first.context().setOffline(true);
  await say(first, "Of a tab that is closed.");
  await say(second, "Of a tab that stays.");
  await first.close();
  await second.context().setOffline(false);
  for (const tab of [second, third]) await expect(tab.getByText("Will be sent when you are online again.")).toHaveCount(0);
  const said = ["Of a tab that is closed.", "Of a tab that stays."];
  await expect.poll(async () => (await admin.messages(room)).map((message) => message.text).sort()).toEqual(said);
  for (const tab of [second, third]) await expect.poll(async () => [...(await texts(tab))].sort()).toEqual(said);
});

test("killed and started again: the page tells, comes back by its cursor, and nothing is lost or doubled", async ({ admin, person, server, open, complaints }) => {
  complaints.allowNoConnection();
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const page = await open(admin, roomPath(room));
  const other = await open(priya, roomPath(room));
  const said: string[] = [];
  for (let round = 1; round <= 3; ++round) {
    await say(page, `Before ${round}.`);
    await expect(messageOf(other, `Before ${round}.`)).toBeVisible();
    await server.kill();
    await expect(page.getByText(down)).toBeVisible();
    await say(page, `While it is down ${round}.`);
    await server.start();
    await priya.post(room, `Just after ${round}.`);
    for (const each of [page, other]) {
      await expect(each.getByText(down)).toHaveCount(0, { timeout: 40_000 });
      await expect(messageOf(each, `Just after ${round}.`)).toHaveCount(1);
      await expect(messageOf(each, `While it is down ${round}.`)).toHaveCount(1);
    }
    said.push(`Before ${round}.`, `While it is down ${round}.`, `Just after ${round}.`);
  }
  const stored = (await admin.messages(room)).map((message) => message.text);
  expect([...stored].sort()).toEqual([...said].sort());
  for (const each of [page, other]) await expect.poll(() => texts(each)).toEqual(stored);
});

test("a tab that has missed more than the server keeps comes back to its place", async ({ admin, person, open, complaints }) => {
  complaints.allowNoConnection();
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  await postMessages([priya], room, 300);
  const page = await open(admin, roomPath(room));
  await expect(messageOf(page, /^/).first()).toBeVisible();
  await log(page).hover();
  await page.mouse.wheel(0, -3000);
  const seen = await lookAround(page);
  await page.context().setOffline(true);
  await expect(page.getByText(down)).toBeVisible();
  await postMessages([priya], room, 10_500);
  await page.context().setOffline(false);
  await expect(page.getByText(down)).toHaveCount(0, { timeout: 40_000 });
  await expect(page.getByText(/new messages/)).toBeVisible();
  expect(await lookAround(page)).toEqual(seen);
});
