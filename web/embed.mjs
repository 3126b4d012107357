// node embed.mjs <dist> <out>: the built files as a table for the program, site::embedded() of src/site/files.hpp. Each is
// packed here, once, as well as it can be; the assembler takes the bytes in (.incbin), for a compiler needs a minute for an
// array of that size.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [dist, out] = process.argv.slice(2).map((each) => resolve(each));
const files = join(out, "files");
const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".svg", "image/svg+xml; charset=utf-8"],
  [".webmanifest", "application/manifest+json; charset=utf-8"],
  [".png", "image/png"],
  [".woff2", "font/woff2"],
  [".txt", "text/plain; charset=utf-8"],
]);

const typeOf = (path) => {
  const type = types.get(extname(path));
  if (type === undefined) throw new Error(`embed: ${path}: no Content-Type is known for its ending; add it here`);
  return type;
};

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });

const paths = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(dist.length).replaceAll("\\", "/"))
  .sort();

rmSync(files, { recursive: true, force: true });
mkdirSync(files, { recursive: true });
const symbols = [];

/** The name by which C++ knows the bytes; those of a form that saves nothing are not kept. */
function keep(name, bytes) {
  const file = join(files, name);
  writeFileSync(file, bytes);
  symbols.push({ name: `makechat_web_${symbols.length}`, file });
  return symbols.at(-1).name;
}

const rows = paths.map((path, index) => {
  const bytes = readFileSync(join(dist, path));
  const type = typeOf(path);
  const packed = type.includes("charset=") ? { gz: gzipSync(bytes, { level: 9 }), br: brotli(bytes) } : {};
  const form = (ending) =>
    packed[ending] !== undefined && packed[ending].length < bytes.length * 0.95
      ? `view_of(${keep(`${index}.${ending}`, packed[ending])}, ${packed[ending].length})`
      : "{}";
  const plain = `view_of(${keep(`${index}.plain`, bytes)}, ${bytes.length})`;
  const etag = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  return `    {"${path}", "${type}", "\\"${etag}\\"", ${plain}, ${form("gz")}, ${form("br")}, ${path.startsWith("/assets/")}},`;
});

writeFileSync(
  join(out, "embedded.S"),
  `// Made by web/embed.mjs; do not edit.
    .section .rodata
${symbols.map(({ name, file }) => `    .global ${name}\n${name}:\n    .incbin "${file}"\n`).join("")}
    .section .note.GNU-stack,"",@progbits
`,
);
writeFileSync(
  join(out, "embedded.cpp"),
  `// Made by web/embed.mjs; do not edit.
#include "site/files.hpp"

#include <vector>

extern "C" {
${symbols.map(({ name }) => `extern const char ${name}[];`).join("\n")}
}

namespace makechat::site {

std::span<const File> embedded() {
    const auto view_of = [](const char* bytes, std::size_t size) { return std::string_view(bytes, size); };
    static const std::vector<File> files{
${rows.map((row) => "    " + row).join("\n")}
    };
    return files;
}

}  // namespace makechat::site
`,
);
console.log(`embed: ${paths.length} files, ${symbols.length} forms`);
