import { loadLanguage, loadLaterTexts } from "../i18n/catalogue";

// What happy-dom lacks of a browser, for all tests (vite.config.ts). Places on the screen are for the browser's own tests.
Object.assign(HTMLElement.prototype, {
  showPopover: () => undefined,
  hidePopover: () => undefined,
  scrollIntoView: () => undefined,
});
Object.assign(document, { execCommand: () => false });

await loadLaterTexts();
await Promise.all([loadLanguage("en"), loadLanguage("ru")]);
