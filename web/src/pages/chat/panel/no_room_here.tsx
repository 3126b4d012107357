import type { ComponentChild, ComponentChildren } from "preact";
import { t } from "../../../i18n/catalogue";
import { EmptyState } from "../../../ui/empty_state";
import { Icon } from "../../../ui/icon";

interface NoRoomHereProps {
  readonly title: ComponentChild;
  readonly text: ComponentChild;
  /** The one way on. */
  readonly action?: ComponentChild;
  readonly children?: ComponentChildren;
}

/** In place of a room's messages. */
export const NoRoomHere = ({ title, text, action, children }: NoRoomHereProps) => (
  <main class="main" tabIndex={-1}>
    <header class="bar">
      <a class="icon-btn back" href="/" aria-label={t("bar.all_rooms")}>
        <Icon name="left" />
      </a>
      <h1 class="cut">
        <bdi class="cut">{title}</bdi>
      </h1>
    </header>
    <div class="no-room">
      <EmptyState text={text} action={action} />
      {children}
    </div>
  </main>
);
