import { useAccount } from "../../../app_context";
import { t } from "../../../i18n/catalogue";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Switch } from "../../../ui/field";
import { commandKey, isMac } from "../../../ui/platform";
import { isOn, useSetPreference } from "../../settings/preferences";

type Deed =
  | "goto"
  | "rooms"
  | "unread_rooms"
  | "regions"
  | "escape"
  | "list"
  | "send"
  | "line"
  | "send_always"
  | "edit_last"
  | "move"
  | "ends"
  | "menu"
  | "delete"
  | "reply"
  | "edit"
  | "copy"
  | "link"
  | "unread";

/** Each of `keys` does it; those of one press stand together: "Alt ↑". */
interface KeyRow {
  readonly keys: readonly string[];
  readonly does: Deed;
}

const alt = isMac ? "⌥" : "Alt";

const everywhere: readonly KeyRow[] = [
  { keys: [`${commandKey} K`], does: "goto" },
  { keys: [`${alt} ↑ ↓`], does: "rooms" },
  { keys: [`${alt} Shift ↑ ↓`], does: "unread_rooms" },
  { keys: ["F6", "Shift F6"], does: "regions" },
  { keys: ["Esc"], does: "escape" },
  { keys: [`${commandKey} /`], does: "list" },
];

const writing = (enterSends: boolean): readonly KeyRow[] => [
  ...(enterSends ? ([{ keys: ["Enter"], does: "send" }] as const) : []),
  { keys: enterSends ? ["Shift Enter"] : ["Enter", "Shift Enter"], does: "line" },
  { keys: [`${commandKey} Enter`], does: "send_always" },
  { keys: ["↑"], does: "edit_last" },
];

const messages = (hasLetters: boolean): readonly KeyRow[] => [
  { keys: hasLetters ? ["↑ ↓", "K J"] : ["↑ ↓"], does: "move" },
  { keys: ["Home", "End"], does: "ends" },
  { keys: ["Enter"], does: "menu" },
  { keys: ["Del"], does: "delete" },
  ...(hasLetters ? letters : []),
];

const letters: readonly KeyRow[] = [
  { keys: ["R"], does: "reply" },
  { keys: ["E"], does: "edit" },
  { keys: ["C"], does: "copy" },
  { keys: ["L"], does: "link" },
  { keys: ["U"], does: "unread" },
];

/** All that the keyboard does here. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const account = useAccount();
  const setPreference = useSetPreference();
  const hasLetters = isOn(account, "single_letter_keys");
  return (
    <Dialog
      title={t("keys.title")}
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          {t("act.close")}
        </Button>
      }
    >
      <div class="key-groups" tabIndex={-1} autofocus>
        <Group title={t("keys.everywhere")} rows={everywhere} />
        <Group title={t("keys.writing")} rows={writing(isOn(account, "enter_sends"))} />
        <Group title={t("keys.messages")} rows={messages(hasLetters)} />
      </div>
      <Switch
        label={t("appearance.letters")}
        hint={t("appearance.letters_hint")}
        on={hasLetters}
        onChange={(on) => setPreference("single_letter_keys", on)}
      />
    </Dialog>
  );
}

const Group = ({ title, rows }: { readonly title: string; readonly rows: readonly KeyRow[] }) => (
  <section>
    <h3>{title}</h3>
    <dl>
      {rows.map(({ keys, does }, index) => (
        <div key={index}>
          <dt>
            {keys.map((press) => (
              <span key={press}>
                {press.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            ))}
          </dt>
          <dd>{t(`keys.${does}`)}</dd>
        </div>
      ))}
    </dl>
  </section>
);
