import type { ComponentChildren } from "preact";

export const StatTiles = ({ children }: { readonly children: ComponentChildren }) => <dl class="tiles">{children}</dl>;

interface StatTileProps {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  /** One line that says whether the value is much. */
  readonly context: string;
}

export const StatTile = ({ label, value, unit, context }: StatTileProps) => (
  <div class="tile">
    <dt>{label}</dt>
    <dd>
      {value}
      {unit !== undefined && <small> {unit}</small>}
    </dd>
    <dd class="sub">{context}</dd>
  </div>
);
