import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/catalogue";
import { LinkButton } from "./button";
import { Icon } from "./icon";
import { useClock, useLasting } from "./time";

/** What stands between us and the server. */
export type Connection =
  | { readonly kind: "up" }
  | { readonly kind: "down" }
  | { readonly kind: "slow" }
  /** It asked for patience until then. */
  | { readonly kind: "busy"; readonly until: number };

const downShownAfterMs = 2_000;
const backShownMs = 2_000;

interface ConnectionLineProps {
  readonly connection: Connection;
  readonly onRetry: () => void;
}

/** A quiet line under the room bar, over what is there: nothing moves when it comes. */
export function ConnectionLine({ connection, onRetry }: ConnectionLineProps) {
  const isDown = useLasting(connection.kind === "down", downShownAfterMs);
  const isBack = useJustEnded(isDown, backShownMs);
  const wait = useSecondsUntil(connection.kind === "busy" ? connection.until : undefined);
  const line = lineOf();
  return (
    <div role="status" class={line === undefined ? undefined : "connection"}>
      {line}
    </div>
  );

  function lineOf() {
    if (isDown)
      return (
        <>
          <Icon name="clock" />
          {t("conn.down")}
          <LinkButton onClick={onRetry}>{t("act.try_now")}</LinkButton>
        </>
      );
    if (wait > 0)
      return (
        <>
          <Icon name="clock" />
          {t("conn.busy", { n: wait })}
        </>
      );
    if (connection.kind === "slow")
      return (
        <>
          <Icon name="clock" />
          {t("conn.slow")}
        </>
      );
    if (isBack)
      return (
        <>
          <Icon name="check" />
          {t("conn.back")}
        </>
      );
    return undefined;
  }
}

/** True for `ms` after `is` has ended. */
function useJustEnded(is: boolean, ms: number): boolean {
  const clock = useClock();
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    if (!is) return undefined;
    return () => setEnded(true);
  }, [is]);
  useEffect(() => (ended ? clock.after(ms, () => setEnded(false)) : undefined), [ended, ms, clock]);
  return ended && !is;
}

/** Whole seconds that are left, counted down. */
export function useSecondsUntil(until: number | undefined): number {
  const clock = useClock();
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - clock.now()) / 1000));
  const [, setTick] = useState(0);
  useEffect(
    () => (left > 0 ? clock.after(1000, () => setTick((tick) => tick + 1)) : undefined),
    // Each tick renders, and what is left sets the next.
  );
  return left;
}
