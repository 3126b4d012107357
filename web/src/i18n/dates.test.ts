import { afterEach, describe, expect, it } from "vitest";
import { setLanguage } from "./catalogue";
import { ago, bytes, dayHeading, duration } from "./dates";

const at = (text: string): number => new Date(text).getTime();
const now = at("2026-11-25T10:02:00");

afterEach(() => setLanguage("en"));

describe("the head of a day", () => {
  it("is a word for today and yesterday, by the calendar and not by hours", async () => {
    expect(dayHeading(at("2026-11-25T00:00:01"), now)).toBe("Today");
    expect(dayHeading(at("2026-11-24T23:59:59"), now)).toBe("Yesterday");
    await setLanguage("ru");
    expect(dayHeading(at("2026-11-24T12:00:00"), now)).toBe("Вчера");
  });

  it("names the year only when it is another", () => {
    expect(dayHeading(at("2026-11-02T12:00:00"), now)).not.toContain("2026");
    expect(dayHeading(at("2025-11-02T12:00:00"), now)).toContain("2025");
  });
});

describe("ago", () => {
  it("never speaks of the future when the clock is behind", () => {
    expect(ago(now + 3_600_000, now)).toBe("now");
  });

  it("counts minutes, hours and days, then gives the date", () => {
    expect(ago(at("2026-11-25T09:50:00"), now)).toMatch(/^12 min/);
    expect(ago(at("2026-11-25T07:00:00"), now)).toMatch(/^3 h/);
    expect(ago(at("2026-11-24T23:00:00"), now)).toBe("yesterday");
    expect(ago(at("2026-08-14T12:00:00"), now)).toContain("2026");
  });
});

describe("measures", () => {
  it("shows the largest whole unit of a time", async () => {
    expect(duration(41 * 86_400_000 + 5)).toBe("41 days");
    expect(duration(20_000)).toBe("1 minute");
    await setLanguage("ru");
    expect(duration(3 * 3_600_000)).toBe("3 часа");
  });

  it("splits a size from its unit, in the language's decimal sign", async () => {
    expect(bytes(24_600_000)).toEqual({ value: "24.6", unit: "MB" });
    await setLanguage("ru");
    expect(bytes(24_600_000)).toEqual({ value: "24,6", unit: "МБ" });
  });
});
