import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { useClock } from "../../ui/time";
import { usePageTitle } from "../page_title";
import { Gate } from "./gate";

interface CardPageProps {
  readonly title: string;
  readonly text: string;
  /** The one way on. */
  readonly action?: ComponentChildren;
}

/** What happened, and what to do. */
export function CardPage({ title, text, action }: CardPageProps) {
  usePageTitle(title);
  return (
    <Gate>
      <div class="sheet">
        <div>
          <h1>{title}</h1>
          <p class="lead">{text}</p>
        </div>
        {action}
      </div>
    </Gate>
  );
}

export const homeLink = () => (
  <a class="btn btn-primary" href="/">
    {t("page.home")}
  </a>
);

export const MissingPage = () => (
  <CardPage title={t("page.404_title")} text={t("page.404")} action={homeLink()} />
);

interface WaitingPageProps {
  readonly kind: "offline" | "maintenance";
  /** Until the next try by itself. */
  readonly waitMs: number;
  readonly onRetry: () => void;
}

/** Tries again by itself, and at once when the network is back. */
export function WaitingPage({ kind, waitMs, onRetry }: WaitingPageProps) {
  const clock = useClock();
  useEffect(() => {
    addEventListener("online", onRetry);
    const callOff = clock.after(waitMs, onRetry);
    return () => {
      removeEventListener("online", onRetry);
      callOff();
    };
  });
  return (
    <CardPage
      title={t(kind === "offline" ? "page.offline_title" : "page.maintenance_title")}
      text={t(kind === "offline" ? "page.offline" : "page.maintenance")}
      action={
        <Button variant="primary" onClick={onRetry}>
          {t("act.try_now")}
        </Button>
      }
    />
  );
}

export const BrokenPage = ({ code }: { readonly code: string }) => (
  <CardPage
    title={t("page.error_title")}
    text={t("page.error", { id: code })}
    action={
      <Button variant="primary" onClick={() => location.reload()}>
        {t("act.reload")}
      </Button>
    }
  />
);
