/** Locks that the tabs of one browser share; one that ends, however it ends, lets go of its own. */
export interface Locks {
  /** Lets go when called. None: another tab holds it. */
  tryHold(name: string): Promise<(() => void) | null>;
}

/** Web Locks; without them (a server without TLS) every tab gets every lock, and the server's nonces prevent the worst. */
export function makeLocks(manager: LockManager | undefined): Locks {
  if (manager === undefined) return { tryHold: () => Promise.resolve(() => undefined) };
  return {
    tryHold: (name) =>
      new Promise((resolve, reject) => {
        manager
          .request(name, { ifAvailable: true }, (lock) => {
            if (lock === null) {
              resolve(null);
              return undefined;
            }
            return new Promise<void>((release) => resolve(() => release()));
          })
          .catch(reject);
      }),
  };
}
