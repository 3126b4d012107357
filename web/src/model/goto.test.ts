import { describe, expect, it } from "vitest";
import { goTo, hitsIn } from "./goto";

const place = (name: string, changes: { isUnread?: boolean; lastAt?: number; names?: readonly string[] } = {}) => ({
  names: [name],
  isUnread: false,
  lastAt: 0,
  ...changes,
});
const places = [
  place("general"),
  place("design"),
  place("routing-engine"),
  place("support-ru", { isUnread: true, lastAt: 10 }),
  place("Денис Орлов", { names: ["Денис Орлов", "denis"], lastAt: 30 }),
  place("Пётр Йорк", { lastAt: 20 }),
  place("Ångström"),
  place("陈雨"),
  place("redesign-2026"),
];
const found = (query: string) => goTo(query, places).map(({ names }) => names[0]);

describe("going to a place", () => {
  it("begins with news, then with what was last", () => {
    expect(found("").slice(0, 3)).toEqual(["support-ru", "Денис Орлов", "Пётр Йорк"]);
  });

  it.each([
    ["a beginning before the middle of a word", "des", ["design", "redesign-2026"]],
    ["the start of a later word", "eng", ["routing-engine"]],
    ["several parts, in any order", "eng rout", ["routing-engine"]],
    ["without case and accents", "ANGSTROM", ["Ångström"]],
    ["without the dots of ё", "петр", ["Пётр Йорк"]],
    ["й as a letter of its own", "йорк", ["Пётр Йорк"]],
    ["not и for й", "иорк", []],
    ["a username as well as the shown name", "denis", ["Денис Орлов"]],
    ["with the sign of a room or a person", "#gen", ["general"]],
    ["letters of any script", "雨", ["陈雨"]],
    ["nothing", "xyz", []],
  ])("finds %s", (_, query, wanted) => expect(found(query)).toEqual(wanted));

  it("finds what was typed on the other keyboard", () => {
    expect(found("вуы")).toEqual(["design", "redesign-2026"]);
    expect(found("ltybc")).toEqual(["Денис Орлов"]);
  });

  it("takes what was meant as typed first", () => {
    expect(goTo("ru", [place("кг"), place("ru-team")]).map(({ names }) => names[0])).toEqual(["ru-team", "кг"]);
  });

  it("shows no more than fit", () => {
    expect(goTo("", Array.from({ length: 500 }, (_, no) => place(`room-${no}`)), 20)).toHaveLength(20);
  });
});

describe("why a place was found", () => {
  const marked = (name: string, query: string) =>
    hitsIn(name, query)
      .map(({ text, isHit }) => (isHit ? `[${text}]` : text))
      .join("");

  it.each([
    ["the part that was typed", "incidents", "de", "inci[de]nts"],
    ["each of several parts", "routing-engine", "eng rout", "[rout]ing-[eng]ine"],
    ["letters with accents, as they are written", "Ångström", "angst", "[Ångst]röm"],
    ["what was typed on the other keyboard", "design", "вуы", "[des]ign"],
    ["no more than the name has", "design", "design de", "[design]"],
    ["nothing of another name", "tiles", "de", "tiles"],
    ["nothing without a query", "tiles", "", "tiles"],
    ["a letter of two halves whole", "🎉 party", "🎉", "[🎉] party"],
  ])("is %s", (_, name, query, wanted) => expect(marked(name, query)).toBe(wanted));
});
