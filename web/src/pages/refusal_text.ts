import type { Refusal } from "../api/http";
import { t } from "../i18n/catalogue";

/** What a refusal means to the person: what happened, then what to do. Where a page knows better it says so itself. */
export function refusalText(refusal: Refusal): string {
  if (refusal.kind !== "refused") return t("refusal.unreachable");
  switch (refusal.status) {
    case 429:
    case 503:
      return t("refusal.busy", { n: refusal.retryAfter ?? 1 });
    case 403:
      return t("refusal.forbidden");
    case 404:
      return t("refusal.gone");
    default:
      return refusal.description === "" ? t("refusal.unreachable") : refusal.description;
  }
}

export const isRefused = (refusal: Refusal, status: number, title?: string): boolean =>
  refusal.kind === "refused" && refusal.status === status && (title === undefined || refusal.title === title);
