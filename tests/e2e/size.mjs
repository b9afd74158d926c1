// What a first visit to the built page requests, and how heavy it is.
//
//   node size.mjs     prints the table, and fails when it is over the budget

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DIST, ONE_FILE, files } from "./dist.mjs";

/**
 * The most that a first visit may transfer, compressed: what it weighs today, and a little room. The goal is 700 kB, to be
 * reached by removing code from the program, which is nine tenths of it.
 */
export const BUDGET_BYTES = 850_000;

/** What the worker asks for, some seconds after the page has started, to keep it (`offline.mjs`). */
const isKeptLater = (path) => /^offline-\w+\.json$/.test(path);

/** What makes figures and what edits scenarios, when somebody asks for one. */
const isAskedFor = (path) => path === "figure.js" || path === "editor.js";

/** The paths inside `dist` that index.html leads to: by name in it, or in what it names.
 * Icons of the manifest are for who installs the page. */
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

/** One row a file: its path, its bytes, and its bytes after gzip at the usual level. */
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
