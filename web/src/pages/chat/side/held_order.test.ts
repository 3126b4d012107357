import { expect, it } from "vitest";
import { keepOrder } from "./held_order";

it("keeps what is there in its place, drops what has gone, and puts behind it what has come", () => {
  expect(keepOrder(["a", "b", "c"], ["d", "c", "a"])).toEqual(["a", "c", "d"]);
  expect(keepOrder([], ["b", "a"])).toEqual(["b", "a"]);
});
