import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { Icon } from "../../../ui/icon";
import { Lazy } from "../../../ui/lazy";
import { toasts } from "../../../ui/toast";

const loadPicker = () => import("./emoji/emoji_picker");

/** Opens the picker, which comes with its emoji when it is first wanted. */
export function EmojiButton({ onTake }: { readonly onTake: (sign: string) => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const notLoaded = () => {
    toasts.show(t("refusal.unreachable"));
    close();
  };
  return (
    <>
      <button
        ref={button}
        class="icon-btn"
        type="button"
        aria-label={t("composer.emoji")}
        title={t("composer.emoji")}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="smile" />
      </button>
      {isOpen && button.current !== null && (
        <Lazy load={loadPicker} waiting={null} failed={<NotLoaded tell={notLoaded} />}>
          {({ EmojiPicker }) =>
            button.current !== null && (
              <EmojiPicker
                anchor={button.current}
                onTake={(sign) => {
                  close();
                  onTake(sign);
                }}
                onClose={close}
                onFail={notLoaded}
              />
            )
          }
        </Lazy>
      )}
    </>
  );
}

function NotLoaded({ tell }: { readonly tell: () => void }) {
  useEffect(tell);
  return null;
}
