import type { ComponentChildren } from "preact";

interface EmptyStateProps {
  readonly title?: string;
  readonly text: ComponentChildren;
  /** The one way on. */
  readonly action?: ComponentChildren;
}

export const EmptyState = ({ title, text, action }: EmptyStateProps) => (
  <div class="empty">
    {title !== undefined && <h2>{title}</h2>}
    <p>{text}</p>
    {action}
  </div>
);
