import { afterEach, describe, expect, it } from "vitest";
import { language, languageOfBrowser, rich, setLanguage, t } from "./catalogue";
import { en } from "./en";
import { enLater } from "./en_later";
import { ru } from "./ru";
import { ruLater } from "./ru_later";

const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
const formsOf = (text: string | Record<string, string>): Record<string, string> =>
  typeof text === "string" ? { text } : text;

const english = new Map<string, string | Record<string, string>>(Object.entries({ ...en, ...enLater }));
const russian = new Map<string, string | Record<string, string>>(Object.entries({ ...ru, ...ruLater }));

afterEach(() => setLanguage("en"));

describe("the two languages", () => {
  it("have the same keys", () => {
    expect([...russian.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("count in the same texts, each with all its forms", () => {
    const categories = (tag: string): string[] =>
      // Fractions are never counted here, so Russian needs no "other".
      new Intl.PluralRules(tag).resolvedOptions().pluralCategories.filter((form) => tag === "en" || form !== "other");
    for (const [key, text] of english) {
      const translated = russian.get(key) ?? "";
      expect(typeof translated, key).toBe(typeof text);
      if (typeof text === "string") continue;
      expect(Object.keys(text).sort(), key).toEqual(categories("en").sort());
      expect(Object.keys(translated).sort(), key).toEqual(categories("ru").sort());
    }
  });

  it("name the same values in every form", () => {
    for (const [key, text] of english) {
      const wanted = namesIn(Object.values(formsOf(text))[0] ?? "");
      const all = [...Object.values(formsOf(text)), ...Object.values(formsOf(russian.get(key) ?? ""))];
      for (const form of all) expect(namesIn(form), key).toEqual(wanted);
    }
  });

  it("keep the rules of the copy: no exclamation, no capital Вы inside a sentence", () => {
    for (const [key, text] of [...english, ...russian])
      for (const form of Object.values(formsOf(text))) {
        expect(form, key).not.toContain("!");
        expect(form, key).not.toMatch(/[а-яё,] В(ы|ас|ам|аш)/);
      }
  });
});

describe("t", () => {
  const cases = [
    ["en", 1, "1 new message"],
    ["en", 1284, "1,284 new messages"],
    ["ru", 1, "1 новое сообщение"],
    ["ru", 3, "3 новых сообщения"],
    ["ru", 11, "11 новых сообщений"],
    ["ru", 21, "21 новое сообщение"],
    ["ru", 0, "0 новых сообщений"],
  ] as const;
  it.each(cases)("counts in %s: %d", async (tag, n, text) => {
    await setLanguage(tag);
    expect(t("log.pill", { n })).toBe(text);
  });

  it("takes a value as it is, braces and dollars too", () => {
    expect(t("composer.hint", { room: "{room} $& $1" })).toBe("Message #{room} $& $1");
  });

  it("puts elements where the names stand", () => {
    expect(rich("typing.2", { a: "Marta", b: "Tom" })).toEqual(["", "Marta", " and ", "Tom", " are typing…"]);
  });
});

describe("the language", () => {
  it("is the first of the browser's that there is", () => {
    expect(languageOfBrowser(["de-CH", "ru-RU", "en"])).toBe("ru");
    expect(languageOfBrowser(["de"])).toBe("en");
  });

  it("stands on the page, for screen readers and spell checkers", async () => {
    await setLanguage("ru");
    expect(document.documentElement.lang).toBe("ru");
    expect(language.value).toBe("ru");
  });

  it("is kept when chosen, and is the browser's again when the choice is taken back", async () => {
    await setLanguage("ru");
    expect(localStorage.getItem("language")).toBe("ru");
    await setLanguage(undefined);
    expect(localStorage.getItem("language")).toBeNull();
  });
});
