/** `test` with a server of its own, people on it, and pages that nothing goes wrong on unnoticed. */
import { test as base } from "@playwright/test";
import type { BrowserContext, BrowserContextOptions, Page } from "@playwright/test";
import { setUp, signUp } from "./api";
import type { Person } from "./api";
import { Complaints } from "./complaints";
import { Server } from "./server";
import type { Settings } from "./server";

export { expect } from "@playwright/test";

const desktop: BrowserContextOptions = {
  locale: "en-GB",
  timezoneId: "Europe/Oslo",
  viewport: { width: 1280, height: 800 },
  reducedMotion: "reduce",
};

interface Fixtures {
  /** Of this test's server; `test.use({ settings: {…} })`. */
  readonly settings: Settings;
  /** Running, with nobody on it. */
  readonly server: Server;
  /** olga, who has set the server up as Halden Maps. */
  readonly admin: Person;
  /** A new account. */
  readonly person: (name: string) => Promise<Person>;
  /** What goes wrong in the pages of this test fails it, unless it is allowed. */
  readonly complaints: Complaints;
  /** A browser of its own at `path`, of a person or of a stranger. */
  readonly open: (who: Person | null, path?: string, options?: BrowserContextOptions) => Promise<Page>;
}

async function signIn(context: BrowserContext, { url, name, password }: Person): Promise<void> {
  const answer = await context.request.post(`${url}/api/login`, {
    data: { username: name, password },
    headers: { Origin: url },
  });
  if (!answer.ok()) throw new Error(`${name} could not sign in: ${answer.status()} ${await answer.text()}`);
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  server: async ({ settings }, use, info) => {
    const server = await new Server(info.outputPath("server"), settings).start();
    await use(server);
    await server.stop();
  },

  admin: async ({ server }, use) => {
    await use(await setUp(server.setUpLink, "olga", "Halden Maps"));
  },

  person: async ({ server }, use) => {
    await use((name) => signUp(server.url, name));
  },

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from the pattern
  complaints: async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    complaints.check();
  },

  open: async ({ browser, server, complaints }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, path = "/", options = {}) => {
      const context = await browser.newContext({ ...desktop, ...options, baseURL: server.url });
      contexts.push(context);
      complaints.listenTo(context);
      if (who !== null) await signIn(context, who);
      const page = await context.newPage();
      await page.goto(path);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
