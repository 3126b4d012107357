import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { editOf } from "../../../model/drafts";
import { FormError } from "../../form";
import { refusalText } from "../../refusal_text";
import { MessageBox } from "../composer/message_box";
import { idOfMessage, useLog } from "./log_view";

/** The message as it is written anew, in its place. What is typed outlives a reload, and a refusal too. */
export function EditBox({ message }: { readonly message: Message }) {
  const view = useLog();
  const { chat, desk, drafts } = view.services;
  const draft = editOf(message.id);
  const [text, setText] = useState(() => drafts.get(draft).text || message.text);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const leave = useReturn(message);
  const room = chat.state.peek().rooms.get(view.room);
  if (room?.state == null) return null;

  const write = (typed: string) => {
    setText(typed);
    drafts.set(draft, { text: typed, replyTo: null });
  };
  const cancel = () => {
    drafts.clear(draft);
    desk.edit(null);
    leave();
  };
  const save = async () => {
    if (isBusy) return;
    setBusy(true);
    const answer = text === message.text ? null : await chat.edit(message, text);
    setBusy(false);
    if (answer?.ok === false) setError(refusalText(answer.refusal));
    else cancel();
  };
  return (
    <div class="editing" aria-busy={isBusy || undefined}>
      <MessageBox
        room={{ ...room, state: room.state }}
        id={`edit-${message.id}`}
        label={t("log.edit_label")}
        value={text}
        onInput={write}
        onSend={() => void save()}
        onEscape={cancel}
        autofocus
        sendLabel={t("act.save")}
        sendIcon="check"
        note={
          <button class="link" type="button" onClick={cancel}>
            {t("act.cancel")}
          </button>
        }
        hint={t("log.edit_keys")}
      />
      <FormError text={error} />
    </div>
  );
}

/** Where the focus was when the edit began: in the composer (↑), or at the message. */
function useReturn(message: Message): () => void {
  const [cameFrom] = useState(() => document.activeElement?.id ?? "");
  const isLeaving = useRef(false);
  useEffect(
    () => () => {
      if (!isLeaving.current) return;
      const back = cameFrom === "composer" ? cameFrom : idOfMessage(message.seq);
      document.getElementById(back)?.focus();
    },
    [cameFrom, message.seq],
  );
  return () => {
    isLeaving.current = true;
  };
}
