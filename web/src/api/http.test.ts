import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import { list, number } from "./decode";
import { address, makeCall, slowAfterMs, timeoutMs } from "./http";
import type { CallWatcher } from "./http";

const get = { method: "GET", path: "/api/things", read: list(number) } as const;

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

describe("a call", () => {
  let clock: FakeClock;
  const watcher = { unauthenticated: vi.fn(), busy: vi.fn(), slow: vi.fn() } satisfies CallWatcher;
  const fetch = vi.fn<typeof globalThis.fetch>();
  const call: ReturnType<typeof makeCall> = (request) => makeCall(fetch, clock, watcher)(request);

  beforeEach(() => {
    clock = new FakeClock();
    vi.resetAllMocks();
    vi.spyOn(console, "error").mockReturnValue();
  });

  it("answers with the value, and what the list says of itself", async () => {
    fetch.mockResolvedValue(json(200, [1, 2], { "X-Total-Count": "7", Link: '</api/things?offset=2>; rel="next"' }));
    expect(await call(get)).toEqual({ ok: true, value: [1, 2], status: 200, total: 7, goesOn: true });
  });

  it("sends what it is given as JSON, and a write without anything as an empty object", async () => {
    fetch.mockImplementation(() => Promise.resolve(json(200, [])));
    await call({ ...get, method: "POST", body: { text: "ж" }, query: { room: "r", limit: undefined } });
    await call({ ...get, method: "POST" });
    expect(fetch.mock.calls.map(([path, init]) => [path, init?.body])).toEqual([
      ["/api/things?room=r", '{"text":"ж"}'],
      ["/api/things", "{}"],
    ]);
  });

  it("tells a refusal in the server's words", async () => {
    fetch.mockResolvedValue(json(409, { title: "Already exists", description: "A room has this name." }));
    expect(await call(get)).toEqual({
      ok: false,
      refusal: { kind: "refused", status: 409, title: "Already exists", description: "A room has this name.", retryAfter: null },
    });
  });

  it("takes a proxy's page for a refusal without words", async () => {
    fetch.mockResolvedValue(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(await call(get)).toMatchObject({ refusal: { kind: "refused", status: 502, title: "", description: "" } });
  });

  it.each([429, 503])("tells everybody when the server wants patience: %d", async (status) => {
    fetch.mockResolvedValue(json(status, { title: "Overloaded" }, { "Retry-After": "5" }));
    expect(await call(get)).toMatchObject({ refusal: { retryAfter: 5 } });
    expect(watcher.busy).toHaveBeenCalledWith(5);
  });

  it("tells everybody that the session has ended", async () => {
    fetch.mockResolvedValue(json(401, { title: "Not authentificated" }));
    await call(get);
    expect(watcher.unauthenticated).toHaveBeenCalledOnce();
  });

  it("takes no wrong password for the end of a session, nor too many of them for a busy server", async () => {
    fetch.mockResolvedValueOnce(json(401, { title: "Bad login attempt" }));
    fetch.mockResolvedValueOnce(json(429, { title: "Too many requests" }, { "Retry-After": "30" }));
    await call({ ...get, method: "POST", path: "/api/login" });
    expect(await call({ ...get, method: "POST", path: "/api/login" })).toMatchObject({ refusal: { retryAfter: 30 } });
    expect(watcher.unauthenticated).not.toHaveBeenCalled();
    expect(watcher.busy).not.toHaveBeenCalled();
  });

  it("does not reach a server that is down", async () => {
    fetch.mockRejectedValue(new TypeError("Failed to fetch"));
    expect(await call(get)).toEqual({ ok: false, refusal: { kind: "unreachable" } });
  });

  it("does not believe somebody else's answer", async () => {
    fetch.mockResolvedValueOnce(new Response("<h1>Welcome to our hotel</h1>", { status: 200 }));
    fetch.mockResolvedValueOnce(json(200, [1, "two"]));
    expect(await call(get)).toEqual({ ok: false, refusal: { kind: "unreachable" } });
    expect(await call(get)).toEqual({ ok: false, refusal: { kind: "unreachable" } });
  });

  it("gives up on a server that does not answer, having said that it is slow", async () => {
    fetch.mockImplementation(
      (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    );
    const answer = call(get);
    await clock.pass(slowAfterMs - 1);
    expect(watcher.slow).not.toHaveBeenCalled();
    await clock.pass(1);
    expect(watcher.slow.mock.calls).toEqual([[true]]);
    await clock.pass(timeoutMs);
    expect(await answer).toEqual({ ok: false, refusal: { kind: "timed_out" } });
    expect(watcher.slow.mock.calls).toEqual([[true], [false]]);
  });

  it("leaves no timer behind", async () => {
    fetch.mockResolvedValue(json(200, []));
    await call(get);
    expect(clock.waiting()).toEqual([]);
  });
});

describe("an address", () => {
  it("escapes what it is given", () => {
    expect(address("/api/users", { query: "a&b=c #d" })).toBe("/api/users?query=a%26b%3Dc+%23d");
    expect(address("/api/users")).toBe("/api/users");
  });
});
