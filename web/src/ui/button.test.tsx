import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import { Button } from "./button";
import { ClockContext } from "./time";

afterEach(cleanup);

describe("a button that cannot be pressed now", () => {
  it("keeps the focus, says why, and does nothing", async () => {
    const press = vi.fn();
    render(
      <Button disabledWhy="Type the name first." onClick={press}>
        Delete
      </Button>,
    );
    const button = screen.getByRole("button", { name: "Delete" });
    await userEvent.tab();
    expect(document.activeElement).toBe(button);
    expect(document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
      "Type the name first.",
    );
    await userEvent.keyboard("{Enter}");
    expect(press).not.toHaveBeenCalled();
  });

  it("does not send its form either, by Enter in a field", async () => {
    const submit = vi.fn((event: Event) => event.preventDefault());
    render(
      <form onSubmit={submit}>
        <input aria-label="Name" />
        <Button type="submit" disabledWhy="Not yet.">
          Save
        </Button>
      </form>,
    );
    await userEvent.type(screen.getByLabelText("Name"), "x{Enter}");
    expect(submit).not.toHaveBeenCalled();
  });
});

describe("a busy button", () => {
  it("changes its words only when it takes longer than a moment, and cannot be pressed twice", async () => {
    const clock = new FakeClock();
    const press = vi.fn();
    const button = (busy: boolean) => (
      <ClockContext.Provider value={clock}>
        <Button busy={busy} busyLabel="Saving…" onClick={press}>
          Save
        </Button>
      </ClockContext.Provider>
    );
    const { rerender } = render(button(true));
    await act(() => clock.pass(299));
    expect(screen.getByRole("button").textContent).toBe("Save");
    await act(() => clock.pass(1));
    expect(screen.getByRole("button").textContent).toBe("Saving…");
    await userEvent.click(screen.getByRole("button"));
    expect(press).not.toHaveBeenCalled();
    rerender(button(false));
    expect(screen.getByRole("button").textContent).toBe("Save");
  });
});
