import { Component } from "preact";
import type { ComponentChild, ComponentType } from "preact";

/**
 * For the rows of a long list: rendered again only when one of its properties is another one. Signals and state belong into
 * what `Row` renders by its own hooks, which are not held back.
 */
export function memo<Props extends object>(Row: (props: Props) => ComponentChild): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      return !isSame(this.props, next);
    }

    override render(): ComponentChild {
      return <Row {...this.props} />;
    }
  };
}

function isSame<Props extends object>(before: Props, after: Props): boolean {
  const old = new Map<string, unknown>(Object.entries(before));
  const entries = Object.entries(after);
  return old.size === entries.length && entries.every(([name, value]: [string, unknown]) => Object.is(old.get(name), value));
}
