import type { ComponentChild } from "preact";
import { t } from "../i18n/catalogue";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty_state";
import { Skeleton } from "../ui/skeleton";
import type { Listing } from "./listing";
import { refusalText } from "./refusal_text";

interface ListedProps<T> {
  readonly listing: Listing<T>;
  readonly onRetry: () => void;
  readonly children: (value: T, total: number) => ComponentChild;
}

/** What has come; grey boxes before it, and a way on where nothing came. */
export function Listed<T>({ listing, onRetry, children }: ListedProps<T>) {
  switch (listing.kind) {
    case "loading":
      return <Skeleton rows={6} />;
    case "refused":
      return (
        <EmptyState text={refusalText(listing.refusal)} action={<Button onClick={onRetry}>{t("act.retry")}</Button>} />
      );
    case "there":
      return <>{children(listing.value, listing.total)}</>;
  }
}
