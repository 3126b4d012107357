import { cleanup, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { useState } from "preact/hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Button } from "./button";
import { Dialog } from "./dialog";

afterEach(cleanup);

function Page({ keepsOpener = true }: { readonly keepsOpener?: boolean }) {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  return (
    <main tabIndex={-1}>
      {(keepsOpener || !done) && <Button onClick={() => setOpen(true)}>Delete…</Button>}
      {open && (
        <Dialog
          title="Delete #tiles?"
          onClose={() => setOpen(false)}
          onSubmit={() => {
            setDone(true);
            setOpen(false);
          }}
          actions={<Button type="submit">Delete</Button>}
        >
          <p>It cannot be undone.</p>
        </Dialog>
      )}
      {done && <p>Deleted</p>}
    </main>
  );
}

it("a dialog that may not be left stays, whatever the browser does", async () => {
  const leave = vi.fn();
  render(
    <Dialog title="Please sign in again" onClose={leave} actions={null}>
      <p>Your session has ended.</p>
    </Dialog>,
  );
  const dialog = screen.getByRole<HTMLDialogElement>("dialog");
  dialog.close();
  await expect.poll(() => dialog.open).toBe(true);
  expect(leave).toHaveBeenCalled();
});

describe("a dialog", () => {
  it("is named by its question", async () => {
    render(<Page />);
    await userEvent.click(screen.getByRole("button", { name: "Delete…" }));
    expect(screen.getByRole("dialog", { name: "Delete #tiles?" })).toBeDefined();
  });

  it("gives the focus back to what opened it", async () => {
    render(<Page />);
    await userEvent.click(screen.getByRole("button", { name: "Delete…" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete" }));
    expect(screen.getByText("Deleted")).toBeDefined();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Delete…" }));
  });

  it("gives the focus to the page when what opened it has gone", async () => {
    render(<Page keepsOpener={false} />);
    await userEvent.click(screen.getByRole("button", { name: "Delete…" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete" }));
    expect(document.activeElement).toBe(screen.getByRole("main"));
  });

  it("closes when the browser asks it to, as for Escape", async () => {
    render(<Page />);
    await userEvent.click(screen.getByRole("button", { name: "Delete…" }));
    screen.getByRole("dialog").dispatchEvent(new Event("cancel", { cancelable: true }));
    await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  });
});
