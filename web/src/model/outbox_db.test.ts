import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { messageId, room, user } from "../testing/shapes";
import { openOutboxDb } from "./outbox_db";
import type { OutboxRow } from "./outbox_db";

const row: OutboxRow = { nonce: "n1", user: user(1), room: room(1), text: "привет", replyTo: messageId(7), created: 5 };

describe("the outbox's database", () => {
  let factory: IDBFactory;
  beforeEach(() => {
    factory = new IDBFactory();
  });

  it("keeps what is written over a reload, in the order of writing", async () => {
    await openOutboxDb(() => factory).put({ ...row, nonce: "later", created: 6 });
    await openOutboxDb(() => factory).put(row);
    const again = openOutboxDb(() => factory);
    expect((await again.rowsOf(user(1))).map((each) => each.nonce)).toEqual(["n1", "later"]);
    expect((await again.rowsOf(user(1)))[0]).toEqual(row);
  });

  it("forgets what was removed", async () => {
    const store = openOutboxDb(() => factory);
    await store.put(row);
    expect(await store.has("n1")).toBe(true);
    await store.remove("n1");
    expect(await store.has("n1")).toBe(false);
    expect(await store.rowsOf(user(1))).toEqual([]);
  });

  it("shows nobody what another user of this browser has written", async () => {
    const store = openOutboxDb(() => factory);
    await store.put(row);
    expect(await store.rowsOf(user(2))).toEqual([]);
  });

  it("reads over rows of another version of the client", async () => {
    const store = openOutboxDb(() => factory);
    const strange = { ...row, nonce: "n2", room: undefined };
    // @ts-expect-error: such a row cannot be made by this version
    await store.put(strange);
    for (const created of [NaN, Infinity, 1e300]) await store.put({ ...row, nonce: `n${created}`, created });
    await store.put(row);
    expect((await store.rowsOf(user(1))).map((each) => each.nonce)).toEqual(["n1"]);
  });

  it("says so where the browser has no database", async () => {
    const closed = new IDBFactory();
    closed.open = () => {
      throw new DOMException("denied", "SecurityError");
    };
    await expect(openOutboxDb(() => closed).put(row)).rejects.toThrow("denied");
    const hidden = () => {
      throw new DOMException("not even there", "SecurityError");
    };
    await expect(openOutboxDb(hidden).put(row)).rejects.toThrow("not even there");
  });
});
