import { describe, expect, it } from "vitest";
import { charactersTravelled } from "../testing/work";
import { findMentions, mentionBeingWritten, whoIsMeant } from "./mentions";

type Case = readonly [what: string, text: string, names: readonly string[]];

/** The first time that each is named; @all and @here are nobody's names. As in the server's own test. */
function named(text: string): readonly string[] {
  const names = findMentions(text).map((mention) => mention.name);
  return [...new Set(names)].filter((name) => name !== "all" && name !== "here");
}

// The cases of the server's src/chat/mentions_test.cpp.
const inText: readonly Case[] = [
  ["alone", "@alice", ["alice"]],
  ["in a sentence", "ask @alice about it", ["alice"]],
  ["every character that a name may have", "@aZ09_-x", ["aZ09_-x"]],
  ["several, in their order", "@carol @alice @bob", ["carol", "alice", "bob"]],
  ["the same twice is one", "@alice @bob @alice", ["alice", "bob"]],
  ["at the start of a line", "hi\n@alice", ["alice"]],
  ["before a CRLF", "@alice\r\n@bob\r\n", ["alice", "bob"]],
  ["before punctuation", "@alice, @bob. @carol! (@dave) @erin: @frank's @grace?", ["alice", "bob", "carol", "dave", "erin", "frank", "grace"]],
  ["in emphasis", "**@alice** *@bob* ~~@carol~~", ["alice", "bob", "carol"]],
  ["in a quote", ">@alice", ["alice"]],
  ["in a link's text", "[@alice](https://example.com)", ["alice"]],
  ["without a name", "@ alice, @, @!", []],
  ["nothing at all", "", []],
  ["only the sign", "@", []],
  ["two signs", "@@alice", []],
  ["an email address", "write to bob@example.com", []],
  ["an email address with a dot, a line or a minus before the sign", "a.@x a_@y a-@z 7@w", []],
  ["a path", "https://medium.com/@alice", []],
  ["a name of the fediverse names its first part", "@alice@example.com", ["alice"]],
  ["@all and @here are no names", "@all @here @alice", ["alice"]],
  ["a name that begins like @all", "@allison @hereford", ["allison", "hereford"]],
];
const amongScripts: readonly Case[] = [
  ["behind Chinese text, which has no spaces", "你好@alice，谢谢", ["alice"]],
  ["behind Japanese", "さん@alice カタカナ@bob", ["alice", "bob"]],
  ["behind Thai", "สวัสดี@alice", ["alice"]],
  ["behind Chinese punctuation", "好，@alice", ["alice"]],
  ["behind an emoji", "😀@alice", ["alice"]],
  ["behind a no-break space, a dash and a quote", "\u00A0@alice —@bob «@carol»", ["alice", "bob", "carol"]],
  ["behind a Russian word and a comma", "Привет,@alice", ["alice"]],
  ["a Russian email address", "пишите на почта@example.com", []],
  ["an accented letter before the sign", "andré@example.com", []],
  ["a Greek and an Arabic letter before the sign", "α@alice م@bob", []],
  ["Russian right behind the name", "@aliceпривет", ["alice"]],
  ["Chinese right behind the name", "@alice你好", ["alice"]],
];
const inCode: readonly Case[] = [
  ["a span", "`@alice` @bob", ["bob"]],
  ["between two spans", "`a` @bob `c`", ["bob"]],
  ["a span of two marks with one inside", "``@alice ` @bob`` @carol", ["carol"]],
  ["a span over two lines", "`a\n@alice` @bob", ["bob"]],
  ["a span that never closes is no code", "`@alice", ["alice"]],
  ["one mark does not close two", "``@alice`", ["alice"]],
  ["three marks within a line are a span", "see ```@alice``` @bob", ["bob"]],
  ["three marks that open a line and close on it are a span too", "```@alice``` @bob\n@carol", ["bob", "carol"]],
  ["a fence", "```\n@alice\n```\n@bob", ["bob"]],
  ["a fence with a language", "```cpp\n@alice\n```\n@bob", ["bob"]],
  ["a fence of tildes", "~~~\n@alice\n~~~\n@bob", ["bob"]],
  ["tildes with a mark behind them", "~~~ `x\n@alice\n~~~\n@bob", ["bob"]],
  ["a fence with CRLF", "```\r\n@alice\r\n```\r\n@bob", ["bob"]],
  ["a fence behind text", "hi @bob\n```\n@alice\n```", ["bob"]],
  ["a fence that never closes goes to the end", "```\n@alice\n\n@bob", []],
  ["an empty fence at the end", "@bob\n```", ["bob"]],
  ["a fence closes with at least as many marks", "````\n@alice\n```\n@bob\n`````\n@carol", ["carol"]],
  ["a fence closes with its own kind of mark", "```\n@alice\n~~~\n@bob\n```\n@carol", ["carol"]],
  ["a closing fence has nothing behind it", "```\n@alice\n```x\n@bob\n```\n@carol", ["carol"]],
  ["but spaces", "```\n@alice\n```  \n@bob", ["bob"]],
  ["a fence moved in by three", "   ```\n@alice\n  ```\n@bob", ["bob"]],
  ["moved in by four it is none", "    ~~~\n@alice", ["alice"]],
  ["two marks are no fence", "~~\n@alice\n~~", ["alice"]],
];

describe("mentions", () => {
  it.each(inText)("are found in text: %s", (_, text, names) => expect(named(text)).toEqual(names));
  it.each(amongScripts)("stand behind scripts without spaces, not behind letters: %s", (_, text, names) =>
    expect(named(text)).toEqual(names));
  it.each(inCode)("are not found in code: %s", (_, text, names) => expect(named(text)).toEqual(names));

  it("are told with their places", () => {
    expect(findMentions("hi @bob, `@no`")).toEqual([{ start: 3, end: 7, name: "bob" }]);
  });

  it.each([
    ["marks", "`a ".repeat(5_300)],
    ["growing marks", Array.from({ length: 175 }, (_, count) => "`".repeat(count)).join(" ")],
    ["fences", "```\n".repeat(4_000)],
    ["lines", "a\n".repeat(8_000)],
    ["names", "@a ".repeat(5_300)],
    ["signs", "@".repeat(16_000)],
  ])("are found by going over a long text a few times, whatever it is made of: %s", (_, text) => {
    expect(charactersTravelled(() => findMentions(`${text} @x`)) / text.length).toBeLessThan(20);
  });
});

describe("who is meant", () => {
  const names = { people: new Map([["olga", "me"], ["bob", "other"]] as const), everybody: "here" } as const;
  it("is who has the name, without regard to case", () => {
    expect(["Olga", "bob", "carol"].map((name) => whoIsMeant(name, names))).toEqual(["me", "other", null]);
  });
  it("is everybody where the server let it", () => {
    expect(["here", "all"].map((name) => whoIsMeant(name, names))).toEqual(["here", null]);
  });
});

describe("a name that is being written", () => {
  it.each([
    ["hi @ol", { start: 3, query: "ol" }],
    ["@", { start: 0, query: "" }],
    ["你好@a", { start: 2, query: "a" }],
    ["@Дени", { start: 0, query: "Дени" }],
    ["謝謝@陈", { start: 2, query: "陈" }],
    ["hi @ol ", null],
    ["bob@ex", null],
    ["`@ol", { start: 1, query: "ol" }],
    ["```\n@ol", null],
    ["hi", null],
  ])("asks for people: %s", (text, wanted) => expect(mentionBeingWritten(text, text.length)).toEqual(wanted));

  it("is looked for before the caret", () => {
    expect(mentionBeingWritten("@bob and", 3)).toEqual({ start: 0, query: "bo" });
  });
});
