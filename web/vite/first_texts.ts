import type { Plugin } from "vite";

/** Fails the build where a source of the first load names a text that comes later: people would read its key. */
export const firstTexts = (entry: string, later: object): Plugin => ({
  name: "first-texts",
  apply: "build",
  buildEnd(problem) {
    if (problem !== undefined) return;
    const first = new Set<string>();
    const pending = [...this.getModuleIds()].filter((id) => id.endsWith(entry));
    if (pending.length === 0) this.error(`Nothing is built from ${entry}.`);
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (first.has(id)) continue;
      first.add(id);
      pending.push(...(this.getModuleInfo(id)?.importedIds ?? []));
    }
    for (const id of first) {
      if (!id.includes("/src/")) continue;
      const code = this.getModuleInfo(id)?.code ?? "";
      const key = Object.keys(later).find((each) => code.includes(`"${each}"`));
      if (key !== undefined) this.error(`${id} is there at first, and its text "${key}" is not: it stands in src/i18n/en_later.ts.`);
    }
  },
});
