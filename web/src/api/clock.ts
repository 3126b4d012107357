/** Time, as everything here sees it: tests move it by hand. */
export interface Clock {
  /** Milliseconds since 1970, by this machine, which may be wrong by hours: for display and for differences only. */
  now(): number;
  /** Calls `then` once after `ms`; the returned function calls it off. */
  after(ms: number, then: () => void): () => void;
}

export const clock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
