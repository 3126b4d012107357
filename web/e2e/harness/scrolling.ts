import type { Page } from "@playwright/test";
import { log } from "./chat";

/** The message in the middle of the view, and where it stands there. */
export async function lookAround(page: Page): Promise<{ readonly id: string; readonly at: number }> {
  return log(page).evaluate((region) => {
    const { top, bottom } = region.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    const found = [...region.querySelectorAll("article")].find((each) => each.getBoundingClientRect().bottom > middle);
    return { id: found?.id ?? "", at: Math.round((found?.getBoundingClientRect().top ?? 0) - top) };
  });
}

interface Journey {
  /** The most messages that were in the page at once. */
  readonly nodes: number;
  /** The farthest that a message in view was moved by anything but the scrolling. */
  readonly jumped: number;
}

/**
 * Scrolls by most of a view at a time until the message `until` or one beyond it is in view, and looks after each step
 * whether what is being read stays where it is while more is loaded.
 */
export async function scrollThrough(page: Page, direction: "up" | "down", until: number): Promise<Journey> {
  return log(page).evaluate(
    async (region, { sign, goal }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const articles = () => [...region.querySelectorAll("article")];
      const seqOf = (article: Element) => Number(article.id.slice(2));
      const inView = () => {
        const view = region.getBoundingClientRect();
        const middle = (view.top + view.bottom) / 2;
        return articles().find((each) => each.getBoundingClientRect().bottom > middle);
      };
      const roomLeft = () => (sign < 0 ? region.scrollTop : region.scrollHeight - region.clientHeight - region.scrollTop);
      const journey = { nodes: 0, jumped: 0 };
      for (let quiet = 0; quiet < 300; ) {
        const before = region.scrollTop;
        region.scrollTop += sign * region.clientHeight * 0.8;
        const anchor = inView();
        const at = anchor?.getBoundingClientRect().top ?? 0;
        quiet = region.scrollTop === before ? quiet + 1 : 0; // at the edge of what is loaded, until more has come
        await frame();
        // Near the edge more is asked for; wait until it is there, or there is no more.
        for (let frames = 0; roomLeft() < region.clientHeight && frames < 30; ++frames) await frame();
        journey.nodes = Math.max(journey.nodes, articles().length);
        if (anchor?.isConnected === true)
          journey.jumped = Math.max(journey.jumped, Math.abs(anchor.getBoundingClientRect().top - at));
        const seq = anchor === undefined ? NaN : seqOf(anchor);
        if ((seq - goal) * sign >= 0) return journey;
      }
      throw new Error(`no way ${sign < 0 ? "up" : "down"} to ${goal}`);
    },
    { sign: direction === "up" ? -1 : 1, goal: until },
  );
}
