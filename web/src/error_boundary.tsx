import { Component } from "preact";
import type { ComponentChildren } from "preact";
import { BrokenPage } from "./pages/gate/card_pages";

interface State {
  readonly code: string | undefined;
}

/** A fault of ours ends in a page that says so, with a code that stands in the console beside what happened. */
export class ErrorBoundary extends Component<{ readonly children: ComponentChildren }, State> {
  override state: State = { code: undefined };

  override componentDidCatch(error: unknown): void {
    const code = crypto.randomUUID().slice(0, 8);
    console.error(`Fault ${code}`, error);
    this.setState({ code });
  }

  override render() {
    return this.state.code === undefined ? this.props.children : <BrokenPage code={this.state.code} />;
  }
}
