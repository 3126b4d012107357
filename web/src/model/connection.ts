/** What stands between us and the server, in one word for the connection line. */
import type { LiveStatus } from "../api/live";
import type { Millis } from "../api/shapes";

export type Connection =
  | { readonly kind: "up" }
  | { readonly kind: "down" }
  | { readonly kind: "slow" }
  /** The server has asked for patience until then. */
  | { readonly kind: "busy"; readonly until: Millis };

/** `isSlow`, `busyUntil`: what the calls over HTTP have met with. */
export function connectionOf(status: LiveStatus, isSlow: boolean, busyUntil: Millis, now: Millis): Connection {
  const until = Math.max(busyUntil, status.kind === "waiting" ? (status.busyUntil ?? 0) : 0);
  if (until > now) return { kind: "busy", until };
  if (status.kind === "connecting" || status.kind === "waiting") return { kind: "down" };
  return { kind: isSlow ? "slow" : "up" };
}
