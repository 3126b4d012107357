import { cleanup, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { route } from "../../routes";
import { accountJson, refused, renderPage } from "../../testing/page";
import { dateJson, oid, room } from "../../testing/shapes";
import { SetUp } from "./set_up";

afterEach(cleanup);

const roomJson = {
  _id: oid(room(1)),
  kind: "room",
  name: "general",
  topic: "",
  is_open: true,
  is_visible: true,
  mention_all_by: "members",
  created: dateJson(0),
  members: [],
  members_total: 1,
  last_seq: 1,
};
const badUsername = { refusal: refused(400, "Bad username", "A username has 1 to 120 characters.") };
const isNamed = (body: unknown) => JSON.stringify(body).includes('"username":"olga"');

/** As the server does: a good code with an account that is none is a bad username. */
const setUp = (body: unknown) => (isNamed(body) ? { json: { status: "ok", user: accountJson() } } : badUsername);

async function fillIn() {
  await userEvent.type(screen.getByLabelText("Username"), "olga");
  await userEvent.type(screen.getByLabelText("E-mail"), "olga@halden.example");
  await userEvent.type(screen.getByLabelText("Password"), "a long sentence");
  await userEvent.type(screen.getByLabelText("Name"), "Halden Maps");
  await userEvent.click(screen.getByRole("button", { name: "Start makechat" }));
}

describe("the set-up link", () => {
  it.each([
    ["This server has been set up already.", "This link has been used. Sign in instead."],
    ["This set-up code is not the one that the server has printed.", "This link is not the one that the server has printed. Copy the whole of it."],
  ])("says at once when it does not fit: %s", async (description, words) => {
    renderPage(<SetUp code="abc" />, { "POST /api/setup": () => ({ refusal: refused(404, "Not Found", description) }) });
    expect(await screen.findByText(words)).toBeDefined();
    expect(screen.queryByLabelText("Username")).toBeNull();
  });

  it("makes the admin and the room, and goes straight into it", async () => {
    const { session } = renderPage(<SetUp code="abc" />, {
      "POST /api/setup": setUp,
      "POST /api/rooms": () => ({ json: roomJson }),
      "GET /api/users/me": () => ({ json: accountJson() }),
    });
    await fillIn();
    await expect.poll(() => route.value).toEqual({ page: "room", room: room(1) });
    expect(session.standing.value.kind).toBe("signed_in");
  });

  it("tries only the room again when the room failed, for the link works once", async () => {
    let isRoomRefused = true;
    const { sent } = renderPage(<SetUp code="abc" />, {
      "POST /api/setup": setUp,
      "POST /api/rooms": () => (isRoomRefused ? { refusal: { kind: "unreachable" } } : { json: roomJson }),
      "GET /api/users/me": () => ({ json: accountJson() }),
    });
    await fillIn();
    expect((await screen.findByRole("alert")).textContent).toMatch(/^The account is made, the room is not\./);
    isRoomRefused = false;
    const before = sent().filter((name) => name === "POST /api/setup").length;
    await userEvent.click(screen.getByRole("button", { name: "Start makechat" }));
    await expect.poll(() => sent().filter((name) => name === "POST /api/rooms").length).toBe(2);
    expect(sent().filter((name) => name === "POST /api/setup").length).toBe(before);
  });
});
