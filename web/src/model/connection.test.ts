import { describe, expect, it } from "vitest";
import type { LiveStatus } from "../api/live";
import { connectionOf } from "./connection";

const live: LiveStatus = { kind: "live" };
const waiting: LiveStatus = { kind: "waiting", busyUntil: null };

describe("the connection", () => {
  it.each([
    ["is up", live, false, 0, { kind: "up" }],
    ["is slow", live, true, 0, { kind: "slow" }],
    ["is down while it comes back", waiting, true, 0, { kind: "down" }],
    ["is down until the first hello", { kind: "connecting" }, false, 0, { kind: "down" }],
    ["asks for patience by a call", live, true, 200, { kind: "busy", until: 200 }],
    ["asks for patience before it lets one in", { kind: "waiting", busyUntil: 300 }, false, 0, { kind: "busy", until: 300 }],
    ["has asked for patience long ago", waiting, false, 50, { kind: "down" }],
    ["is nobody's concern once the session has ended: a dialog says so", { kind: "signed_out" }, false, 0, { kind: "up" }],
  ] as const)("%s", (_, status, isSlow, busyUntil, wanted) => expect(connectionOf(status, isSlow, busyUntil, 100)).toEqual(wanted));
});
