import { language } from "./catalogue";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Formats are costly to make and a log shows thousands of times: one of each form and language. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatted = (time: number, form: string, options: Intl.DateTimeFormatOptions): string => {
  const key = `${language.value} ${form}`;
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.DateTimeFormat(language.value, options)));
  return format.format(time);
};

/** "10:02" */
export const clockTime = (time: number): string =>
  formatted(time, "clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** "Wednesday, 25 November 2026 at 10:02:33": for a title. */
export const fullTime = (time: number): string => formatted(time, "full", { dateStyle: "full", timeStyle: "medium" });

/** "14 Aug 2026" */
export const shortDate = (time: number): string =>
  formatted(time, "date", { day: "numeric", month: "short", year: "numeric" });

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** Whole calendar days from `time` to `now`, on this device's clock; a day of 23 or 25 hours is one day. */
const daysAgo = (time: number, now: number): number => Math.round((startOfDay(now) - startOfDay(time)) / day);

const capitalised = (text: string): string =>
  text.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase(language.value));

/** "Today", "Yesterday", "Monday, 23 November", with the year when it is not this one: the head of a day's messages. */
export const dayHeading = (time: number, now: number): string => {
  const days = daysAgo(time, now);
  if (days === 0 || days === 1)
    return capitalised(new Intl.RelativeTimeFormat(language.value, { numeric: "auto" }).format(-days, "day"));
  const parts: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return capitalised(
    sameYear ? formatted(time, "day", parts) : formatted(time, "day and year", { ...parts, year: "numeric" }),
  );
};

/** "now", "12 min. ago", "3 hr. ago", "yesterday", "14 Aug 2026". A clock that is behind shows "now", never the future. */
export const ago = (time: number, now: number): string => {
  const relative = new Intl.RelativeTimeFormat(language.value, { numeric: "auto", style: "short" });
  const past = Math.max(0, now - time);
  if (past < minute) return relative.format(0, "second");
  if (past < hour) return relative.format(-Math.floor(past / minute), "minute");
  const days = daysAgo(time, now);
  if (days === 0) return relative.format(-Math.floor(past / hour), "hour");
  return days < 7 ? relative.format(-days, "day") : shortDate(time);
};

/** "41 days", "3 hours": the largest whole unit of a duration. */
export const duration = (ms: number): string => {
  const [unit, size] = ms >= day ? ["day", day] : ms >= hour ? ["hour", hour] : ["minute", minute];
  const count = Math.max(1, Math.floor(ms / size));
  return new Intl.NumberFormat(language.value, { style: "unit", unit, unitDisplay: "long" }).format(count);
};

/** 24.6 and "MB", in the language's words and decimal sign: a tile shows the unit small. */
export const bytes = (count: number): { readonly value: string; readonly unit: string } => {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const parts = new Intl.NumberFormat(language.value, {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: step < 2 ? 0 : 1,
  }).formatToParts(count / 1000 ** step);
  const text = (isUnit: boolean): string =>
    parts.filter((part) => (part.type === "unit") === isUnit).map((part) => part.value).join("").trim();
  return { value: text(false), unit: text(true) };
};
