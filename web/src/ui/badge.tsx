import type { ComponentChildren } from "preact";
import { formatNumber } from "../i18n/catalogue";

/** A count that is for me: mentions, direct messages. What is merely unread is bold and never a number. */
export const Badge = ({ count }: { readonly count: number }) =>
  count === 0 ? null : (
    <span class="badge" aria-hidden="true">
      {count > 99 ? "99+" : formatNumber(count)}
    </span>
  );

interface TagProps {
  readonly children: ComponentChildren;
  readonly bot?: boolean;
}

/** A role, "Bot" or "You" behind a name. */
export const Tag = ({ children, bot }: TagProps) => <span class={bot === true ? "tag tag-bot" : "tag"}>{children}</span>;
