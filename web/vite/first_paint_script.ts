import { readFile } from "node:fs/promises";
import { minifySync, transformWithOxc } from "vite";
import type { Plugin } from "vite";

const output = "first_paint.js";

/** Compiles `source` (a script without imports) to a file of its own and puts it into the head as a blocking script.
 *  Why: the theme must be set before the first paint, a module runs after it, and the policy forbids inline scripts. */
export const firstPaintScript = (source: string): Plugin => ({
  name: "first-paint-script",
  async generateBundle() {
    const { code } = await transformWithOxc(await readFile(source, "utf8"), source);
    this.emitFile({ type: "asset", name: output, source: minifySync(output, `(()=>{${code}})()`).code });
  },
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle }) {
      const emitted = Object.values(bundle ?? {}).find((file) => file.type === "asset" && file.names.includes(output));
      // The development server has no bundle: it compiles the source when asked for it.
      return [{ tag: "script", attrs: { src: `/${emitted?.fileName ?? source}` }, injectTo: "head" }];
    },
  },
});
