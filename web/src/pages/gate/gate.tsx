import type { ComponentChildren } from "preact";
import { about } from "../../about";
import { language, languages, setLanguage, t } from "../../i18n/catalogue";
import { setTheme, shownTheme } from "../../theme";
import { LinkButton } from "../../ui/button";
import { Mark } from "../../ui/icon";

interface GateProps {
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A page that is a card: whose server this is above it, language and theme below. */
export function Gate({ wide, children }: GateProps) {
  const { name, version } = about.value;
  return (
    <div class="gate">
      <main class={wide === true ? "wide" : undefined} tabIndex={-1}>
        <p class="brand">
          <Mark />
          <bdi>{name}</bdi>
        </p>
        {children}
      </main>
      <footer>
        <LanguageButton />
        <ThemeButton />
        {version !== "" && <span>makechat {version}</span>}
      </footer>
    </div>
  );
}

/** In the language it leads to, for those who cannot read this one. */
function LanguageButton() {
  const other = language.value === "en" ? "ru" : "en";
  return (
    <span lang={other}>
      <LinkButton icon="globe" onClick={() => void setLanguage(other)}>
        {languages[other]}
      </LinkButton>
    </span>
  );
}

function ThemeButton() {
  const other = shownTheme() === "dark" ? "light" : "dark";
  return (
    <LinkButton icon="theme" onClick={() => setTheme(other)}>
      {t(other === "dark" ? "foot.dark" : "foot.light")}
    </LinkButton>
  );
}
