/** How long it takes from going to a room of 50,000 messages until it can be read: `script/web measure`. */
import { composer, roomPath } from "../harness/chat";
import { postMessages } from "../harness/crowd";
import { expect, test } from "../harness/test";

const rounds = 5;

// When the first message has been painted, in ms since the navigation began. The frame in which it came into the page is
// painted before the task that the message channel makes.
const watch = () => {
  const look = () => {
    if (document.querySelector("#messages article") === null) requestAnimationFrame(look);
    else
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => performance.mark("readable");
        channel.port2.postMessage(null);
      });
  };
  requestAnimationFrame(look);
};

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const tell = (what: string, values: readonly number[]) =>
  console.log(`${what}: median ${median(values).toFixed(0)} ms of ${values.map((value) => value.toFixed(0)).join(", ")}`);

test("from navigation to the room readable", async ({ admin, person, open }) => {
  test.setTimeout(120_000);
  const senders = [admin, ...(await Promise.all(["priya", "jonas", "aiko"].map(person)))];
  const room = await admin.createRoom("routing-engine");
  for (const each of senders.slice(1)) await each.join(room);
  await postMessages(senders, room, 50_000);
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < rounds; ++round) {
    const page = await open(admin, "/api/about");
    await page.addInitScript(watch);
    for (const times of [first, again]) {
      await page.goto(roomPath(room));
      await page.waitForFunction(() => performance.getEntriesByName("readable").length > 0);
      times.push(await page.evaluate(() => performance.getEntriesByName("readable")[0]?.startTime ?? NaN));
      await expect(composer(page)).toBeVisible();
    }
    await page.context().close();
  }
  tell("with an empty cache", first);
  tell("with the files in the cache", again);
});
