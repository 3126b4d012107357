import { useAccount, useApp } from "../../app_context";
import type { Account } from "../../api/shapes";
import { toasts } from "../../ui/toast";
import { refusalText } from "../refusal_text";

/** Choices that follow the person to every device, in the account's `settings`; what is not there is on. */
export type Preference = "enter_sends" | "single_letter_keys";

export const isOn = (account: Account, preference: Preference): boolean => account.settings[preference] !== false;

/** Shown at once, and taken back with a word if the server refuses it. */
export function useSetPreference(): (preference: Preference, on: boolean) => void {
  const { calls, session } = useApp();
  const account = useAccount();
  return (preference, on) => {
    const settings = { ...account.settings, [preference]: on };
    session.begin({ ...account, settings });
    void calls.changeMe({ settings }).then((answer) => {
      if (answer.ok) return;
      session.begin(account);
      toasts.show(refusalText(answer.refusal));
    });
  };
}
