/** How long it takes from going to a room of 50,000 messages until it can be read: `script/web measure`. */
import { composer, roomPath } from "../harness/chat";
import { postMessages } from "../harness/crowd";
import { readableAt, watchUntilReadable } from "../harness/readable";
import { expect, test } from "../harness/test";

const rounds = 5;

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
    await watchUntilReadable(page);
    for (const times of [first, again]) {
      await page.goto(roomPath(room));
      times.push(await readableAt(page));
      await expect(composer(page)).toBeVisible();
    }
    await page.context().close();
  }
  tell("with an empty cache", first);
  tell("with the files in the cache", again);
});
