import { t } from "../../../i18n/catalogue";
import { useModal } from "../../../ui/dialog";
import { Icon } from "../../../ui/icon";

interface GoToComingProps {
  readonly onType: (typed: string) => void;
  readonly onClose: () => void;
}

/** Who presses Ctrl K types on at once: what is typed before "Go to…" is there must not go into a message. */
export function GoToComing({ onType, onClose }: GoToComingProps) {
  const modal = useModal(onClose);
  return (
    <dialog class="goto" aria-label={t("goto.title")} {...modal}>
      <div class="q">
        <Icon name="search" />
        <input type="text" list={undefined} aria-label={t("goto.field")} placeholder={t("goto.hint")} onInput={(event) => onType(event.currentTarget.value)} />
      </div>
    </dialog>
  );
}
