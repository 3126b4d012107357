import { useApp } from "../../app_context";
import type { AccountChange } from "../../api/calls";
import type { Refusal } from "../../api/http";
import type { UserForAdmin } from "../../api/shapes";
import { t } from "../../i18n/catalogue";
import { toasts } from "../../ui/toast";
import { isRefused, refusalText } from "../refusal_text";

/** A server keeps an administrator who is not disabled. */
export const adminRefusal = (refusal: Refusal, change: AccountChange): string => {
  if (!isRefused(refusal, 409)) return refusalText(refusal);
  return t(change.isDisabled === true ? "admin.last" : "admin.last_removed");
};

/** What needs no question first, for the menu that did it undoes it. */
export function useUserActions(onDone: () => void) {
  const { calls } = useApp();
  const change = async (user: UserForAdmin, wanted: AccountChange, done: string) => {
    const answer = await calls.changeUser(user.id, wanted);
    toasts.show(answer.ok ? done : adminRefusal(answer.refusal, wanted));
    if (answer.ok) onDone();
  };
  return {
    setAdmin: (user: UserForAdmin, isSuperuser: boolean) =>
      change(user, { isSuperuser }, t(isSuperuser ? "users.made_admin" : "users.unmade_admin", { name: user.username })),
    enable: (user: UserForAdmin) =>
      change(user, { isDisabled: false }, t("users.enabled_done", { name: user.username })),
  };
}
