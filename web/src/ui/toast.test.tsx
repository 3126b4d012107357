import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import { ToastRegion, Toasts } from "./toast";

afterEach(cleanup);

let clock: FakeClock;
let toasts: Toasts;
const deletion = { undo: vi.fn(), commit: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  clock = new FakeClock();
  toasts = new Toasts(clock);
  render(<ToastRegion of={toasts} />);
});

const show = (text: string, undoable?: typeof deletion) => act(() => toasts.show(text, undoable));
const shown = () => screen.getByRole("status", { hidden: true }).textContent;

describe("a toast", () => {
  it("stands for six seconds", async () => {
    await show("Copied");
    await act(() => clock.pass(5_999));
    expect(shown()).toBe("Copied");
    await act(() => clock.pass(1));
    expect(shown()).toBe("");
  });

  it("gives way to the next", async () => {
    await show("Copied");
    await act(() => clock.pass(5_000));
    await show("Saved");
    await act(() => clock.pass(5_000));
    expect(shown()).toBe("Saved");
  });

  it("stays while the pointer or the focus is on it, then has its time again", async () => {
    await show("Message deleted", deletion);
    await act(() => screen.getByRole("button", { name: "Undo", hidden: true }).focus());
    await act(() => clock.pass(60_000));
    expect(shown()).toContain("Message deleted");
    await act(() => screen.getByRole("button", { name: "Undo", hidden: true }).blur());
    await act(() => clock.pass(6_000));
    expect(shown()).toBe("");
  });
});

describe("a toast with Undo", () => {
  it("does it in earnest only when its time is over", async () => {
    await show("Message deleted", deletion);
    expect(deletion.commit).not.toHaveBeenCalled();
    await act(() => clock.pass(6_000));
    expect(deletion.commit).toHaveBeenCalledOnce();
    expect(deletion.undo).not.toHaveBeenCalled();
  });

  it("does not do it at all after Undo", async () => {
    await show("Message deleted", deletion);
    await userEvent.click(screen.getByRole("button", { name: "Undo", hidden: true }));
    await act(() => clock.pass(60_000));
    expect(deletion.undo).toHaveBeenCalledOnce();
    expect(deletion.commit).not.toHaveBeenCalled();
  });

  it("does it at once when another toast comes, or the page goes", async () => {
    await show("Message deleted", deletion);
    await show("Copied");
    expect(deletion.commit).toHaveBeenCalledOnce();
    await show("Message deleted", deletion);
    await act(() => toasts.end());
    expect(deletion.commit).toHaveBeenCalledTimes(2);
  });
});
