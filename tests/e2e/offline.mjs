// Makes a built page available offline: names the build, and writes its service worker (`public/sw.js`) with the list
// of files to cache.
//
// node offline.mjs

import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { transform } from "esbuild";
import { DIST, ONE_FILE, files } from "./dist.mjs";

const WORKER = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../public/sw.js");
/** Files that aren't needed offline, and those generated here. */
const NOT_KEPT = new RegExp(`^(${ONE_FILE}|sw\\.js|offline-\\w+\\.json)$|^examples/`);
const LIST = /^offline-\w+\.json$/;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const short = (bytes) => sha256(bytes).toString("hex").slice(0, 16);

/** The list of files to cache, each with its digest as `fetch` accepts it. */
function list(dist) {
  const kept = files(dist).filter((name) => !NOT_KEPT.test(name));
  const digest = (name) => `sha256-${sha256(readFileSync(join(dist, name))).toString("base64")}`;
  return JSON.stringify(Object.fromEntries(kept.map((name) => [name, digest(name)])));
}

/** Finishes a page; can be repeated. */
export async function offline(dist = DIST) {
  for (const name of files(dist).filter((name) => LIST.test(name))) rmSync(join(dist, name));
  const page = join(dist, "index.html");
  const html = readFileSync(page, "utf8").replace(/<meta name="triage-build"[^>]*>/, "");
  writeFileSync(page, html);
  const build = short(list(dist));
  const named = html.replace(/<\/head>/, (end) => `<meta name="triage-build" content="${build}">${end}`);
  if (named === html) throw new Error("index.html has no </head>");
  writeFileSync(page, named);
  const all = list(dist);
  const listName = `offline-${short(all)}.json`;
  writeFileSync(join(dist, listName), all);
  const define = { BUILD: JSON.stringify(build), LIST: JSON.stringify(listName) };
  const worker = await transform(readFileSync(WORKER, "utf8"), { define, minify: true, format: "iife" });
  writeFileSync(join(dist, "sw.js"), worker.code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await offline();
