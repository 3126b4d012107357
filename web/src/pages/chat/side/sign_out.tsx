import { useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import { t } from "../../../i18n/catalogue";
import type { OutboxItem } from "../../../model/outbox";
import { replace } from "../../../routes";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { toasts } from "../../../ui/toast";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";

const isUnsent = ({ sending }: OutboxItem) => sending.kind !== "sent";

/** Signs out at once, or asks first (`dialog`) where messages are still waiting to be sent. */
export function useSignOut() {
  const { session } = useApp();
  const { chat } = useChat();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const leave = async () => {
    setBusy(true);
    const refusal = await session.signOut();
    setBusy(false);
    if (refusal !== undefined) toasts.show(refusalText(refusal));
    else replace({ page: "sign_in" }); // whoever comes next begins at the beginning
  };
  const unsent = chat.outbox.items.value.filter(isUnsent);
  const signOut = () => (chat.outbox.items.peek().some(isUnsent) ? setAsking(true) : void leave());
  const dialog = isAsking && (
    <Dialog
      title={t("signout.title")}
      onClose={() => setAsking(false)}
      actions={
        <>
          <Button onClick={() => setAsking(false)}>{t("signout.stay")}</Button>
          <Button variant="danger" busy={isBusy} onClick={() => void leave()}>
            {t("settings.sign_out")}
          </Button>
        </>
      }
    >
      <p>{whatBecomesOf(unsent)}</p>
    </Dialog>
  );
  return { signOut, dialog };
}

function whatBecomesOf(unsent: readonly OutboxItem[]): string {
  const lost = unsent.filter(({ isKept }) => !isKept).length;
  if (lost > 0) return t("signout.lost", { n: lost });
  return unsent.length === 0 ? t("signout.sent") : t("signout.kept", { n: unsent.length });
}
