import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { list, number, object, optional, text } from "../src/api/decode.ts";
import type { Reader } from "../src/api/decode.ts";

const prefix = "virtual:emoji/";
/** Later ones are boxes on systems that people still use. */
const versionMax = 15;
/** Of emojibase: skin tones and hair, which are no emoji of their own. */
const componentGroup = 2;

const row = object((get) => ({
  emoji: get("emoji", text),
  label: get("label", text),
  hexcode: get("hexcode", text),
  tags: get("tags", optional(list(text), [])),
  group: get("group", optional(number, componentGroup)),
  order: get("order", optional(number, 0)),
  version: get("version", number),
}));

async function read<T>(file: string, reader: Reader<T>): Promise<T> {
  return reader(JSON.parse(await readFile(createRequire(import.meta.url).resolve(`emojibase-data/${file}`), "utf8")));
}

const chosen = async (language: string) =>
  (await read(`${language}/data.json`, list(row)))
    .filter(({ group, version }) => group !== componentGroup && version <= versionMax)
    .sort((a, b) => a.order - b.order);

/** Emojibase marks every sign as an emoji, also those that are one anyway; Unicode's form has no mark there. */
const oneEmoji = new RegExp("^\\p{RGI_Emoji}$", "v");
const signOf = (emoji: string) => [emoji, emoji.replaceAll("\ufe0f", "")].find((form) => oneEmoji.test(form)) ?? emoji;

const words = (label: string, tags: readonly string[]) => [label, ...tags].join(" ").toLowerCase();

/** A line for each: the sign, its codes as in `:tada:`, its name, and words by which it is found. Groups are parted by an
 *  empty line. */
async function signs(): Promise<string> {
  const codes = await read("en/shortcodes/github.json", object((get) => (hexcode: string) => get(hexcode, oneOrMore)));
  const lines = (await chosen("en")).map(({ emoji, hexcode, label, tags, group }) => {
    return { group, line: [signOf(emoji), codes(hexcode).join(" "), label, words(label, tags)].join("\t") };
  });
  return lines.map(({ group, line }, at) => (group === (lines[at - 1]?.group ?? group) ? line : `\n${line}`)).join("\n");
}

const oneOrMore: Reader<readonly string[]> = (json) => (typeof json === "string" ? [json] : list(text)(json));

/** The same lines' names and words in another language. */
async function names(language: string): Promise<string> {
  return (await chosen(language)).map(({ label, tags }) => `${label}\t${words(label, tags)}`).join("\n");
}

/** `virtual:emoji/signs` and `virtual:emoji/ru`, out of emojibase: what the picker shows and finds by, a tenth of the whole. */
export const emojiData = (): Plugin => ({
  name: "emoji-data",
  resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
  async load(id) {
    if (!id.startsWith(`\0${prefix}`)) return undefined;
    const part = id.slice(prefix.length + 1);
    return `export default ${JSON.stringify(part === "signs" ? await signs() : await names(part))};`;
  },
});
