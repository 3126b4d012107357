import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../../api/http";
import type { MessageId } from "../../../api/shapes";
import { FakeClock } from "../../../testing/fake_clock";
import { refused } from "../../../testing/page";
import { messageId } from "../../../testing/shapes";
import { Toasts } from "../../../ui/toast";
import { Deletions } from "./deletions";

const [one, two] = [messageId(1), messageId(2)];

describe("deleting a message", () => {
  let clock: FakeClock;
  let toasts: Toasts;
  let deletions: Deletions;
  const remove = vi.fn<(id: MessageId) => Promise<Answer<string>>>();

  beforeEach(() => {
    remove.mockReset();
    remove.mockResolvedValue({ ok: true, value: "ok", status: 200, total: null, goesOn: false });
    clock = new FakeClock();
    toasts = new Toasts(clock);
    deletions = new Deletions(remove, toasts);
  });

  it("tells the server when it can no longer be taken back", async () => {
    deletions.begin(one);
    expect(deletions.pending.value.has(one)).toBe(true);
    expect(deletions.undoable.value).toBe(one);
    await clock.pass(5_900);
    expect(remove).not.toHaveBeenCalled();
    await clock.pass(200);
    expect(remove).toHaveBeenCalledExactlyOnceWith(one);
    expect(deletions.undoable.value).toBe(null);
    expect(deletions.pending.value.has(one)).toBe(true);
  });

  it("is forgotten when it is taken back", async () => {
    deletions.begin(one);
    deletions.undo();
    await clock.pass(60_000);
    expect(remove).not.toHaveBeenCalled();
    expect(deletions.pending.value.has(one)).toBe(false);
  });

  it("is done at once when the next one begins, or the page goes", () => {
    deletions.begin(one);
    deletions.begin(two);
    expect(remove).toHaveBeenCalledExactlyOnceWith(one);
    expect(deletions.undoable.value).toBe(two);
    toasts.end();
    expect(remove).toHaveBeenLastCalledWith(two);
  });

  it("brings the message back where the server refuses, and says why", async () => {
    remove.mockResolvedValue({ ok: false, refusal: refused(403, "Permission Denied", "") });
    deletions.begin(one);
    toasts.end();
    await clock.pass(0);
    expect(deletions.pending.value.has(one)).toBe(false);
    expect(toasts.shown.value?.text).toBe("You may not do this.");
  });
});
