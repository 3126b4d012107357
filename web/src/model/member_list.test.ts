import { describe, expect, it } from "vitest";
import type { Role, UserId } from "../api/shapes";
import { memberOf } from "../testing/server";
import { user } from "../testing/shapes";
import { findMembers, groupsOf, membersByName } from "./member_list";
import type { Membership, Person } from "./state";

const people = [
  [1, "zoe", "", "owner"],
  [2, "marta", "Marta Ruiz", "member"],
  [3, "tom", "Ångström Tom", "member"],
  [4, "ivan", "Пётр Иванов", "member"],
  [5, "visitor", "", "guest"],
] as const satisfies readonly (readonly [number, string, string, Role])[];

const users = new Map<UserId, Person>(
  people.map(([no, username, displayName]) => [
    user(no),
    { id: user(no), username, displayName, avatar: "", bot: false, isDisabled: false, isWhole: true },
  ]),
);
const members = new Map<UserId, Membership>(people.map(([no, , , role]) => [user(no), { id: memberOf(user(no), role), role }]));
const named = membersByName(members, users, new Intl.Collator("en"));

describe("the members of a room", () => {
  it("come by role, then who is online, then by name; a role that nobody has has no group", () => {
    const groups = groupsOf(named, new Set([user(4)]));
    expect(groups.map(({ role, members: listed }) => [role, listed.map(({ person }) => person.username)])).toEqual([
      ["owner", ["zoe"]],
      ["member", ["ivan", "tom", "marta"]],
      ["guest", ["visitor"]],
    ]);
  });

  it("are sorted anew from the list before, whoever has come, gone or been renamed", () => {
    const collator = new Intl.Collator("en");
    const fewer = new Map([...members].filter(([id]) => id !== user(1)));
    const marta = users.get(user(2));
    if (marta === undefined) throw new Error("no Marta");
    const renamed = new Map(users).set(user(2), { ...marta, displayName: "Zz" });
    expect(membersByName(fewer, renamed, collator, named)).toEqual(membersByName(fewer, renamed, collator));
    expect(membersByName(members, users, collator, membersByName(fewer, renamed, collator))).toEqual(named);
  });

  it("without a known name is left out until it is known", () => {
    expect(membersByName(members, new Map(), new Intl.Collator("en"))).toEqual([]);
  });

  it.each([
    ["mar", "marta"],
    ["ruiz", "marta"],
    ["angstrom", "tom"],
    ["петр", "ivan"],
    ["ьфкеф", "marta"],
  ])("are found by %s", (query, username) => {
    expect(findMembers(named, query)[0]?.person.username).toBe(username);
  });

  it("are all found that fit, or none", () => {
    expect(findMembers(named, "o").map(({ person }) => person.username)).toEqual(expect.arrayContaining(["zoe", "tom", "visitor"]));
    expect(findMembers(named, "nobody")).toEqual([]);
  });
});
