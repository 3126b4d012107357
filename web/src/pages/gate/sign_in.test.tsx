import { cleanup, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { accountJson, refused, renderPage } from "../../testing/page";
import { SignIn } from "./sign_in";

afterEach(cleanup);

const password = () => screen.getByLabelText<HTMLInputElement>("Password");

async function signIn(answer: Parameters<typeof renderPage>[1][string]) {
  const page = renderPage(<SignIn />, { "POST /api/login": answer });
  await userEvent.type(screen.getByLabelText("Username"), "olga");
  await userEvent.type(password(), "correct-horse{Enter}");
  return page;
}

describe("signing in", () => {
  it("begins the session", async () => {
    const { session, bodyOf } = await signIn(() => ({ json: { status: "ok", user: accountJson() } }));
    expect(bodyOf("POST /api/login")).toEqual({ username: "olga", password: "correct-horse" });
    expect(session.standing.value).toMatchObject({ kind: "signed_in", account: { username: "olga" }, expired: false });
  });

  it.each([
    [refused(401, "Bad login attempt", "Invalid username or password."), "Wrong username or password."],
    [refused(403, "Permission Denied", "This account is disabled."), "This account is disabled. Ask an administrator."],
    [refused(429, "Too many requests", "", 42), "Too many attempts. Try again in 42 s."],
    [{ kind: "unreachable" } as const, "The server did not answer. Check the connection and try again."],
  ])("that was refused says why and keeps what was typed", async (refusal, words) => {
    const { session } = await signIn(() => ({ refusal }));
    expect(screen.getByRole("alert").textContent).toBe(words);
    expect(password().value).toBe("correct-horse");
    expect(session.standing.value.kind).not.toBe("signed_in");
  });

  it("puts the focus on what is wrong, and takes the word back when it is changed", async () => {
    await signIn(() => ({ refusal: refused(401, "Bad login attempt", "Invalid username or password.") }));
    expect(document.activeElement).toBe(password());
    await userEvent.type(password(), "x");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("sends nothing while something is missing", async () => {
    const { sent } = renderPage(<SignIn />, {});
    await userEvent.type(screen.getByLabelText("Username"), "olga{Enter}");
    expect(screen.getByRole("alert").textContent).toBe("Enter a password.");
    expect(document.activeElement).toBe(password());
    expect(sent()).toEqual([]);
  });
});

it("a password is shown and hidden again", async () => {
  renderPage(<SignIn />, {});
  await userEvent.click(screen.getByRole("button", { name: "Show password" }));
  expect(password().type).toBe("text");
  await userEvent.click(screen.getByRole("button", { name: "Hide password" }));
  expect(password().type).toBe("password");
});
