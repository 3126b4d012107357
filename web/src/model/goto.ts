/** "Go to…": rooms and people by parts of their names, though the keyboard was set to the other language. */

export interface Place {
  /** What it is called; people by both of their names. */
  readonly names: readonly string[];
  readonly isUnread: boolean;
  /** When one was there last, or something was said there; 0 is never. */
  readonly lastAt: number;
}

const english = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./";
const russian = "ёйцукенгшщзхъфывапролджэячсмитьбю.";

/** Keys where they lie on the keyboard. */
function typedOn(from: string, to: string, text: string): string {
  return text.replace(/./gsu, (letter) => {
    const key = from.indexOf(letter);
    return key === -1 ? letter : to.charAt(key);
  });
}

/** Without accents and case: "Ångström" is found by "angstrom", "Пётр" by "петр". */
export function folded(text: string): string {
  const lower = text.toLowerCase().replaceAll("ё", "е");
  // й is a letter of its own, and no и with an accent.
  return lower.replace(/[^й]+/g, (part) => part.normalize("NFKD").replace(/[\u0300-\u036f]/g, ""));
}

/** How well one word that was typed fits a name: the less, the better; none: not at all. */
function distance(word: string, name: string): number | null {
  const at = name.indexOf(word);
  if (at === -1) return null;
  if (at === 0) return name.length === word.length ? 0 : 1;
  // At the start of a later word, or only within one.
  for (let next = at; next !== -1; next = name.indexOf(word, next + 1)) {
    if (!/[\p{L}\p{N}]/u.test(name.charAt(next - 1))) return 2;
  }
  return 3;
}

/** Every word of the query has to be found; the worst of them counts. */
function distanceOf(query: string, names: readonly string[]): number | null {
  const words = query.split(/\s+/).filter((word) => word !== "");
  let worst = 0;
  for (const word of words) {
    const found = names.map((name) => distance(word, name)).filter((each) => each !== null);
    if (found.length === 0) return null;
    worst = Math.max(worst, Math.min(...found));
  }
  return worst;
}

/** What was typed, and what it would be on the other keyboard. */
export function readings(query: string): readonly string[] {
  const typed = query.toLowerCase();
  return [...new Set([typed, typedOn(russian, english, typed), typedOn(english, russian, typed)].map(folded))];
}

const namesFolded = new WeakMap<Place, readonly string[]>();

/** Folded once: the same thousands of places are searched with each letter that is typed. */
function foldedNames(place: Place): readonly string[] {
  const names = namesFolded.get(place) ?? place.names.map(folded);
  namesFolded.set(place, names);
  return names;
}

/** The places that fit, the best first; without a query those with news, then the latest. */
export function goTo<P extends Place>(query: string, places: readonly P[], max = 50): readonly P[] {
  const asked = query.trim().replace(/^[#@]/, "");
  const byTime = (a: P, b: P) => Number(b.isUnread) - Number(a.isUnread) || b.lastAt - a.lastAt;
  if (asked === "") return [...places].sort(byTime).slice(0, max);
  const meant = readings(asked);
  const found = places.flatMap((place) => {
    const names = foldedNames(place);
    // What was meant for the other keyboard comes behind what was meant as typed.
    const distances = meant.map((reading, index) => {
      const one = distanceOf(reading, names);
      return one === null ? Infinity : one + (index === 0 ? 0 : 2);
    });
    const best = Math.min(...distances);
    return best === Infinity ? [] : [{ place, best }];
  });
  const shortest = ({ names }: P) => Math.min(...names.map((name) => name.length));
  found.sort((a, b) => a.best - b.best || byTime(a.place, b.place) || shortest(a.place) - shortest(b.place));
  return found.slice(0, max).map(({ place }) => place);
}

/** A name in pieces, of which those are hits that the query found in it. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** Which letters of the name stand behind each letter of its folded form. */
function foldedWithPlaces(name: string): { readonly text: string; readonly places: readonly number[] } {
  let text = "";
  const places: number[] = [];
  let at = 0;
  for (const letter of name) {
    const form = folded(letter);
    text += form;
    places.push(...Array.from({ length: form.length }, () => at));
    at += letter.length;
  }
  return { text, places: [...places, at] };
}

/** Why a name was found: by the first reading of the query of which it has a part. */
export function hitsIn(name: string, query: string): readonly Piece[] {
  const { text, places } = foldedWithPlaces(name);
  for (const reading of readings(query.trim().replace(/^[#@]/, ""))) {
    const spans = reading
      .split(/\s+/)
      .filter((word) => word !== "" && text.includes(word))
      .map((word) => ({ from: text.indexOf(word), to: text.indexOf(word) + word.length }))
      .sort((a, b) => a.from - b.from);
    if (spans.length > 0) return cutAt(name, spans, places);
  }
  return [{ text: name, isHit: false }];
}

function cutAt(name: string, spans: readonly { from: number; to: number }[], places: readonly number[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { from, to } of spans) {
    const start = Math.max(end, places[from] ?? 0);
    const stop = places[to] ?? name.length;
    if (stop <= start) continue;
    if (start > end) pieces.push({ text: name.slice(end, start), isHit: false });
    pieces.push({ text: name.slice(start, stop), isHit: true });
    end = stop;
  }
  if (end < name.length) pieces.push({ text: name.slice(end), isHit: false });
  return pieces;
}
