import { defineConfig } from "vitest/config";
import { emojiData } from "./vite/emoji_data.ts";
import { firstLoadLimit } from "./vite/first_load.ts";
import { firstPaintScript } from "./vite/first_paint_script.ts";
import { firstTexts } from "./vite/first_texts.ts";
import { enLater } from "./src/i18n/en_later.ts";

// light-dark(), popover and dialog are the floor (2024); nothing is compiled down below it.
const browsers = ["chrome125", "firefox129", "safari17.5"];

// A running `makechat serve` for `npm run dev` and `npm run preview`.
const server = process.env["MAKECHAT_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [
    emojiData(),
    firstPaintScript("src/first_paint.ts"),
    firstLoadLimit({ gzipBytesMax: 100_000, oneOf: ["src/i18n/en.ts", "src/i18n/ru.ts"] }),
    firstTexts("/src/main.tsx", enLater),
  ],
  server: { proxy: { "/api": { target: server, ws: true } } },
  build: {
    target: browsers,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy allows no data: scripts, and files cache better
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Libraries change seldom: their own file stays in the browser's cache over our releases.
            { name: "vendor", test: /node_modules\/(preact|@preact|dompurify|marked)\//, priority: 1 },
            // All that the first page needs is one file: many small ones pack worse.
            { name: "client", test: /src\/main\.tsx$/ },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/browser.ts"],
    restoreMocks: true,
  },
});
