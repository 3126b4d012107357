// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { plainText } from "./plain";

const plain = (text: string) => plainText(text, { names: { people: new Map(), everybody: null }, origin: "https://chat.example" });

describe("a message in plain words", () => {
  it.each([
    ["emphasis and links without their marks", "**look** at [this](https://a.example) `now`", "look at this now"],
    ["blocks one after the other", "one\n\n> two\n\n- three\n- four", "one two three four"],
    ["code as it is", "see\n```js\nlet a = 1;\n```", "see let a = 1;"],
    ["HTML as it was written", "<b>bold</b> & <img src=x onerror=alert(1)>", "<b>bold</b> & <img src=x onerror=alert(1)>"],
  ])("has %s", (_, text, words) => expect(plain(text)).toBe(words));
});
