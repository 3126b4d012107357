import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useListbox } from "./listbox";

afterEach(cleanup);

const choose = vi.fn();

function Rooms({ names }: { readonly names: readonly string[] }) {
  const box = useListbox({ count: names.length, onChoose: choose });
  return (
    <>
      <input type="text" list={undefined} aria-label="Room" {...box.input} />
      <ul {...box.list} aria-label="Rooms">
        {names.map((name, index) => (
          <li key={name} {...box.option(index)}>
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

beforeEach(() => vi.clearAllMocks());

const active = () =>
  document.getElementById(screen.getByRole("combobox").getAttribute("aria-activedescendant") ?? "")?.textContent;

describe("a field with proposals", () => {
  it("keeps the focus and names the active proposal, round by the arrows", async () => {
    render(<Rooms names={["design", "incidents", "tiles"]} />);
    await userEvent.click(screen.getByRole("combobox"));
    expect(active()).toBe("design");
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    expect(active()).toBe("tiles");
    await userEvent.keyboard("{ArrowDown}");
    expect(active()).toBe("design");
    await userEvent.keyboard("{ArrowUp}");
    expect(active()).toBe("tiles");
    expect(document.activeElement).toBe(screen.getByRole("combobox"));
    expect(screen.getByRole("option", { name: "tiles" }).getAttribute("aria-selected")).toBe("true");
  });

  it("chooses by Enter and by a press", async () => {
    render(<Rooms names={["design", "incidents"]} />);
    await userEvent.click(screen.getByRole("combobox"));
    await userEvent.keyboard("{ArrowDown}{Enter}");
    expect(choose).toHaveBeenLastCalledWith(1);
    await userEvent.click(screen.getByRole("option", { name: "design" }));
    expect(choose).toHaveBeenLastCalledWith(0);
  });

  it("has nothing active and chooses nothing when nothing is found", async () => {
    render(<Rooms names={[]} />);
    await userEvent.click(screen.getByRole("combobox"));
    await userEvent.keyboard("{ArrowDown}{Enter}");
    expect(choose).not.toHaveBeenCalled();
    expect(screen.getByRole("combobox").getAttribute("aria-expanded")).toBe("false");
  });

  it("falls back to the last proposal when the list becomes shorter", async () => {
    const { rerender } = render(<Rooms names={["design", "incidents", "tiles"]} />);
    await userEvent.click(screen.getByRole("combobox"));
    await userEvent.keyboard("{ArrowUp}");
    rerender(<Rooms names={["design"]} />);
    expect(active()).toBe("design");
  });
});
