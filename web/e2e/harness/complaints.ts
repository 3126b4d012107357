import { expect } from "@playwright/test";
import type { BrowserContext } from "@playwright/test";

/** What browsers complain of: errors of scripts, the console's, violations of the content policy, answers that no page of
 *  ours should ever get. */
export class Complaints {
  private readonly heard: string[] = [];
  // That an answer was not 2xx is said in the console for every one; below it is looked at itself.
  private readonly allowed: RegExp[] = [/^console: Failed to load resource: the server responded/];

  listenTo(context: BrowserContext): void {
    // A violation of the policy is among the console's errors.
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.heard.push(`console: ${message.text()}`);
    });
    context.on("weberror", (problem) => this.heard.push(`script: ${problem.error().stack ?? problem.error().message}`));
    context.on("response", (response) => {
      const url = new URL(response.url());
      const isOurFault = response.status() >= 500 || (response.status() >= 400 && !url.pathname.startsWith("/api/"));
      if (isOurFault && !response.request().isNavigationRequest()) this.heard.push(`answer: ${response.status()} ${url.pathname}`);
    });
  }

  /** What this test brings about on purpose. */
  allow(...complaints: readonly RegExp[]): void {
    this.allowed.push(...complaints);
  }

  /** No server to talk to, or no network, and the browser says so for each request. */
  allowNoConnection(): void {
    this.allow(/^console: Failed to load resource: net::ERR_/, /^console: WebSocket connection to .* failed/);
  }

  check(): void {
    expect(this.heard.filter((each) => !this.allowed.some((form) => form.test(each)))).toEqual([]);
  }
}
