import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setLanguage } from "../../../../i18n/catalogue";
import { EmojiPicker } from "./emoji_picker";
import { emojiSet, findEmoji } from "./emoji_set";

describe("the emoji picker", () => {
  const taken = vi.fn<(sign: string) => void>();
  const closed = vi.fn<() => void>();
  const anchor = document.createElement("button");

  beforeEach(async () => {
    taken.mockReset();
    closed.mockReset();
    document.body.append(anchor);
    await setLanguage("en");
  });
  afterEach(async () => {
    cleanup();
    await setLanguage(undefined);
  });

  const open = async () => {
    render(<EmojiPicker anchor={anchor} onTake={taken} onClose={closed} onFail={() => undefined} />);
    return screen.findByRole<HTMLInputElement>("combobox");
  };
  const active = (search: HTMLElement) =>
    document.getElementById(search.getAttribute("aria-activedescendant") ?? "")?.getAttribute("aria-label");

  it("shows them in groups; the arrows go through the rows, Enter takes", async () => {
    const search = await open();
    expect(document.activeElement).toBe(search);
    expect(screen.getAllByRole("rowgroup").map((group) => group.getAttribute("aria-label"))).toContain("Food and drink");
    expect(active(search)).toBe("grinning face");
    const first = screen.getAllByRole("row").slice(0, 2).map((row) => within(row).getAllByRole("gridcell"));
    await userEvent.keyboard("{ArrowRight}");
    expect(active(search)).toBe(first[0]?.[1]?.getAttribute("aria-label"));
    await userEvent.keyboard("{ArrowDown}{ArrowLeft}");
    expect(active(search)).toBe(first[1]?.[0]?.getAttribute("aria-label"));
    await userEvent.keyboard("{ArrowLeft}");
    expect(active(search), "the end of the row before").toBe(first[0]?.at(-1)?.getAttribute("aria-label"));
    await userEvent.keyboard("{ArrowUp}{ArrowUp}{ArrowLeft}{Enter}");
    expect(taken).toHaveBeenCalledExactlyOnceWith(first[0]?.[6]?.textContent);
  });

  it("finds by words and codes, and says when there is none", async () => {
    const search = await open();
    await userEvent.type(search, "party pop");
    await waitFor(() => expect(active(search)).toBe("party popper"));
    await userEvent.keyboard("{Enter}");
    expect(taken).toHaveBeenCalledExactlyOnceWith("🎉");
    await userEvent.clear(search);
    await userEvent.type(search, ":+1:");
    await waitFor(() => expect(active(search)).toBe("thumbs up"));
    await userEvent.clear(search);
    await userEvent.type(search, "quux");
    expect(await screen.findByText("No emoji called “quux”.")).toBeTruthy();
  });

  it("begins with those that were taken last", async () => {
    await open();
    fireEvent.click(screen.getByLabelText("grapes"));
    cleanup();
    const search = await open();
    expect(active(search)).toBe("grapes");
    expect(screen.getAllByRole("rowgroup")[0]?.getAttribute("aria-label")).toBe("Recent");
  });

  it("leads to a group by its button", async () => {
    const search = await open();
    await userEvent.click(screen.getByRole("button", { name: "Food and drink" }));
    expect(active(search)).toBe("grapes");
  });

  it("closes on Escape and on a press elsewhere", async () => {
    const search = await open();
    fireEvent.pointerDown(search);
    expect(closed).not.toHaveBeenCalled();
    fireEvent.pointerDown(document.body);
    expect(closed).toHaveBeenCalledOnce();
    await userEvent.keyboard("{Escape}");
    expect(closed).toHaveBeenCalledTimes(2);
    expect(document.activeElement).toBe(anchor);
  });

  it("speaks the person's language, and understands English too", async () => {
    await setLanguage("ru");
    await open();
    expect(screen.getByLabelText("Еда и напитки", { selector: "button" })).toBeTruthy();
    expect(screen.getAllByLabelText("виноград")[0]?.textContent).toBe("🍇");
    const set = await emojiSet("ru");
    for (const query of ["лайк", "thumb", "+1"]) expect(findEmoji(set, query, 8).map(({ sign }) => sign), query).toContain("👍");
  });
});
