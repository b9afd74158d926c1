// Splits and packs the program of the built page: the last step of `./dev build`.
//
// The module in dist/ is replaced by its two parts (`split.mjs`), each packed by LZMA, and index.html starts the first
// through `public/unpack.js`. Hosts of static pages compress by gzip at best; packed like this the program is a fifth
// smaller on its way.
//
//   node pack.mjs [--whole]     --whole leaves the program as it is: for work on the page

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join, resolve } from "node:path";
import { build, transform } from "esbuild";
import { DIST } from "./dist.mjs";
import { split } from "./split.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** What the linker of `./dev build` says of where it has put things. */
const MAP = resolve(HERE, "../../target/page.map");
const LIBRARY = join(HERE, "node_modules/lzma1/lib");

const { Encoder } = await import(pathToFileURL(join(LIBRARY, "encoder.js")));
const { InputBuffer, OutputBuffer } = await import(pathToFileURL(join(LIBRARY, "streams.js")));
const decoder = readFileSync(resolve(HERE, "../../public/lzma.js")).toString("base64");
const { unlzma } = await import(`data:text/javascript;base64,${decoder}`);

/** LZMA as suits a program: bytes depend on the one before them, and not on where they lie. */
class ProgramEncoder extends Encoder {
  configure(mode) {
    super.configure(mode);
    this._numLiteralContextBits = 4;
    this._posStateBits = 0;
    this._posStateMask = 0;
  }
}

/** The strongest search, within 2 MB. */
function compress(bytes) {
  const output = new OutputBuffer(bytes.length);
  const mode = { searchDepth: 21, filterStrength: 255, modeIndex: 1 };
  new ProgramEncoder().compress(new InputBuffer(new Uint8Array(bytes)), output, mode);
  return output.toArray();
}

/** Replaces what must be there exactly once. */
function replace(text, pattern, by) {
  const found = text.match(new RegExp(pattern, "g")) ?? [];
  if (found.length !== 1) throw new Error(`index.html has ${found.length} of ${pattern}, not 1`);
  return text.replace(pattern, by);
}

const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** A file name that changes with what is in the file. */
function named(name, bytes, ending) {
  return `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.${ending}`;
}

/** Short names for what the glue gives to the program: theirs end in sixteen digits, which nothing makes smaller. */
function shortNames(glue) {
  const keys = [...glue.matchAll(/^ +(__wb\w+): function/gm)].map(([, name]) => name);
  const names = keys.filter((name) => glue.split(name).length === 2);
  return new Map(names.map((name, index) => [name, `$${index.toString(36)}`]));
}

/** The module between the program and the browser, which the build leaves as it was generated. */
async function minifyGlue(html, name, names) {
  const path = join(DIST, name);
  const text = readFileSync(path, "utf8").replace(/\b__wb\w+/g, (long) => names.get(long) ?? long);
  const glue = await transform(text, { format: "esm", minify: true });
  writeFileSync(path, glue.code);
  const address = name.replaceAll(".", "\\.");
  return replace(
    html,
    new RegExp(`<link crossorigin href=\\./${address} integrity=[^ ]* rel=modulepreload>`),
    `<link crossorigin href=./${name} integrity=${integrity(glue.code)} rel=modulepreload>`,
  );
}

/** A script of public/ with the libraries it needs, and its name in dist/. */
async function bundled(name, format = "esm") {
  const bundle = await build({
    entryPoints: [resolve(HERE, `../../public/${name}.js`)],
    bundle: true,
    minify: true,
    format,
    write: false,
    nodePaths: [join(HERE, "node_modules")],
  });
  const code = Buffer.from(bundle.outputFiles[0].contents);
  return [named(name, code, "js"), code];
}

/** A part of the program, packed, and its name in dist/. */
function packed(name, program) {
  const bytes = Buffer.from(compress(program));
  if (!program.equals(unlzma(bytes))) throw new Error("what was packed does not unpack to the same");
  return [named(name, bytes, "lzma"), bytes];
}

/** What is loaded without CORS may have no hash: in a sandbox, which has no origin, a browser would refuse it. */
function withoutHashes(html) {
  return html.replace(/<(?:link|script)\b[^>]*>/g, (tag) =>
    /\bcrossorigin\b/.test(tag) ? tag : tag.replace(/ integrity=("[^"]*"|[^\s>]+)/, ""),
  );
}

/** `public/boot.js` without what only people read: trunk's minifier takes `Promise.resolve` from its object, which breaks it. */
async function minifyBoot() {
  const name = readdirSync(DIST).find((file) => /^boot-\w+\.js$/.test(file));
  const { code } = await transform(readFileSync(join(DIST, name), "utf8"), { minify: true });
  writeFileSync(join(DIST, name), code);
}

/** The page with what belongs to it beside the program. */
async function withKeep(html) {
  const [name, code] = await bundled("keep");
  writeFileSync(join(DIST, name), code);
  const [, figure] = await bundled("figure", "iife"); // asked for by its name, as charts are
  writeFileSync(join(DIST, "figure.js"), figure);
  const [, editor] = await bundled("editor", "iife");
  writeFileSync(join(DIST, "editor.js"), editor);
  const script = `<script type=module crossorigin src=./${name} integrity=${integrity(code)}></script>`;
  return replace(html, /<\/head>/, `${script}</head>`);
}

async function main() {
  const page = join(DIST, "index.html");
  await minifyBoot();
  let html = await withKeep(withoutHashes(readFileSync(page, "utf8")));
  if (!process.argv.includes("--whole")) html = await splitAndPacked(html);
  writeFileSync(page, html);
}

/** The page with its program in two packed parts. */
async function splitAndPacked(html) {
  const name = readdirSync(DIST).find((file) => file.endsWith("_bg.wasm"));
  if (name === undefined) throw new Error("dist/ has no program: was it built?");
  const glue = name.replace("_bg.wasm", ".js");
  const names = shortNames(readFileSync(join(DIST, glue), "utf8"));
  const { first, rest } = split(readFileSync(join(DIST, name)), readFileSync(MAP, "utf8"), names);
  const [firstName, firstPacked] = packed("program", first);
  const [restName, restPacked] = packed("later", rest);
  const [script, unpack] = await bundled("unpack");
  const address = name.replaceAll(".", "\\.");
  html = replace(
    html,
    new RegExp(`module_or_path: '\\./${address}'`),
    `module_or_path: (await import('./${script}')).unpack('./${firstName}', './${restName}')`,
  );
  html = replace(
    html,
    new RegExp(`<link as=fetch crossorigin href=\\./${address} [^>]*>`),
    `<link as=fetch crossorigin href=./${firstName} integrity=${integrity(firstPacked)} rel=preload>` +
      `<link crossorigin href=./${script} integrity=${integrity(unpack)} rel=modulepreload>`,
  );
  html = await minifyGlue(html, glue, names);
  writeFileSync(join(DIST, firstName), firstPacked);
  writeFileSync(join(DIST, restName), restPacked);
  writeFileSync(join(DIST, script), unpack);
  rmSync(join(DIST, name));
  return html;
}

await main();
