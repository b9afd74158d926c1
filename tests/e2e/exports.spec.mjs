// Exports: the page writes what the headless runner writes, and both Mermaid and ShiViz's expression can parse it.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { builtIn, call, expect, load, open, seek, test } from "./fixtures.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const MERMAID = here("node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js");
const SCENARIOS = readdirSync(here("../../public/scenarios"))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));
const FILES = {
  ndjson: "failure-recovery.trace.ndjson",
  shiviz: "failure-recovery.shiviz.log",
  chrome: "failure-recovery.chrome.json",
  mermaid: "failure-recovery.mmd",
  csv: "failure-recovery.metrics.csv",
};

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
});

test("the menu downloads each format, up to the cursor", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 20_000);
  await seek(page, 12_000);
  await page.getByTestId("branches").click();
  for (const [format, file] of Object.entries(FILES)) {
    const button = page.getByTestId(`export-${format}`);
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    expect(download.suggestedFilename()).toBe(file);
    const text = readFileSync(await download.path(), "utf8");
    expect(text).toBe(await call(page, "export", format));
    expect(text.length).toBeGreaterThan(1_000);
  }
  expect(await call(page, "export", "ndjson")).toBe(await call(page, "trace"));
  const { violations } = await new AxeBuilder({ page }).include("#history-menu").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("the page exports what tests/exports.rs has the engine export natively", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 12_000);
  let found = "";
  for (const format of Object.keys(FILES)) {
    const text = await call(page, "export", format);
    found += `${format} ${createHash("sha256").update(text).digest("hex")}\n`;
  }
  expect(found).toBe(readFileSync(here("../golden/exports.txt"), "utf8"));
});

test("what cannot be exported is told", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await expect(call(page, "export", "pdf")).rejects.toThrow("choose one of ndjson, shiviz, chrome, mermaid, csv");
  await expect(call(page, "export", "mermaid", 10_000_000)).rejects.toThrow("there is no event 10000000");
});

test("Mermaid parses the diagram of every built-in scenario, and ShiViz's expression its log", async ({ page, context }) => {
  const reader = await context.newPage();
  await reader.addScriptTag({ path: MERMAID });
  for (const name of SCENARIOS) {
    const scenario = builtIn(name);
    await load(page, scenario);
    await seek(page, 30_000);
    const count = await call(page, "eventCount");
    const diagrams = [
      await call(page, "export", "mermaid"),
      await call(page, "export", "mermaid", Math.max(0, count - 300), count - 1),
    ];
    const parsed = await reader.evaluate(
      (diagrams) => Promise.all(diagrams.map(async (text) => (await window.mermaid.parse(text)).diagramType)),
      diagrams,
    );
    expect(parsed, name).toEqual(["sequence", "sequence"]);
    const log = await call(page, "export", "shiviz");
    const found = [...log.matchAll(/(?<event>.*)\n(?<host>\S*) (?<clock>{.*})/g)];
    const lines = (await call(page, "trace")).split("\n").filter((line) => line && !line.includes('"process":null'));
    expect(found.length, name).toBe(lines.length);
    const [{ groups }] = found.slice(-1);
    expect(JSON.parse(groups.clock), name).toEqual(JSON.parse(lines.at(-1)).vc);
  }
});
