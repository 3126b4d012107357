import type { Locks } from "../model/locks";

/** The locks of one browser. Each tab has its own way to them, and loses what it holds when it is closed. */
export class FakeLocks {
  private readonly held = new Set<string>();

  tab(): Locks & { close(): void } {
    const mine = new Set<string>();
    const letGo = (name: string) => {
      if (mine.delete(name)) this.held.delete(name);
    };
    return {
      tryHold: (name) => {
        if (this.held.has(name)) return Promise.resolve(null);
        this.held.add(name);
        mine.add(name);
        return Promise.resolve(() => letGo(name));
      },
      close: () => mine.forEach(letGo),
    };
  }
}
