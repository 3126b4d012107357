import { describe, expect, it } from "vitest";
import { makeCalls } from "./api/calls";
import type { Refusal } from "./api/http";
import { account } from "./api/shapes";
import { Session } from "./session";
import { accountJson, refused } from "./testing/page";

const answering = (refusal: Refusal) => new Session(makeCalls(() => Promise.resolve({ ok: false, refusal })));
const olga = account(accountJson());

describe("a session", () => {
  it("is none when the server does not know us", async () => {
    const session = answering(refused(401, "Not authentificated", ""));
    await session.ask();
    expect(session.standing.value).toEqual({ kind: "signed_out" });
  });

  it("is not known when nobody answers: nobody is signed out by a bad network", async () => {
    const session = answering({ kind: "unreachable" });
    await session.ask();
    expect(session.standing.value.kind).toBe("no_answer");
  });

  it("that ends keeps the account, for the page to stay as it is until the password comes", () => {
    const session = answering({ kind: "unreachable" });
    session.begin(olga);
    session.expire();
    expect(session.standing.value).toEqual({ kind: "signed_in", account: olga, expired: true });
    session.begin(olga);
    expect(session.standing.value).toEqual({ kind: "signed_in", account: olga, expired: false });
  });

  it("does not expire before it began: the first page is the sign-in", () => {
    const session = answering({ kind: "unreachable" });
    session.expire();
    expect(session.standing.value.kind).toBe("asking");
  });

  it("takes an account that was changed elsewhere, and still waits for the password", () => {
    const session = answering({ kind: "unreachable" });
    session.change(olga);
    expect(session.standing.value.kind).toBe("asking");
    session.begin(olga);
    session.expire();
    const renamed = { ...olga, displayName: "Olga S." };
    session.change(renamed);
    expect(session.standing.value).toEqual({ kind: "signed_in", account: renamed, expired: true });
  });

  it("ends here when another tab signs somebody else in, or us out, for all tabs have one cookie", () => {
    const session = answering({ kind: "unreachable" });
    expect(session.takeFromOtherTab("account", "somebody")).toBe(false);
    session.begin(olga);
    expect(session.takeFromOtherTab("theme", "dark")).toBe(false);
    expect(session.takeFromOtherTab("account", localStorage.getItem("account"))).toBe(false);
    expect(session.standing.value).toMatchObject({ kind: "signed_in", expired: false });
    expect(session.takeFromOtherTab("account", "somebody")).toBe(true);
    expect(session.standing.value).toMatchObject({ kind: "signed_in", expired: true });
    session.begin(olga);
    expect(session.takeFromOtherTab("account", null)).toBe(true);
  });

  it("stays when signing out was refused", async () => {
    const session = answering({ kind: "unreachable" });
    session.begin(olga);
    expect(await session.signOut()).toEqual({ kind: "unreachable" });
    expect(session.standing.value.kind).toBe("signed_in");
  });
});
