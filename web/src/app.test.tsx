import { screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { App } from "./app";
import { go } from "./routes";
import { refused, renderPage } from "./testing/page";

const signedOut = { "GET /api/users/me": () => ({ refusal: refused(401, "Not authentificated", "") }) };

it("who is led to the sign-in, or on to the sign-up, begins in its first field", async () => {
  go("/settings");
  const { session } = renderPage(<App />, signedOut);
  await session.ask();
  const username = await screen.findByLabelText("Username");
  expect(location.pathname).toBe("/login");
  await waitFor(() => expect(document.activeElement).toBe(username));
  await userEvent.click(document.body);
  go("/register");
  await screen.findByRole("heading", { name: "Create an account" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Username")));
});
