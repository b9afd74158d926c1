// Converts the translators' catalogues (locales/*.po, docs/languages.md) for the page: dist/locales/*.json, as
// `src/language/catalogue.rs` describes. Texts without a translation are left out, so that they are shown in English.
//
// node locales.mjs

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { po } from "gettext-parser";
import { DIST } from "./dist.mjs";

/** The folder of the catalogues. */
export const LOCALES = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../locales");
const CONTEXT_END = "\u0004"; // as in gettext's compiled catalogues

/** The texts of a catalogue: each with its key, and the forms of its translation. */
export function textsOf(name) {
  const { translations } = po.parse(readFileSync(join(LOCALES, name)), { defaultCharset: "utf-8" });
  const all = Object.values(translations).flatMap((context) => Object.values(context));
  return all
    .filter(({ msgid }) => msgid !== "")
    .map(({ msgctxt, msgid, msgid_plural, msgstr, comments }) => ({
      key: msgctxt ? msgctxt + CONTEXT_END + msgid : msgid,
      english: msgid_plural ? [msgid, msgid_plural] : [msgid],
      forms: msgstr,
      isDone: msgstr.every((form) => form !== "") && !/\bfuzzy\b/.test(comments?.flag ?? ""),
    }));
}

const bytes = ({ key }) => Buffer.from(key);

/** The format that the page reads, from keys with their forms: sorted for its lookup. */
export const catalogue = (texts) =>
  JSON.stringify(Object.fromEntries(texts.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))).map(({ key, forms }) => [key, forms.length > 1 ? forms : forms[0]])));

function main() {
  const out = join(DIST, "locales");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(LOCALES).filter((name) => name.endsWith(".po"))) {
    const done = textsOf(name).filter(({ isDone }) => isDone);
    writeFileSync(join(out, name.replace(/po$/, "json")), catalogue(done));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
