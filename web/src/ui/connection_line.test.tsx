import { cleanup, render, screen } from "@testing-library/preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../testing/fake_clock";
import type { Connection } from "./connection_line";
import { ConnectionLine } from "./connection_line";
import { ClockContext } from "./time";

afterEach(cleanup);

function lineWith(first: Connection) {
  const clock = new FakeClock();
  const line = (connection: Connection) => (
    <ClockContext.Provider value={clock}>
      <ConnectionLine connection={connection} onRetry={vi.fn()} />
    </ClockContext.Provider>
  );
  const { rerender } = render(line(first));
  return {
    clock,
    become: (connection: Connection) => rerender(line(connection)),
    pass: (ms: number) => act(() => clock.pass(ms)),
    text: () => screen.getByRole("status").textContent,
  };
}

describe("the connection line", () => {
  it("says nothing of a break shorter than two seconds, nor of its end", async () => {
    const line = lineWith({ kind: "down" });
    await line.pass(1_999);
    expect(line.text()).toBe("");
    line.become({ kind: "up" });
    await line.pass(10_000);
    expect(line.text()).toBe("");
  });

  it("says that the connection is down, then for two seconds that it is back", async () => {
    const line = lineWith({ kind: "down" });
    await line.pass(2_000);
    expect(line.text()).toContain("No connection.");
    line.become({ kind: "up" });
    await line.pass(1_999);
    expect(line.text()).toBe("Connected again.");
    await line.pass(1);
    expect(line.text()).toBe("");
  });

  it("counts the seconds until a busy server is asked again", async () => {
    const line = lineWith({ kind: "up" });
    line.become({ kind: "busy", until: line.clock.now() + 3_000 });
    expect(line.text()).toContain("Next try in 3 s.");
    await line.pass(1_000);
    expect(line.text()).toContain("Next try in 2 s.");
    await line.pass(2_000);
    expect(line.text()).toBe("");
  });
});
