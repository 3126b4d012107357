import { t } from "../i18n/catalogue";
import { busyShownAfterMs, useLasting } from "./time";

/** Grey boxes of the size of what comes, after a moment only, and never moving. */
export function Skeleton({ rows }: { readonly rows: number }) {
  const isShown = useLasting(true, busyShownAfterMs);
  if (!isShown) return null;
  return (
    <div role="img" aria-label={t("page.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton">
          <i />
          <i class="w1" />
          <i class={row % 2 === 0 ? "w2" : "w3"} />
        </div>
      ))}
    </div>
  );
}
