import type { ComponentChild, ComponentChildren } from "preact";
import { t } from "../../../i18n/catalogue";
import { EmptyState } from "../../../ui/empty_state";
import { Icon } from "../../../ui/icon";
import type { IconName } from "../../../ui/icon";

interface NoRoomHereProps {
  readonly title: string;
  readonly icon?: IconName;
  readonly text: ComponentChild;
  /** The one way on. */
  readonly action?: ComponentChild;
  readonly children?: ComponentChildren;
}

/** In place of a room's messages. */
export const NoRoomHere = ({ title, icon, text, action, children }: NoRoomHereProps) => (
  <main class="main" tabIndex={-1} ref={focusWhereNone}>
    <header class="bar">
      <a class="icon-btn back" href="/" aria-label={t("bar.all_rooms")}>
        <Icon name="left" />
      </a>
      <h1 class="cut" title={title}>
        {icon && <Icon name={icon} />}
        <bdi class="cut">{title}</bdi>
      </h1>
    </header>
    <div class="instead">
      <EmptyState text={text} action={action} />
      {children}
    </div>
  </main>
);

/** Whoever was in the room that has just gone goes on here. */
function focusWhereNone(main: HTMLElement | null): void {
  if (document.activeElement === document.body) main?.focus();
}
