import type { FunctionComponent } from "preact";
import { t } from "../../i18n/catalogue";
import { pathOf, settingsSections } from "../../routes";
import type { SettingsSection } from "../../routes";
import { Icon } from "../../ui/icon";
import type { IconName } from "../../ui/icon";
import { useSignOut } from "../chat/side/sign_out";
import { PageHead, SectionPage } from "../section_page";
import { Appearance } from "./appearance";
import { Notifications } from "./notifications";
import { Password } from "./password";
import { Profile } from "./profile";
import { Sessions } from "./sessions";
import { Tokens } from "./tokens";

const icons: Readonly<Record<SettingsSection, IconName>> = {
  profile: "user",
  password: "lock",
  appearance: "theme",
  notifications: "bell",
  sessions: "device",
  tokens: "key",
};

const pages: Readonly<Record<SettingsSection, FunctionComponent>> = {
  profile: Profile,
  password: Password,
  appearance: Appearance,
  notifications: Notifications,
  sessions: Sessions,
  tokens: Tokens,
};

export function Settings({ section }: { readonly section: SettingsSection }) {
  const Page = pages[section];
  return (
    <SectionPage
      title={t("settings.title")}
      current={section}
      sections={settingsSections.map((name) => ({
        name,
        label: t(`settings.${name}`),
        icon: icons[name],
        path: pathOf({ page: "settings", section: name }),
      }))}
      more={<SignOut />}
      narrowMore={<NarrowSignOut />}
    >
      <PageHead title={t(`settings.${section}`)} />
      <div class="settings">
        <Page />
      </div>
    </SectionPage>
  );
}

function SignOut() {
  const { signOut, dialog } = useSignOut();
  return (
    <>
      <button class="room wide-only" type="button" onClick={signOut}>
        <Icon name="exit" />
        <span class="name">{t("settings.sign_out")}</span>
      </button>
      {dialog}
    </>
  );
}

function NarrowSignOut() {
  const { signOut, dialog } = useSignOut();
  return (
    <>
      <button class="icon-btn narrow-only" type="button" aria-label={t("settings.sign_out")} onClick={signOut}>
        <Icon name="exit" />
      </button>
      {dialog}
    </>
  );
}
