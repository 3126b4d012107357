import { cleanup, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { currentPath, go } from "../../../routes";
import { ChatOnPage } from "../../../testing/chat";
import { me } from "../../../testing/server";
import { room } from "../../../testing/shapes";
import { useSignOut } from "./sign_out";

afterEach(cleanup);

function Leave() {
  const { signOut, dialog } = useSignOut();
  return (
    <>
      <button type="button" onClick={signOut}>
        Leave
      </button>
      {dialog}
    </>
  );
}

describe("signing out", () => {
  async function enter() {
    const page = new ChatOnPage({
      logout: () => Promise.resolve({ ok: true, value: "ok", status: 200, total: null, goesOn: false }),
      post: () => new Promise(() => undefined),
    });
    page.server.createRoom(1, [me.id]);
    await page.enter();
    go(`/room/${room(1)}`);
    page.render(<Leave />);
    return page;
  }
  const leave = () => userEvent.click(screen.getByRole("button", { name: "Leave" }));

  it("is done at once where nothing waits, and whoever comes next begins at the beginning", async () => {
    const page = await enter();
    await leave();
    await waitFor(() => expect(page.session.standing.value.kind).toBe("signed_out"));
    expect(currentPath()).toBe("/login");
  });

  it("asks first where a message is not sent yet, and says what becomes of it", async () => {
    const page = await enter();
    await page.services.chat.outbox.add({ room: room(1), text: "on its way", replyTo: null });
    await leave();
    expect(page.session.standing.value.kind).toBe("signed_in");
    expect(screen.getByText(/^1 message is not sent yet. It stays on this device/)).not.toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Stay signed in", hidden: true }));
    expect(screen.queryByText(/not sent yet/)).toBeNull();
    await leave();
    await userEvent.click(screen.getByRole("button", { name: "Sign out", hidden: true }));
    await waitFor(() => expect(page.session.standing.value.kind).toBe("signed_out"));
  });
});
