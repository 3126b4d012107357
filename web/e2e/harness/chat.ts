/** The chat page as a person finds his way in it. */
import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

export const composer = (page: Page): Locator => page.locator("#composer");
export const log = (page: Page): Locator => page.locator("#messages");
/** A message by its place in the room, or by what it says. */
export const messageAt = (page: Page, seq: number): Locator => page.locator(`#m-${seq}`);
export const messageOf = (page: Page, words: string | RegExp): Locator => log(page).locator("article").filter({ hasText: words });
/** One that the server has stored: what is on its way has no place in the room yet. */
export const storedOf = (page: Page, words: string): Locator => log(page).locator('article[id^="m-"]').filter({ hasText: words });
/** The row of a room in the list, a person's for a direct one. */
export const rowOf = (page: Page, name: string): Locator =>
  page.locator("#rooms").locator("a.room").filter({ has: page.getByText(name, { exact: true }) });
export const title = (page: Page): Locator => page.getByRole("heading", { level: 1 });
export const toast = (page: Page): Locator => page.locator(".toast");

export const roomPath = (room: string, more = ""): string => `/room/${room}${more}`;

/** Written and sent, and there at once; whether it is stored is another matter. */
export async function say(page: Page, words: string): Promise<void> {
  await composer(page).fill(words);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("");
  await expect(messageOf(page, words)).toBeVisible();
}

/** The texts in the room, in their order. */
export const texts = (page: Page): Promise<readonly string[]> => log(page).locator("article .text").allInnerTexts();
