import { t } from "../../i18n/catalogue";
import { notices, setNotices, setSound, sound } from "../../notices";
import { Switch } from "../../ui/field";

export function Notifications() {
  const state = notices.value;
  return (
    <div class="rows">
      {state === "missing" || state === "denied" ? (
        <p class="notice">{t(state === "denied" ? "notify.denied" : "notify.missing")}</p>
      ) : (
        <>
          <Switch
            label={t("notify.ask")}
            hint={t("notify.ask_hint")}
            on={state === "on"}
            onChange={(on) => void setNotices(on)}
          />
          <Switch label={t("notify.sound")} hint={t("notify.sound_hint")} on={sound.value} onChange={setSound} />
        </>
      )}
      <p class="hint">{t("notify.rooms")}</p>
    </div>
  );
}
