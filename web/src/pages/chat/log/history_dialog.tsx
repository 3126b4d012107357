import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Message, MessageVersion } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { fullTime } from "../../../i18n/dates";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Skeleton } from "../../../ui/skeleton";
import { FormError } from "../../form";
import { refusalText } from "../../refusal_text";
import { MessageText } from "./message_text";
import { useNamesMeant } from "./sender";

interface HistoryDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** All that an edited message has said, the newest first. */
export default function HistoryDialog({ message, onClose }: HistoryDialogProps) {
  const { calls } = useApp();
  const names = useNamesMeant(message);
  const [versions, setVersions] = useState<readonly MessageVersion[]>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    void calls.history(message.id).then((answer) => (answer.ok ? setVersions(answer.value) : setError(refusalText(answer.refusal))));
  }, [calls, message]);
  return (
    <Dialog
      title={t("log.history")}
      onClose={onClose}
      actions={
        <Button autofocus onClick={onClose}>
          {t("act.close")}
        </Button>
      }
    >
      <FormError text={error} />
      {versions === undefined && error === undefined && <Skeleton rows={2} />}
      {versions !== undefined && (
        <ol class="versions">
          {versions.toReversed().map(({ text, created }) => (
            <li key={created}>
              <time dateTime={new Date(created).toISOString()}>{fullTime(created)}</time>
              <MessageText text={text} names={names} tab={0} />
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
