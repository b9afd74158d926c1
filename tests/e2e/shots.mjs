// Pictures of the built page for people to look at: `./dev shots [--view NAME] [SCENARIO.json ...]`.
//
// Without arguments the first visit is shown; each scenario given is loaded and shown at 10 s. `--view` opens a view of
// the dock, as `window.triage.view` names it, or the `commands`, which are a sheet on a phone.
// Two sizes, two themes, into target/shots/.

import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { chromium } from "@playwright/test";
import { launchOptions } from "./browser.mjs";
import { serve } from "./server.mjs";

const OUT = fileURLToPath(new URL("../../target/shots/", import.meta.url));
const given = process.argv.slice(2);
const view = given[0] === "--view" ? given.splice(0, 2)[1] : undefined;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

async function shoot(browser, url, scenario, viewport, colorScheme) {
  const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1 });
  page.on("console", (message) => message.type() === "error" && console.error(`  console: ${message.text()}`));
  page.on("pageerror", (error) => console.error(`  uncaught: ${error.message}`));
  await page.goto(url);
  await page.getByTestId("stage").waitFor();
  if (scenario) {
    await page.evaluate((text) => {
      window.triage.load(text);
      window.triage.pause();
      window.triage.seek(10_000);
    }, readFileSync(scenario, "utf8"));
  } else {
    await page.waitForTimeout(3_000); // a picture only: let the first seconds play
  }
  if (view === "commands") {
    const sheet = page.getByTestId("view-commands");
    if (await sheet.isVisible()) await sheet.click();
  } else if (view) {
    await page.evaluate((name) => window.triage.view(name), view);
  }
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const name = (scenario ? basename(scenario, ".json") : "first-visit") + (view ? `-${view}` : "");
  const file = join(OUT, `${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  await page.close();
}

mkdirSync(OUT, { recursive: true });
const site = await serve();
const browser = await chromium.launch(launchOptions);
try {
  const scenarios = given.length > 0 ? given : [undefined];
  for (const scenario of scenarios) {
    for (const viewport of SIZES) {
      for (const theme of ["light", "dark"]) await shoot(browser, site.url, scenario, viewport, theme);
    }
  }
} finally {
  await browser.close();
  site.close();
}
