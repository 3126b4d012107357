/** Several tabs of one browser, which have one session, one storage and one person before them. */
import { composer, log, messageOf, roomPath, rowOf, say, title } from "./harness/chat";
import { expect, test } from "./harness/test";

test("who signs in in one tab is signed in in all: nobody writes in another's name, and each finds his own drafts", async ({ admin, person, open }) => {
  const [priya, jonas] = [await person("priya"), await person("jonas")];
  const room = await admin.createRoom("general");
  for (const each of [priya, jonas]) await each.join(room);
  const page = await open(priya, roomPath(room));
  await composer(page).fill("Priya's own thought");
  const other = await page.context().newPage();
  await other.goto(roomPath(room));
  await expect(composer(other)).toHaveValue("Priya's own thought");
  await other.getByRole("button", { name: "Halden Maps" }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();

  // Nothing of hers is left in sight.
  await expect(page.getByLabel("Username")).toBeVisible();
  await expect(log(page)).toHaveCount(0);

  await other.getByLabel("Username").fill("jonas");
  await other.getByLabel("Password", { exact: true }).fill(jonas.password);
  await other.keyboard.press("Enter");
  await expect(rowOf(other, "general")).toBeVisible();
  await page.goto(roomPath(room));
  await expect(composer(page)).toHaveValue("");

  // A session of a third one, and the tab that has not been looked at since says who he is.
  await say(other, "Written by jonas");
  await other.evaluate(async ([username, password]) => {
    await fetch("/api/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    await fetch("/api/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username, password }) });
  }, [priya.name, priya.password] as const);
  await other.reload();
  await expect(composer(other)).toHaveValue("Priya's own thought");
  await expect(composer(page)).toHaveValue("Priya's own thought");
  await composer(page).press("Enter");
  await expect(messageOf(other, "Priya's own thought").getByRole("button", { name: "priya" })).toBeVisible();
  const messages = await admin.messages(room);
  expect(messages.map(({ text }) => text)).toEqual(["Written by jonas", "Priya's own thought"]);
});

test("going from room to room leaves nothing of them behind", async ({ admin, open }) => {
  // Enough of them that rows of the list stay as they are at a step.
  const names = ["design", "general", "incidents", "routing-engine", "tiles"];
  const rooms: string[] = [];
  for (const name of names) rooms.push(await admin.createRoom(name));
  for (const room of rooms) for (let no = 0; no < 5; ++no) await admin.post(room, `Number ${no}`);
  const page = await open(admin, roomPath(rooms[0] ?? ""));
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const nodes = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "Nodes")?.value ?? NaN;
  };
  const goAround = async () => {
    for (const name of names) {
      // As by a key: neither mouse nor focus is at the list, and only the two rows concerned are drawn again.
      await rowOf(page, name).dispatchEvent("click", { button: 0 });
      await expect(title(page)).toContainText(name);
      await expect(messageOf(page, "Number 4")).toBeVisible();
    }
  };
  await goAround();
  const before = await nodes();
  for (let round = 0; round < 4; ++round) await goAround();
  expect((await nodes()) / before).toBeLessThan(2);
});
