import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import { forget, remember, remembered } from "../remembered";
import type { en } from "./en";
import { pluralForm } from "./plural";

export type Key = keyof typeof en;
export type Language = "en" | "ru";

/** A whole language: a text for each key, and where English counts, one for each of the language's plural forms. */
export type Texts<Form extends string> = {
  readonly [K in Key]: (typeof en)[K] extends string ? string : Readonly<Record<Form, string>>;
};

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<K extends Key> = NamesIn<(typeof en)[K] extends string ? (typeof en)[K] : (typeof en)[K][keyof (typeof en)[K]]>;
/** Nothing for a text without {names}; otherwise a value for each of them. */
type Values<K extends Key, Value> = [NamesOf<K>] extends [never] ? [] : [values: Readonly<Record<NamesOf<K>, Value>>];

type Catalogue = Readonly<Record<Key, string | Partial<Record<Intl.LDMLPluralRule, string>>>>;

// A person reads one of them: each is a file of its own.
const sources: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import("./en")).en,
  ru: async () => (await import("./ru")).ru,
};
const catalogues = new Map<Language, Catalogue>();

/** Each language by its own name, for those who cannot read the present one. */
export const languages: Readonly<Record<Language, string>> = { en: "English", ru: "Русский" };

const isLanguage = (text: string | undefined): text is Language => text !== undefined && Object.hasOwn(languages, text);

/** The first of the browser's languages that we have. */
export const languageOfBrowser = (wanted: readonly string[]): Language =>
  wanted.map((tag) => tag.split("-")[0]?.toLowerCase()).find(isLanguage) ?? "en";

const known = remembered("language");
const chosen = signal(isLanguage(known) ? known : undefined);
const current = computed(() => chosen.value ?? languageOfBrowser(navigator.languages));

/** The one that is shown. */
export const language: ReadonlySignal<Language> = current;
/** The one that was asked for; undefined: whatever the browser says. */
export const chosenLanguage: ReadonlySignal<Language | undefined> = chosen;

/** Before anything is shown in it. */
export const loadLanguage = async (wanted: Language): Promise<void> => {
  if (!catalogues.has(wanted)) catalogues.set(wanted, await sources[wanted]());
};

/** `undefined`: as the browser says. Kept on this device. Without a network to load it by, all stays as it is. */
export const setLanguage = async (wanted: Language | undefined): Promise<void> => {
  await loadLanguage(wanted ?? languageOfBrowser(navigator.languages));
  if (wanted === undefined) forget("language");
  else remember("language", wanted);
  chosen.value = wanted;
  document.documentElement.lang = current.value;
};

const numbers = new Map<Language, Intl.NumberFormat>();

export const formatNumber = (value: number): string => {
  let format = numbers.get(current.value);
  if (format === undefined) numbers.set(current.value, (format = new Intl.NumberFormat(current.value)));
  return format.format(value);
};

/** The text with its {names} still in it, in the plural form of `values.n`. */
const textOf = (key: Key, values: Readonly<Record<string, unknown>>): string => {
  const text = catalogues.get(current.value)?.[key] ?? key;
  if (typeof text === "string") return text;
  const count = typeof values["n"] === "number" ? values["n"] : 0;
  // Every language has its "other" or, as Russian, uses "many" for what no whole number needs.
  return text[pluralForm(current.value, count)] ?? text.other ?? text.many ?? "";
};

const shown = <Value>(value: Value): Value | string => (typeof value === "number" ? formatNumber(value) : value);

/** The text of `key` in the person's language. Reading it in a component subscribes it to the language. */
export const t = <K extends Key>(key: K, ...[values]: Values<K, string | number>): string => {
  const given: Readonly<Record<string, string | number>> = values ?? {};
  return textOf(key, given).replace(/\{(\w+)\}/g, (whole, name: string) => String(shown(given[name] ?? whole)));
};

/** As t(), with elements for {names}: `rich("log.joined", { a: <bdi>{name}</bdi> })`. */
export const rich = <K extends Key>(key: K, ...[values]: Values<K, ComponentChild>): ComponentChild[] => {
  const given: Readonly<Record<string, ComponentChild>> = values ?? {};
  return textOf(key, given)
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? part : shown(given[part])));
};
