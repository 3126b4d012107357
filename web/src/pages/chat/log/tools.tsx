import { useAccount } from "../../../app_context";
import type { Message } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { fullTime } from "../../../i18n/dates";
import { Icon } from "../../../ui/icon";
import type { IconName } from "../../../ui/icon";
import { Menu } from "../../../ui/menu";
import { isOn } from "../../settings/preferences";
import { actionsOn, menuOf } from "./actions";
import { useLog } from "./log_view";
import { plainText } from "./plain_text";
import type { InRow } from "./tab_within";

interface ToolProps extends InRow {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: (event: MouseEvent) => void;
}

const Tool = ({ icon, label, tab, onClick }: ToolProps) => (
  <button class="icon-btn" type="button" tabIndex={tab} aria-label={label} title={label} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

/** Floats over the row that one points at or is in: its time in full where a key has led there, and what is done most. */
export function Tools({ message, tab }: InRow & { readonly message: Message }) {
  const view = useLog();
  const actions = actionsOn(message, view, view.services.deletions);
  if (actions === null) return null;
  const { reply, edit, copy } = actions;
  return (
    <div class="tools" role="group" aria-label={t("log.actions")}>
      <span class="when">{fullTime(message.created)}</span>
      {reply !== null && <Tool icon="reply" label={t("log.reply")} tab={tab} onClick={reply} />}
      {edit !== null && <Tool icon="pencil" label={t("log.edit")} tab={tab} onClick={edit} />}
      <Tool icon="copy" label={t("log.copy")} tab={tab} onClick={copy} />
      <Tool
        icon="more"
        label={t("log.more")}
        tab={tab}
        onClick={({ currentTarget }) => {
          if (currentTarget instanceof HTMLElement) view.menu.value = { message, anchor: currentTarget };
        }}
      />
    </div>
  );
}

/** All that can be done with a message; on a phone a sheet. */
export function MessageMenu() {
  const view = useLog();
  const hasLetters = isOn(useAccount(), "single_letter_keys");
  const { value } = view.menu;
  if (value === null) return null;
  const actions = actionsOn(value.message, view, view.services.deletions);
  if (actions === null) return null;
  return (
    <Menu
      key={value.message.id}
      label={t("log.actions")}
      heading={<bdi>{plainText(value.message)}</bdi>}
      entries={menuOf(actions, hasLetters)}
      anchor={value.anchor}
      onClose={() => (view.menu.value = null)}
    />
  );
}
