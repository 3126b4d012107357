import { expect, it } from "vitest";
import { user } from "../testing/shapes";
import { hueOf, initials } from "./avatar";

it.each([
  ["Olga Sokolova", 2, "OS"],
  ["Olga Sokolova", 1, "O"],
  ["Anna Maria Ruiz Díaz", 2, "AD"],
  ["olga", 2, "O"],
  ["deploy-bot", 2, "DB"],
  ["Денис Орлов", 2, "ДО"],
  ["陈雨", 2, "陈"],
  ["ليلى حداد", 2, "ل"],
  ["👩‍🚀 Astronaut", 2, "A"],
  ["  ", 2, " "],
  [`Z${"\u0301\u0323".repeat(40)}algo`, 2, "Z\u0301\u0323\u0301"],
] as const)("%s shortened to %i letters is %s", (name, most, letters) => {
  expect(initials(name, most)).toBe(letters);
});

it("colours are twelve, all of them in use, and a person keeps the same", () => {
  const hues = Array.from({ length: 200 }, (_, no) => hueOf(user(no)));
  expect(hues).toEqual(Array.from({ length: 200 }, (_, no) => hueOf(user(no))));
  expect(new Set(hues)).toEqual(new Set(Array.from({ length: 12 }, (_, hue) => hue)));
});
