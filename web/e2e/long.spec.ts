/** A room of 50,000 messages is as light as a small one. */
import type { CDPSession } from "@playwright/test";
import { composer, log, messageAt, roomPath, say } from "./harness/chat";
import { postMessages } from "./harness/crowd";
import { lookAround, scrollThrough } from "./harness/scrolling";
import { expect, test } from "./harness/test";

const count = 50_000;
const nodesMax = 300;

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? NaN) / 2 ** 20;
}

test("50,000 messages: never more than 300 in the page, and scrolling keeps its place and its memory", async ({ admin, person, open }) => {
  test.slow();
  const priya = await person("priya");
  const senders = [admin, priya, await person("jonas"), await person("aiko")];
  const room = await admin.createRoom("routing-engine");
  for (const each of senders.slice(1)) await each.join(room);
  await postMessages(senders, room, count);
  const { last_seq: last } = await admin.room(room);
  await admin.ask("PUT", `/api/rooms/${room}/read`, { seq: last });
  const page = await open(admin, roomPath(room));
  await expect(messageAt(page, last)).toBeInViewport();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const before = await heapMiB(session);

  const up = await scrollThrough(page, "up", last - 3_000);
  expect(up.nodes).toBeLessThanOrEqual(nodesMax);
  expect(up.jumped, "px by which what one reads moved while older messages came").toBeLessThanOrEqual(1);
  const down = await scrollThrough(page, "down", last - 200);
  expect(down.nodes).toBeLessThanOrEqual(nodesMax);
  expect(down.jumped, "px by which what one reads moved while newer messages came").toBeLessThanOrEqual(1);
  expect(await heapMiB(session) - before).toBeLessThan(16);

  // What comes meanwhile moves nothing either.
  await scrollThrough(page, "up", last - 400);
  const seen = await lookAround(page);
  await priya.post(room, "Something new");
  await expect(page.getByRole("button", { name: /1 new message/ })).toBeVisible();
  expect(await lookAround(page)).toEqual(seen);
  await page.getByRole("button", { name: /1 new message/ }).click();
  await expect(messageAt(page, last + 1)).toBeInViewport();

  // A link into the middle, and the way back to the end.
  await page.goto(roomPath(room, "?seq=25000"));
  await expect(messageAt(page, 25_000)).toBeInViewport();
  await expect(messageAt(page, 25_000)).toBeFocused();
  await expect(log(page).locator("article")).not.toHaveCount(0);
  await page.getByRole("button", { name: "To the end" }).click();
  await expect(messageAt(page, last + 1)).toBeInViewport();
  await say(page, "Written at the end");
});

test("the beginning of a long room is reached by a key, and says so", async ({ admin, open }) => {
  const room = await admin.createRoom("routing-engine");
  await postMessages([admin], room, 2_000);
  const page = await open(admin, roomPath(room));
  await expect(composer(page)).toBeVisible();
  await log(page).locator("article").last().focus();
  await page.keyboard.press("Home");
  await expect(page.getByText("This is the beginning of #routing-engine.")).toBeInViewport();
  await expect(messageAt(page, 3)).toBeFocused();
  await page.keyboard.press("End");
  await expect(messageAt(page, 2_002)).toBeInViewport();
});

test("a room with much unread opens at the first of it, and Escape reads it all", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const opened = await admin.post(room, "The last that priya has read");
  await priya.ask("PUT", `/api/rooms/${room}/read`, { seq: opened.seq });
  await postMessages([admin], room, 500);
  const page = await open(priya, roomPath(room));
  await expect(messageAt(page, opened.seq + 1)).toBeInViewport();
  await expect(page.getByText("New", { exact: true })).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(messageAt(page, opened.seq + 500)).toBeInViewport();
  await expect.poll(() => priya.unread(room)).toBe(0);
});

test("who comes by a link to a later message is led back to the first unread", async ({ admin, person, open }) => {
  const priya = await person("priya");
  const room = await admin.createRoom("general");
  await priya.join(room);
  const opened = await admin.post(room, "The last that priya has read");
  await priya.ask("PUT", `/api/rooms/${room}/read`, { seq: opened.seq });
  await postMessages([admin], room, 300);
  const page = await open(priya, roomPath(room, `?seq=${opened.seq + 300}`));
  await expect(messageAt(page, opened.seq + 300)).toBeInViewport();
  await page.getByRole("button", { name: "To the first unread" }).click();
  await expect(messageAt(page, opened.seq + 1)).toBeInViewport();
  await expect(page.getByRole("button", { name: "To the first unread" })).toHaveCount(0);
});
