import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { clock } from "../api/clock";
import type { Clock } from "../api/clock";

/** Tests put a clock of their own here. */
export const ClockContext = createContext<Clock>(clock);

export const useClock = (): Clock => useContext(ClockContext);

/** True once `is` has been true for `ms` on end; false at once when it ends. */
export function useLasting(is: boolean, ms: number): boolean {
  const time = useClock();
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!is) return undefined;
    const callOff = time.after(ms, () => setLasts(true));
    return () => {
      callOff();
      setLasts(false);
    };
  }, [is, ms, time]);
  return is && lasts;
}

/** What takes less is not worth a word or a grey box. */
export const busyShownAfterMs = 300;
