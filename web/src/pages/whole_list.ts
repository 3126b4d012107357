import { listPartMax } from "../api/calls";
import type { Part } from "../api/calls";
import type { Answer } from "../api/http";

/** All of a list that comes in parts of 1,000: for what is searched and sorted here. */
export async function wholeList<T>(ask: (part: Part) => Promise<Answer<readonly T[]>>): Promise<Answer<readonly T[]>> {
  const all: T[] = [];
  for (;;) {
    const answer = await ask({ offset: all.length, limit: listPartMax });
    if (!answer.ok) return answer;
    all.push(...answer.value);
    if (!answer.goesOn || answer.value.length === 0) return { ...answer, value: all, total: all.length };
  }
}
