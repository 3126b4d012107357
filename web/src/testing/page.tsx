import { render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { AppContext } from "../app_context";
import { makeCalls } from "../api/calls";
import type { Call, Refusal, Request } from "../api/http";
import { Health } from "../health";
import { Session } from "../session";
import { dateJson, oid, user } from "./shapes";

export const accountJson = (changes: Readonly<Record<string, unknown>> = {}) => ({
  _id: oid(user(1)),
  username: "olga",
  email: "olga@halden.example",
  display_name: "Olga Sokolova",
  avatar: "",
  settings: {},
  is_superuser: true,
  is_disabled: false,
  bot: false,
  created: dateJson(0),
  ...changes,
});

export const refused = (status: number, title: string, description: string, retryAfter: number | null = null): Refusal => ({
  kind: "refused",
  status,
  title,
  description,
  retryAfter,
});

/** What a server says to one call: JSON, or a refusal. */
type Reply = { readonly json: unknown } | { readonly refusal: Refusal };

/** Renders a page before a server that answers by `answers["POST /api/login"]`; what it is not told, it does not answer. */
export function renderPage(page: ComponentChild, answers: Readonly<Record<string, (body: unknown) => Reply>>) {
  const requests: Request<unknown>[] = [];
  const call: Call = (request) => {
    requests.push(request);
    const reply = answers[`${request.method} ${request.path}`]?.(request.body) ?? {
      refusal: { kind: "unreachable" as const },
    };
    return Promise.resolve(
      "json" in reply
        ? { ok: true, value: request.read(reply.json), status: 200, total: null, goesOn: false }
        : { ok: false, refusal: reply.refusal },
    );
  };
  const calls = makeCalls(call);
  const session = new Session(calls);
  render(<AppContext.Provider value={{ calls, session, health: new Health() }}>{page}</AppContext.Provider>);
  return {
    session,
    /** What was sent, as "POST /api/login". */
    sent: () => requests.map(({ method, path }) => `${method} ${path}`),
    bodyOf: (name: string) => requests.find(({ method, path }) => `${method} ${path}` === name)?.body,
  };
}
