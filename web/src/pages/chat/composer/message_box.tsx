import type { ComponentChild } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAccount } from "../../../app_context";
import { t } from "../../../i18n/catalogue";
import type { LoadedRoom } from "../../../model/state";
import { IconButton } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import type { IconName } from "../../../ui/icon";
import { isOn } from "../../settings/preferences";
import { EmojiButton } from "./emoji_button";
import { enterMeans, hasModifier, isComposing } from "./keys";
import { bytesNearLimit, charactersOver, textBytesMax } from "./length";
import { useProposals } from "./proposals";
import { insertText } from "./writing";

interface MessageBoxProps {
  readonly room: LoadedRoom;
  /** The composer's is "composer". */
  readonly id: string;
  /** Its name for those who do not see where it stands. */
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  /** Never for a text that is empty or too long. */
  readonly onSend: () => void;
  /** Once nothing within the box is left to close. Without it Escape leaves the box, and is the page's then. */
  readonly onEscape?: (() => void) | undefined;
  readonly onUpInEmpty?: () => void;
  /** Focus at once, with the caret behind the text. */
  readonly autofocus?: boolean;
  /** "Send" with its arrow unless told otherwise: "Save". */
  readonly sendLabel?: string;
  readonly sendIcon?: IconName;
  /** Under the box, at its start. */
  readonly note?: ComponentChild;
  /** Under the box, at its end, while the length of the text need not be told there. */
  readonly hint?: ComponentChild;
}

/** The box in which a message is written, or written anew. */
export function MessageBox(props: MessageBoxProps) {
  const { room, id, label, placeholder, value, onInput, onSend, onEscape, onUpInEmpty, autofocus = false } = props;
  const enterSends = isOn(useAccount(), "enter_sends");
  const textarea = useRef<HTMLTextAreaElement>(null);
  const proposals = useProposals(textarea, room);
  useGrowth(textarea, value);
  // Before anything is painted, and so before the next key is pressed.
  useLayoutEffect(() => {
    const box = textarea.current;
    if (!autofocus || box === null) return;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }, [autofocus]);

  const bytes = bytesNearLimit(value);
  const isTooLong = bytes > textBytesMax;
  const canSend = value.trim() !== "" && !isTooLong;
  const [refusal, setRefusal] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    if (canSend) onSend();
    setRefusal(isTooLong ? tooLong(value, bytes) : "");
  };
  const mention = () => {
    const box = textarea.current;
    if (box === null) return;
    const isBehindWord = /\S$/.test(box.value.slice(0, box.selectionStart));
    insertText(box, isBehindWord ? " @" : "@");
    proposals.look();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || proposals.onKeyDown(event)) return;
    if (enterMeans(event, enterSends) === "send") send(event);
    else if (event.key === "Escape") {
      if (onEscape === undefined) return textarea.current?.blur();
      event.preventDefault();
      onEscape();
    } else if (event.key === "ArrowUp" && value === "" && onUpInEmpty !== undefined && !hasModifier(event)) {
      event.preventDefault();
      onUpInEmpty();
    }
  };
  return (
    <>
      <form class="box" onSubmit={send}>
        <label class="unseen" for={id}>
          {label}
        </label>
        <textarea
          ref={textarea}
          id={id}
          rows={1}
          dir="auto"
          placeholder={placeholder}
          value={value}
          enterkeyhint={enterSends ? "send" : "enter"}
          aria-invalid={isTooLong || undefined}
          aria-describedby={bytes === 0 ? undefined : `${id}-length`}
          onFocus={proposals.prepare}
          onInput={(event) => {
            onInput(event.currentTarget.value);
            proposals.look();
          }}
          onKeyDown={onKeyDown}
          onKeyUp={proposals.look}
          onClick={proposals.look}
          onBlur={proposals.close}
        />
        {proposals.list}
        <span class="wide-only">
          <IconButton icon="at" label={t("composer.mention")} onClick={mention} />
        </span>
        <EmojiButton onTake={(sign) => textarea.current !== null && insertText(textarea.current, sign)} />
        <button
          class="icon-btn send"
          type="submit"
          aria-label={props.sendLabel ?? t("composer.send")}
          title={props.sendLabel ?? t("composer.send")}
          aria-disabled={!canSend || undefined}
        >
          <Icon name={props.sendIcon ?? "send"} />
        </button>
      </form>
      <div class="foot">
        <span class="cut">{props.note}</span>
        {bytes === 0 ? <span class="wide-only">{props.hint}</span> : <Length id={`${id}-length`} text={value} bytes={bytes} />}
        <span class="unseen" role="alert">
          {isTooLong && refusal}
        </span>
      </div>
    </>
  );
}

interface LengthProps {
  readonly id: string;
  readonly text: string;
  readonly bytes: number;
}

/** Not read out at each key: it describes the box, and is said when it keeps a message from being sent. */
const Length = ({ id, text, bytes }: LengthProps) =>
  bytes <= textBytesMax ? (
    <span class="num" id={id}>
      {t("composer.length", { n: bytes, most: textBytesMax })}
    </span>
  ) : (
    <span class="error" id={id}>
      <Icon name="alert" />
      {tooLong(text, bytes)}
    </span>
  );

const tooLong = (text: string, bytes: number): string => t("composer.long", { n: charactersOver(text, bytes) });

const growsByItself = CSS.supports("field-sizing", "content");

/** The box is as high as its text, up to what the styles allow. */
function useGrowth(textarea: { readonly current: HTMLTextAreaElement | null }, value: string): void {
  useLayoutEffect(() => {
    const box = textarea.current;
    if (growsByItself || box === null) return;
    box.style.setProperty("height", "auto");
    box.style.setProperty("height", `${box.scrollHeight}px`);
  }, [textarea, value]);
}
