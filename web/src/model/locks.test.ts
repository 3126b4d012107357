import { describe, expect, it } from "vitest";
import { makeLocks } from "./locks";

/** As much of Web Locks as is used: one holder of a name, others are told at once. */
function webLocks(): LockManager {
  const held = new Set<string>();
  const request = async (name: string, _: LockOptions, work: LockGrantedCallback<unknown>): Promise<unknown> => {
    if (held.has(name)) return work(null);
    held.add(name);
    const result: unknown = await work({ name, mode: "exclusive" });
    held.delete(name);
    return result;
  };
  // @ts-expect-error: the other ways to ask are not used
  return { request, query: () => Promise.resolve({}) };
}

describe("a lock", () => {
  it("is held by one at a time, and free again when let go", async () => {
    const locks = makeLocks(webLocks());
    const letGo = await locks.tryHold("one");
    expect(letGo).not.toBeNull();
    expect(await locks.tryHold("one")).toBeNull();
    expect(await locks.tryHold("two")).not.toBeNull();
    letGo?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(await locks.tryHold("one")).not.toBeNull();
  });

  it("is everybody's where the browser has none", async () => {
    const locks = makeLocks(undefined);
    expect([await locks.tryHold("one"), await locks.tryHold("one")]).not.toContain(null);
  });
});
