import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import { forget, remember, remembered } from "../remembered";
import type { en } from "./en";
import type { enLater } from "./en_later";
import { pluralForm } from "./plural";

/** What the first page says, and what all that comes later does. */
export type First = typeof en;
export type Later = typeof enLater;
type English = First & Later;
export type Key = keyof English;
export type Language = "en" | "ru";

/** Some of a language: a text for each key of English, and where that counts, one for each of the language's plural forms. */
export type Texts<Part, Form extends string> = {
  readonly [K in keyof Part]: Part[K] extends string ? string : Readonly<Record<Form, string>>;
};

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<K extends Key> = NamesIn<English[K] extends string ? English[K] : English[K][keyof English[K]]>;
/** Nothing for a text without {names}; otherwise a value for each of them. */
type Values<K extends Key, Value> = [NamesOf<K>] extends [never] ? [] : [values: Readonly<Record<NamesOf<K>, Value>>];

type Catalogue = Readonly<Partial<Record<Key, string | Partial<Record<Intl.LDMLPluralRule, string>>>>>;
type Part = "first" | "later";

// A person reads one of them, and of that one only the first part before a room can be read: each is a file of its own.
const sources: Readonly<Record<Language, Readonly<Record<Part, () => Promise<Catalogue>>>>> = {
  en: { first: async () => (await import("./en")).en, later: async () => (await import("./en_later")).enLater },
  ru: { first: async () => (await import("./ru")).ru, later: async () => (await import("./ru_later")).ruLater },
};
const catalogues: Record<Language, Record<Part, Catalogue | undefined>> = {
  en: { first: undefined, later: undefined },
  ru: { first: undefined, later: undefined },
};

const loadPart = async (of: Language, part: Part): Promise<void> => {
  catalogues[of][part] ??= await sources[of][part]();
};

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

let isLaterWanted = false;

/** Before anything is shown in it. */
export const loadLanguage = async (wanted: Language): Promise<void> => {
  await Promise.all([loadPart(wanted, "first"), isLaterWanted && loadPart(wanted, "later")]);
};

/** Before anything is shown that was not there at first (ui/lazy.tsx). */
export const loadLaterTexts = async (): Promise<void> => {
  isLaterWanted = true;
  await loadPart(current.peek(), "later");
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
  const { first, later } = catalogues[current.value];
  const text = first?.[key] ?? later?.[key] ?? key;
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
