/** All emoji that there are, by groups, and finding one by a word. With its data it is loaded when it is first needed. */
import { folded } from "../../../../model/goto";
import type { Language } from "../../../../i18n/catalogue";

export interface Emoji {
  readonly sign: string;
  /** As one writes it between colons, `tada`; the usual one first. */
  readonly codes: readonly string[];
  readonly name: string;
  /** All by which it is found, folded, each behind a space. */
  readonly words: string;
}

/** In this order. */
export const emojiGroups = ["smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols", "flags"] as const;
export type EmojiGroup = (typeof emojiGroups)[number];

export type EmojiSet = ReadonlyMap<EmojiGroup, readonly Emoji[]>;

const sets = new Map<Language, Promise<EmojiSet>>();

/** With names in `language`; found by English words, too. */
export function emojiSet(language: Language): Promise<EmojiSet> {
  const known = sets.get(language) ?? load(language);
  sets.set(language, known);
  known.catch(() => sets.delete(language)); // no network: the next time it may be there
  return known;
}

async function load(language: Language): Promise<EmojiSet> {
  const [signs, names] = await Promise.all([
    import("virtual:emoji/signs"),
    language === "ru" ? import("virtual:emoji/ru") : undefined,
  ]);
  return read(signs.default, names?.default);
}

function read(signs: string, names: string | undefined): EmojiSet {
  const named = names?.split("\n").values();
  const groups = signs.split("\n\n").map((lines) =>
    lines.split("\n").map((line): Emoji => {
      const [sign = "", codes = "", english = "", words = ""] = line.split("\t");
      const [name = english, more = ""] = named?.next().value?.split("\t") ?? [];
      return { sign, codes: codes.split(" "), name, words: folded(` ${codes} ${words} ${more}`) };
    }),
  );
  return new Map(emojiGroups.map((group, at) => [group, groups[at] ?? []]));
}

/** Those of which each word of the query begins a word; first those that are called so. */
export function findEmoji(set: EmojiSet, query: string, max: number): readonly Emoji[] {
  const asked = folded(query.trim().replaceAll(":", ""));
  const words = asked.split(/[\s_]+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const found = [...set.values()].flat().filter((emoji) => words.every((word) => begins(emoji, word)));
  const rank = ({ codes, name }: Emoji) => {
    if (codes.includes(asked)) return 0;
    return codes.some((code) => code.startsWith(asked)) || folded(name).startsWith(asked) ? 1 : 2;
  };
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, max);
}

/** Those of which a code begins so, or a part of one does: each with that code. */
export function findByCode(set: EmojiSet, begun: string, max: number): readonly { readonly emoji: Emoji; readonly code: string }[] {
  const all = [...set.values()].flat();
  const by = (fits: (code: string) => boolean) =>
    all.flatMap((emoji) => {
      const code = emoji.codes.find(fits);
      return code === undefined ? [] : [{ emoji, code }];
    });
  const whole = by((code) => code.startsWith(begun)).sort((a, b) => a.code.length - b.code.length);
  const parts = by((code) => code.includes(`_${begun}`)).filter(({ emoji }) => whole.every((found) => found.emoji !== emoji));
  return [...whole, ...parts].slice(0, max);
}

const begins = ({ words }: Emoji, word: string): boolean => words.includes(` ${word}`) || words.includes(`_${word}`);
