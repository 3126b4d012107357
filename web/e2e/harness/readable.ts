import type { Page } from "@playwright/test";

/** In the page: leaves the mark "readable" when the first message has been painted. The frame in which it came into the page
 *  is painted before the task that the message channel makes. */
function watch(): void {
  const look = () => {
    if (document.querySelector("#messages article") === null) {
      requestAnimationFrame(look);
      return;
    }
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => performance.mark("readable");
      channel.port2.postMessage(null);
    });
  };
  requestAnimationFrame(look);
}

export const watchUntilReadable = (page: Page): Promise<unknown> => page.addInitScript(watch);

/** Since the navigation began, in ms; waits for it. */
export async function readableAt(page: Page): Promise<number> {
  const mark = await page.waitForFunction(() => performance.getEntriesByName("readable")[0]?.startTime);
  return (await mark.jsonValue()) ?? NaN;
}
