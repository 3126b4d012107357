import { useAccount } from "../../app_context";
import { chosenLanguage, languages, setLanguage, t } from "../../i18n/catalogue";
import type { Language } from "../../i18n/catalogue";
import { setTheme, theme } from "../../theme";
import { Switch } from "../../ui/field";
import { Segmented } from "../../ui/segmented";
import { isOn, useSetPreference } from "./preferences";

export function Appearance() {
  const account = useAccount();
  const setPreference = useSetPreference();
  return (
    <div class="rows">
      <Segmented
        label={t("appearance.theme")}
        value={theme.value}
        choices={[
          { value: "system", label: t("appearance.theme_system") },
          { value: "light", label: t("appearance.theme_light") },
          { value: "dark", label: t("appearance.theme_dark") },
        ]}
        onChange={setTheme}
      />
      <Segmented<Language | "browser">
        label={t("appearance.language")}
        value={chosenLanguage.value ?? "browser"}
        choices={[
          { value: "browser", label: t("appearance.language_browser") },
          { value: "en", label: languages.en, lang: "en" },
          { value: "ru", label: languages.ru, lang: "ru" },
        ]}
        onChange={(value) => void setLanguage(value === "browser" ? undefined : value)}
      />
      <h2>{t("appearance.writing")}</h2>
      <Switch
        label={t("appearance.enter_sends")}
        hint={t("appearance.enter_hint")}
        on={isOn(account, "enter_sends")}
        onChange={(on) => setPreference("enter_sends", on)}
      />
      <Switch
        label={t("appearance.letters")}
        hint={t("appearance.letters_hint")}
        on={isOn(account, "single_letter_keys")}
        onChange={(on) => setPreference("single_letter_keys", on)}
      />
    </div>
  );
}
