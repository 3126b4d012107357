/**
 * Reading JSON that came from outside: each reader looks at what it is given and returns it as a checked value, or throws
 * Misshapen. Nothing behind api/ ever sees an unchecked value.
 */
export type Reader<T> = (json: unknown) => T;
export type Fields = Readonly<Record<string, unknown>>;

/** The JSON is not of the shape that api.md promises. Caught where an answer or an event is read, never beyond api/. */
export class Misshapen extends Error {
  /** The same, as seen from the object or list around it. */
  within(key: string): Misshapen {
    return new Misshapen(`${key}: ${this.message}`);
  }
}

function isFields(json: unknown): json is Fields {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isList(json: unknown): json is readonly unknown[] {
  return Array.isArray(json);
}

function at<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (problem) {
    throw problem instanceof Misshapen ? problem.within(key) : problem;
  }
}

function unlike(wanted: string, json: unknown): Misshapen {
  const found = json === undefined ? "nothing" : JSON.stringify(json).slice(0, 80);
  return new Misshapen(`${wanted} expected, not ${found}`);
}

export const text: Reader<string> = (json) => {
  if (typeof json === "string") return json;
  throw unlike("a text", json);
};

export const number: Reader<number> = (json) => {
  if (typeof json === "number") return json;
  throw unlike("a number", json);
};

export const boolean: Reader<boolean> = (json) => {
  if (typeof json === "boolean") return json;
  throw unlike("true or false", json);
};

/** {"$date": "2026-11-23T05:50:22.123Z"} as milliseconds since 1970. */
export const date: Reader<number> = (json) => {
  const time = isFields(json) ? Date.parse(String(json["$date"])) : NaN;
  if (Number.isNaN(time)) throw unlike("a date", json);
  return time;
};

/** {"$oid": "<24 hex>"} as the plain digits; `isKind` gives them the type of what they name. */
export function idOf<T extends string>(isKind: (digits: string) => digits is T): Reader<T> {
  return (json) => {
    const digits = isFields(json) ? json["$oid"] : undefined;
    if (typeof digits === "string" && isKind(digits)) return digits;
    throw unlike("an id", json);
  };
}

export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (json) => (json === null ? null : read(json));
}

/** For keys that stand there only where they apply. */
export function optional<T, U>(read: Reader<T>, otherwise: U): Reader<T | U> {
  return (json) => (json === undefined ? otherwise : read(json));
}

export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (json) => {
    const word = words.find((each) => each === json);
    if (word === undefined) throw unlike(words.join(" or "), json);
    return word;
  };
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (json) => {
    if (!isList(json)) throw unlike("a list", json);
    return json.map((each, index) => at(String(index), () => read(each)));
  };
}

export const fields: Reader<Fields> = (json) => {
  if (isFields(json)) return json;
  throw unlike("an object", json);
};

/** An object whose keys are read one by one: `get("seq", number)`. */
export function object<T>(read: (get: <V>(key: string, value: Reader<V>) => V) => T): Reader<T> {
  return (json) => {
    const found = fields(json);
    return read((key, value) => at(key, () => value(found[key])));
  };
}
