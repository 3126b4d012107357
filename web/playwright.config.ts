import { defineConfig } from "@playwright/test";
import { patience } from "./e2e/harness/patience";

// Playwright's own browsers are not asked for: script/bootstrap brings Debian's.
const chromium = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  preserveOutput: "failures-only",
  fullyParallel: true,
  forbidOnly: process.env["CI"] !== undefined,
  workers: 2,
  reporter: [["list"]],
  timeout: 30_000 * patience,
  expect: { timeout: 10_000 * patience },
  use: {
    launchOptions: { executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] },
    screenshot: "only-on-failure",
    actionTimeout: 15_000 * patience,
  },
  projects: [
    { name: "tests", testIgnore: "**/measure/**" },
    // Asked for by name: script/web measure.
    ...(process.env["MEASURE"] === undefined ? [] : [{ name: "measure", testDir: "e2e/measure" }]),
  ],
});
