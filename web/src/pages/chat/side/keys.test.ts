import { describe, expect, it } from "vitest";
import { isArrowTaken, isSlash, letterOf } from "./keys";

describe("a letter", () => {
  it.each([
    ["as it is written on the key", { key: "k", code: "KeyK" }, "k"],
    ["with Caps Lock", { key: "K", code: "KeyK" }, "k"],
    ["where Dvorak has it, not where QWERTY has it", { key: "t", code: "KeyK" }, "t"],
    ["by its place, where the layout has another script", { key: "л", code: "KeyK" }, "k"],
    ["no letter by its place that the layout writes otherwise", { key: ";", code: "KeyZ" }, ""],
    ["no other key", { key: "Enter", code: "Enter" }, ""],
  ])("is meant %s", (_, press, letter) => expect(letterOf(press)).toBe(letter));

  it("finds the stroke on layouts that have it elsewhere, or not at all", () => {
    expect(isSlash(new KeyboardEvent("keydown", { key: "/", code: "Digit7", shiftKey: true }))).toBe(true);
    expect(isSlash(new KeyboardEvent("keydown", { key: ".", code: "Slash" }))).toBe(true);
    expect(isSlash(new KeyboardEvent("keydown", { key: "?", code: "Slash", shiftKey: true }))).toBe(false);
  });
});

it("leaves Alt with an arrow to an open list", () => {
  const field = document.createElement("input");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "true");
  document.body.append(field);
  let isTaken: boolean | undefined;
  field.addEventListener("keydown", (event) => (isTaken = isArrowTaken(event)));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true }));
  expect(isTaken).toBe(true);
  field.setAttribute("aria-expanded", "false");
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true }));
  expect(isTaken).toBe(false);
  field.remove();
});
