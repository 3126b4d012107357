import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";

/** Everything that index.html makes the browser fetch before the first page stands: its scripts, what they
 *  import statically, and their styles. */
const firstLoadFiles = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].flatMap(([, file]) => file ?? []);

const bytesOf = (file: Rollup.OutputAsset | Rollup.OutputChunk): string | Uint8Array =>
  file.type === "chunk" ? file.code : file.source;

interface Limit {
  readonly gzipBytesMax: number;
  /** Sources that are loaded when asked for, of which every page needs one before it can be shown: the largest counts. */
  readonly oneOf: readonly string[];
}

/** Fails the build when JS and CSS of the first load are over the limit together; prints the table always. */
export const firstLoadLimit = ({ gzipBytesMax, oneOf }: Limit): Plugin => ({
  name: "first-load-limit",
  apply: "build",
  enforce: "post",
  writeBundle(_options, bundle) {
    const html = bundle["index.html"];
    if (html === undefined) this.error("The bundle has no index.html.");
    const sizeOf = (name: string) => {
      const file = bundle[name];
      if (file === undefined) this.error(`index.html names ${name}, which the bundle has not.`);
      return { name, bytes: gzipSync(bytesOf(file), { level: 9 }).byteLength };
    };
    const choices = oneOf.map((source) => {
      const chunk = Object.values(bundle).find((file) => file.type === "chunk" && file.facadeModuleId?.endsWith(source));
      return sizeOf(chunk?.fileName ?? this.error(`The bundle has no file of its own for ${source}.`));
    });
    const rows = [
      ...firstLoadFiles(String(bytesOf(html))).map(sizeOf),
      ...choices.toSorted((a, b) => b.bytes - a.bytes).slice(0, 1),
    ];
    const total = rows.reduce((sum, row) => sum + row.bytes, 0);
    const line = (name: string, bytes: number): string =>
      `${name.padEnd(44)} ${(bytes / 1000).toFixed(1).padStart(7)} kB gzip`;
    const table = [...rows.map((row) => line(row.name, row.bytes)), line("first load (JS + CSS)", total)].join("\n");
    if (total > gzipBytesMax) this.error(`${table}\nThe first load may be ${line("", gzipBytesMax).trim()} at most.`);
    console.log(`\n${table}`);
  },
});
