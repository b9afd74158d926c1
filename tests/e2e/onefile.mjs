// Writes dist/triage.html: the whole page in one file, for a disk, an email or a learning platform's upload form.
//
// It is built from the files that `./dev build` has put into dist/: the page's styles and scripts are inlined, and
// every other file is included as base64 and served by `public/embedded.js`. Its content security policy forbids
// network access.
//
// node onefile.mjs

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { build, transform } from "esbuild";
import { DIST, ONE_FILE, files, mimeOf } from "./dist.mjs";

const PUBLIC = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../public");
/** Only useful for a page on a server. */
const HOSTED = /^(docs|examples|icons)\/|^sw\.js$|\.webmanifest$|^offline-\w+\.json$/;

/** The attributes of a tag, with or without quotes around their values. */
function attributes(tag) {
  const found = tag.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g);
  return Object.fromEntries([...found].slice(1).map(([, name, ...values]) => [name, values.find((one) => one !== undefined) ?? ""]));
}

const local = (address) => address.replace(/^\.\//, "");
const read = (name) => readFileSync(join(DIST, name));

/** Escapes text for a script element, so that it can't end or hide the element. */
function inScript(code) {
  const safe = code.replace(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "\\x3c!--");
  if (/<script/i.test(safe)) throw new Error("a script names the tag of scripts, which nothing can make safe in a page");
  return safe.trim();
}

const classic = async (code) => inScript((await transform(code, { minify: true })).code);

/** Bundles a module with everything that it imports. */
async function bundled(contents) {
  const bundle = await build({
    stdin: { contents, resolveDir: DIST },
    bundle: true,
    minify: true,
    format: "esm",
    target: "esnext",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const used = Object.keys(bundle.metafile.inputs).map((path) => path.split("/").pop());
  return { code: inScript(bundle.outputFiles[0].text), used };
}

const dataUrl = (name) => `data:${mimeOf(name)};base64,${read(name).toString("base64")}`;
const hash = (code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;

/** Allows only what is inside the page, and no network. The page also sets styles on elements. */
function policy(scripts) {
  return [
    "default-src 'none'",
    `script-src 'wasm-unsafe-eval' blob: ${scripts.map(hash).join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "connect-src data: blob:",
    "worker-src blob:",
    "base-uri 'none'",
  ].join("; ");
}

async function main() {
  let html = read("index.html").toString("utf8");
  const used = new Set(["index.html", ONE_FILE]);
  const scripts = [];

  /** As `replaceAll` with an asynchronous function, one match after another. */
  async function replaceAll(pattern, make) {
    for (const found of [...html.matchAll(pattern)]) {
      const by = await make(found);
      html = html.replace(found[0], () => by);
    }
  }

  await replaceAll(/<base\b[^>]*>|<meta\b[^>]*\bname="?triage-build\b[^>]*>/g, () => "");
  await replaceAll(/<link\b[^>]*>/g, ([tag]) => {
    const { rel, href } = attributes(tag);
    const name = local(href);
    if (rel === "stylesheet") {
      used.add(name);
      return `<style>${read(name).toString("utf8").replaceAll("</style", "<\\/style")}</style>`;
    }
    if (rel !== "icon") return ""; // preload hints and the like
    used.add(name);
    return `<link rel="icon" href="${dataUrl(name)}">`;
  });
  await replaceAll(/(<script\b[^>]*>)([^]*?)<\/script>/g, async ([, tag, text]) => {
    const { type, src } = attributes(tag);
    if (src !== undefined) used.add(local(src));
    if (type !== "module") {
      scripts.push(await classic(src === undefined ? text : read(local(src)).toString("utf8")));
      return `<script>${scripts.at(-1)}</script>`;
    }
    const { code, used: inputs } = await bundled(src === undefined ? text : `import "${src}";`);
    inputs.forEach((name) => used.add(name));
    scripts.push(code);
    return `<script type="module">${code}</script>`;
  });
  scripts.push(await classic(readFileSync(join(PUBLIC, "embedded.js"), "utf8")));

  const head = `<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}"><script>${scripts.at(-1)}</script>`;
  html = html.replace(/<meta charset=[^>]*>/, (charset) => charset + head);
  html = html.replace(/<html\b/, "<html data-one-file");
  const carried = files().filter((name) => !used.has(name) && !HOSTED.test(name));
  const carriers = carried.map(
    (name) => `<script type="text/plain" data-file="${name}" data-type="${mimeOf(name)}">${read(name).toString("base64")}</script>`,
  );
  html = html.replace(/<\/body>/, (end) => carriers.join("\n") + end);
  if (!html.includes(carriers[0])) throw new Error("index.html has no </body>");
  writeFileSync(join(DIST, ONE_FILE), html);
}

await main();
