import type { Clock } from "../api/clock";

interface Alarm {
  readonly at: number;
  readonly then: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private time = Date.UTC(2026, 10, 23, 12);
  private readonly alarms = new Set<Alarm>();

  now(): number {
    return this.time;
  }

  after(ms: number, then: () => void): () => void {
    const alarm = { at: this.time + ms, then };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  }

  /** What is due is called in its order, at its time, and what follows from it by promises is done before the next. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (let next = this.next(until); next !== undefined; next = this.next(until)) {
      this.time = next.at;
      this.alarms.delete(next);
      next.then();
      await settle();
    }
    this.time = until;
  }

  /** The times that are still to come, from now. */
  waiting(): readonly number[] {
    return [...this.alarms].map((alarm) => alarm.at - this.time).sort((a, b) => a - b);
  }

  private next(until: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.alarms) {
      if (alarm.at <= until && (first === undefined || alarm.at < first.at)) first = alarm;
    }
    return first;
  }
}

/** Lets promises that are already settled call their continuations, and theirs, and so on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; ++turn) await Promise.resolve();
}
