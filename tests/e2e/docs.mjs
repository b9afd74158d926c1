// Publishes docs/*.md beside the page, as plain pages in dist/docs/, each in one file with its styles.
//
// node docs.mjs

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { Marked } from "marked";
import { DIST } from "./dist.mjs";

const ROOT = resolve(fileURLToPath(new URL(".", import.meta.url)), "../..");
const OUT = join(DIST, "docs");
const read = (path) => readFileSync(join(ROOT, path), "utf8");

/** The pages in the menu of every page. */
const MENU = { index: "Overview", "lesson-plans": "Lesson plans", model: "The model", faq: "Questions", glossary: "Glossary" };
/** As `public/boot.js` does for the page. */
const THEME = `try{var t=localStorage.getItem("triage.theme");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const plain = (html) => html.replace(/<[^>]*>/g, "");

/** The anchor of a heading, as GitHub generates it, so that links work in both places. */
const slug = (text) => plain(text).toLowerCase().replace(/&[a-z]+;/g, "").replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");

/** Converts Markdown to HTML: links to other documents lead to their pages, and wide elements scroll separately. */
const markdown = new Marked({
  renderer: {
    link({ href, tokens }) {
      const address = /^[a-z]+:/.test(href) ? href : href.replace(/\.md(#|$)/, ".html$1");
      return `<a href="${escaped(address)}">${this.parser.parseInline(tokens)}</a>`;
    },
    heading({ tokens, depth }) {
      const words = this.parser.parseInline(tokens);
      return `<h${depth} id="${slug(words)}">${words}</h${depth}>\n`;
    },
    code({ text }) {
      return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
    },
    table({ header, rows }) {
      const row = (cells, tag) => `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
      const name = escaped(plain(header.map(({ tokens }) => this.parser.parseInline(tokens)).join(", ")));
      const body = rows.map((cells) => row(cells, "td")).join("");
      return `<div class="table" role="group" aria-label="Table: ${name}" tabindex="0"><table><thead>${row(header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
    },
  },
});

function page(name, names, styles) {
  const source = read(`docs/${name}.md`);
  const title = source.match(/^# (.*)$/m)?.[1];
  if (title === undefined) throw new Error(`docs/${name}.md has no title`);
  const menu = Object.entries(MENU).filter(([one]) => names.includes(one));
  const links = menu.map(
    ([one, words]) => `<a href="${one}.html"${one === name ? ' aria-current="page"' : ""}>${words}</a>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Triage</title>
<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(read("public/favicon.svg")).toString("base64")}">
<style>
${styles}</style>
<script>${THEME}</script>
</head>
<body>
<header><a href="../index.html"><span aria-hidden="true">◆</span> Triage</a><nav aria-label="Documents">${links.join("")}</nav></header>
<main>
${markdown.parse(source)}</main>
<footer>Everything here is an exercise. No emergency and no place is real. <a href="../index.html">Back to the simulation</a></footer>
</body>
</html>
`;
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const names = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md")).map((name) => name.replace(".md", ""));
const styles = read("style/tokens.css") + read("docs/page.css");
for (const name of names) writeFileSync(join(OUT, `${name}.html`), page(name, names, styles));
