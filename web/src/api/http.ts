/** One call of the API over HTTP. It never throws: what did not succeed is a value, too. */
import type { Clock } from "./clock";
import { Misshapen, object, optional, text } from "./decode";
import type { Reader } from "./decode";

export interface Request<T> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly read: Reader<T>;
}

/** Why a call did not succeed. */
export type Refusal =
  | {
      readonly kind: "refused";
      readonly status: number;
      /** One of api.md's closed list, or empty where something before the server answered. */
      readonly title: string;
      /** For people, in English. */
      readonly description: string;
      /** In seconds, where the server says when to try again. */
      readonly retryAfter: number | null;
    }
  /** Nobody answered, or somebody who is not makechat (a hotel's login page). */
  | { readonly kind: "unreachable" }
  | { readonly kind: "timed_out" };

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
  /** 200 or 201. */
  readonly status: number;
  /** How many there are in all, where a list's server counts them. */
  readonly total: number | null;
  /** Whether a list goes on behind this page. */
  readonly goesOn: boolean;
}

export type Answer<T> = Success<T> | { readonly ok: false; readonly refusal: Refusal };

export type Call = <T>(request: Request<T>) => Promise<Answer<T>>;

/** Told of everything that concerns more than the one who called. */
export interface CallWatcher {
  /** 401 to anything but a login: the session has ended. */
  unauthenticated(): void;
  /** 429 or 503: the server asks for patience, in seconds. */
  busy(retryAfter: number): void;
  /** Whether a call waits for its answer longer than slowAfterMs. */
  slow(isSlow: boolean): void;
}

export const slowAfterMs = 3_000;
export const timeoutMs = 20_000;

const errorBody = object((get) => ({
  title: get("title", optional(text, "")),
  description: get("description", optional(text, "")),
}));

async function refusalOf(response: Response): Promise<Refusal> {
  let body = { title: "", description: "" };
  try {
    body = errorBody(await response.json());
  } catch {
    // A proxy's page says nothing that could be shown.
  }
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return {
    kind: "refused",
    status: response.status,
    ...body,
    retryAfter: Number.isNaN(retryAfter) ? null : retryAfter,
  };
}

async function answerOf<T>(response: Response, read: Reader<T>): Promise<Answer<T>> {
  if (!response.ok) return { ok: false, refusal: await refusalOf(response) };
  const total = response.headers.get("X-Total-Count");
  return {
    ok: true,
    value: read(await response.json()),
    status: response.status,
    total: total === null ? null : Number.parseInt(total, 10),
    goesOn: response.headers.get("Link")?.includes('rel="next"') ?? false,
  };
}

/** `/api/messages?room=…`: what is undefined is left out. */
export function address(path: string, query: Request<unknown>["query"] = {}): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function initOf(request: Request<unknown>, signal: AbortSignal): RequestInit {
  const headers = { Accept: "application/json" };
  const init: RequestInit = { method: request.method, credentials: "same-origin", cache: "no-store", headers, signal };
  if (request.method === "GET") return init;
  // A message deleted a moment ago is deleted, though the page goes: it waited for the toast that could undo it.
  if (request.method === "DELETE") return { ...init, keepalive: true };
  // Also where there is nothing to say: such a request must have the media type.
  return {
    ...init,
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(request.body ?? {}),
  };
}

/** Calls that wait longer than people do without asking themselves what is wrong. */
class SlowCalls {
  private slow = 0;
  constructor(
    private readonly clock: Clock,
    private readonly watcher: CallWatcher,
  ) {}

  /** Begins to count a call; the returned function ends it. */
  begin(): () => void {
    let isSlow = false;
    const callOff = this.clock.after(slowAfterMs, () => {
      isSlow = true;
      if (++this.slow === 1) this.watcher.slow(true);
    });
    return () => {
      callOff();
      if (isSlow && --this.slow === 0) this.watcher.slow(false);
    };
  }
}

function tellWatcher(refusal: Refusal, path: string, watcher: CallWatcher): void {
  if (refusal.kind !== "refused") return;
  // A wrong password, too, is answered with 401.
  if (refusal.status === 401 && path !== "/api/login") watcher.unauthenticated();
  if ((refusal.status === 429 || refusal.status === 503) && path !== "/api/login") watcher.busy(refusal.retryAfter ?? 1);
}

export function makeCall(fetch: typeof globalThis.fetch, clock: Clock, watcher: CallWatcher): Call {
  const slowCalls = new SlowCalls(clock, watcher);
  return async (request) => {
    const abort = new AbortController();
    const callOff = clock.after(timeoutMs, () => abort.abort());
    const end = slowCalls.begin();
    try {
      const response = await fetch(address(request.path, request.query), initOf(request, abort.signal));
      const answer = await answerOf(response, request.read);
      if (!answer.ok) tellWatcher(answer.refusal, request.path, watcher);
      return answer;
    } catch (problem) {
      // For whoever changes the server and the client apart; people see that nothing came.
      if (problem instanceof Misshapen) console.error(`${request.method} ${request.path}: ${problem.message}`);
      return { ok: false, refusal: { kind: abort.signal.aborted ? "timed_out" : "unreachable" } };
    } finally {
      callOff();
      end();
    }
  };
}
