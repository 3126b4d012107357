import { expect, it } from "vitest";
import { scaleTop } from "./chart";

it.each([
  [0, 2],
  [2, 2],
  [3, 4],
  [5, 10],
  [11, 20],
  [83, 100],
  [101, 200],
])("a chart of at most %i ends at %i", (most, top) => {
  expect(scaleTop(most)).toBe(top);
});
