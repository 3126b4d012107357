import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import { MenuButton } from "./menu";
import { ClockContext } from "./time";

afterEach(cleanup);

const edit = vi.fn();
const remove = vi.fn();
const clock = new FakeClock();

beforeEach(async () => {
  vi.clearAllMocks();
  render(
    <ClockContext.Provider value={clock}>
      <MenuButton
        label="Actions for olga"
        entries={[
          { label: "Reply", select: vi.fn() },
          { label: "Edit", select: edit },
          { label: "Report", select: vi.fn() },
          "line",
          { label: "Delete", danger: true, select: remove },
        ]}
      />
    </ClockContext.Provider>,
  );
  screen.getByRole("button").focus();
  await userEvent.keyboard("{Enter}");
});

const focused = () => document.activeElement?.textContent;

describe("a menu", () => {
  it("opens with its first item in focus, and says that it is open", () => {
    expect(focused()).toBe("Reply");
    expect(screen.getByRole("button", { name: "Actions for olga" }).getAttribute("aria-expanded")).toBe("true");
  });

  it("goes round by the arrows, and to its ends", async () => {
    await userEvent.keyboard("{ArrowDown}");
    expect(focused()).toBe("Edit");
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    expect(focused()).toBe("Delete");
    await userEvent.keyboard("{ArrowDown}");
    expect(focused()).toBe("Reply");
    await userEvent.keyboard("{End}");
    expect(focused()).toBe("Delete");
    await userEvent.keyboard("{Home}");
    expect(focused()).toBe("Reply");
  });

  it("goes to what is typed; letters soon after one another are one word", async () => {
    await userEvent.keyboard("r");
    expect(focused()).toBe("Report");
    await act(() => clock.pass(1_000));
    await userEvent.keyboard("r");
    expect(focused()).toBe("Reply");
    await userEvent.keyboard("epo");
    expect(focused()).toBe("Report");
  });

  it("does what is chosen, closes, and gives the focus back", async () => {
    await userEvent.keyboard("{ArrowDown}{Enter}");
    expect(edit).toHaveBeenCalledOnce();
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Actions for olga" }));
  });

  it("closes by Escape without doing anything", async () => {
    await userEvent.keyboard("{End}{Escape}");
    expect(remove).not.toHaveBeenCalled();
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Actions for olga" }));
  });
});
