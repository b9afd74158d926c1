// The contents of dist/, for the scripts that finish, measure and serve it.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative, resolve } from "node:path";

/** Where `./dev build` puts the page. */
export const DIST = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../dist");
/** The single-file page (`onefile.mjs`). */
export const ONE_FILE = "triage.html";

/** The relative paths of all files in a built page, in order. */
export function files(dist = DIST) {
  const below = (folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith("."))
      .flatMap((entry) => (entry.isDirectory() ? below(join(folder, entry.name)) : [join(folder, entry.name)]));
  return below(dist).map((path) => relative(dist, path).split("\\").join("/")).sort();
}

const TYPES = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  mjs: "text/javascript",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

/** The MIME type of a file, by its extension. */
export const mimeOf = (name) => TYPES[name.split(".").pop()] ?? "application/octet-stream";
