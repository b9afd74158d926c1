// What a first visit to the built page requests, and its size.
//
// node size.mjs     prints the table, and fails if it is over the budget

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DIST, ONE_FILE, files } from "./dist.mjs";

/**
 * The maximum transfer of a first visit, compressed: the current size plus a little. The goal is 700 kB, to be reached
 * by removing code from the program, which is nine tenths of it.
 */
export const BUDGET_BYTES = 850_000;

/** Requested by the service worker some seconds after the page has started (`offline.mjs`). */
const isKeptLater = (path) => /^offline-\w+\.json$/.test(path);

/** Loaded on demand, for figures and for the editor. */
const isAskedFor = (path) => path === "figure.js" || path === "editor.js";

/**
 * The paths inside `dist` that index.html leads to, by name or through a named file. Icons of the manifest are
 * excluded, because only installing the page loads them.
 */
export function firstVisit(dist = DIST) {
  const all = files(dist);
  const found = ["index.html"];
  for (const path of found) {
    if (!/\.(html|css|js|mjs|svg)$/.test(path)) continue;
    const text = readFileSync(join(dist, path), "utf8");
    for (const other of all) {
      if (found.includes(other) || isKeptLater(other) || isAskedFor(other)) continue;
      if (text.includes(other)) found.push(other);
    }
  }
  return found;
}

/** One row for each file: its path, its size, and its size after gzip at the default level. */
export function measure(paths, dist = DIST) {
  return paths.map((path) => {
    const bytes = readFileSync(join(dist, path));
    return { path, raw: bytes.length, gzip: gzipSync(bytes, { level: 6 }).length };
  });
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

function main() {
  const rows = measure(firstVisit());
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const total = { path: "total", raw: sum("raw"), gzip: sum("gzip") };
  const wide = Math.max(...rows.map((row) => row.path.length), 20);
  const line = (name, raw, gzip) => console.log(`  ${name.padEnd(wide)}  ${raw.padStart(10)}  ${gzip.padStart(10)}`);
  console.log("\nWhat a first visit requests:");
  line("file", "raw", "gzip");
  for (const row of [...rows, total]) line(row.path, kilobytes(row.raw), kilobytes(row.gzip));
  line("budget", "", kilobytes(BUDGET_BYTES));
  console.log("\nThe page as one file, which nobody loads on a visit:");
  for (const row of measure([ONE_FILE])) line(row.path, kilobytes(row.raw), kilobytes(row.gzip));
  if (total.gzip > BUDGET_BYTES) {
    console.error(`\nover the budget by ${kilobytes(total.gzip - BUDGET_BYTES)}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
