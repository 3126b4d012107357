import type { UserId } from "../api/shapes";
import { PresenceDot } from "./presence";

const hues = 12;

/** From the id and never from the name, so that a rename keeps the colour. */
export function hueOf(id: UserId): number {
  let hash = 0;
  for (let at = 0; at < id.length; ++at) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) >>> 0;
  return hash % hues;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** More marks than any script has on a letter: they would be drawn over all that is above and below. */
const marksTooMany = /(\p{M}{3})\p{M}+/gu;

const firstLetter = (word: string): string =>
  [...segmenter.segment(word)][0]?.segment.replace(marksTooMany, "$1").toLocaleUpperCase() ?? "";

/** Scripts in which two letters out of a name are no abbreviation of it. */
const oneLetterScripts = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}]/u;

/** "Olga Sokolova" is OS, "olga" is O, "陈雨" is 陈. */
export function initials(name: string, most: 1 | 2): string {
  const words = name.split(/[\s_-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0] ?? name;
  const last = words.at(-1);
  if (most === 1 || words.length < 2 || last === undefined || oneLetterScripts.test(first)) return firstLetter(first);
  return firstLetter(first) + firstLetter(last);
}

interface AvatarProps {
  readonly id: UserId;
  readonly name: string;
  readonly bot?: boolean;
  readonly size?: "md" | "sm";
  /** Left out: presence is not shown here. */
  readonly online?: boolean | undefined;
}

/** Round for people, square for bots. The name stands beside it, so it has none of its own. */
export const Avatar = ({ id, name, bot, size, online }: AvatarProps) => (
  <span
    class={["avatar", size && `avatar-${size}`, bot && "avatar-bot"].filter(Boolean).join(" ")}
    data-hue={hueOf(id)}
    aria-hidden="true"
  >
    {initials(name, size === "sm" ? 1 : 2)}
    {online !== undefined && <PresenceDot online={online} />}
  </span>
);
