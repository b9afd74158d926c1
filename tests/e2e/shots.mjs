// Screenshots of the built page: `./dev shots [--view NAME] [SCENARIO.json ...]`.
//
// Without arguments the first visit is shown; each given scenario is loaded and shown at 10 s. `--view` opens a view of
// the dock, as `window.triage.view` names it, or the `commands`, which are a sheet on a phone. `--states [NAME ...]`
// shows every view of the dock instead, empty, typical and crowded (states.mjs). Two sizes, two themes, into
// target/shots/.

import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { chromium } from "@playwright/test";
import { launchOptions } from "./browser.mjs";
import { serve } from "./server.mjs";
import { STATES, VIEWS, ask, enter } from "./states.mjs";

const OUT = fileURLToPath(new URL("../../target/shots/", import.meta.url));
const given = process.argv.slice(2);
const view = given[0] === "--view" ? given.splice(0, 2)[1] : undefined;
const states = given[0] === "--states" ? given.splice(0).slice(1) : undefined;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

async function opened(browser, url, options) {
  const page = await browser.newPage({ deviceScaleFactor: 1, ...options });
  page.on("console", (message) => message.type() === "error" && console.error(`  console: ${message.text()}`));
  page.on("pageerror", (error) => console.error(`  uncaught: ${error.message}`));
  await page.goto(url);
  await page.getByTestId("stage").waitFor();
  return page;
}

const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Every view in every state; on a phone with touch. */
async function shootStates(browser, url, viewport, colorScheme) {
  const phone = viewport.width < 920;
  const page = await opened(browser, url, { viewport, colorScheme, hasTouch: phone, isMobile: phone });
  for (const state of STATES) {
    if (states.length > 0 && !states.includes(state.name)) continue;
    await enter(page, state);
    for (const [name, reach] of Object.entries(VIEWS)) {
      await reach(page);
      await ask(page, state);
      await page.waitForTimeout(250); // only for the picture: charts and lazily loaded parts appear shortly after
      await drawn(page);
      const file = join(OUT, `${state.name}-${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`);
      await page.screenshot({ path: file });
      if (name === "diagram-cut") await reach(page); // pressed again, it removes the cut
    }
    console.log(`${state.name} ${viewport.width}x${viewport.height} ${colorScheme}`);
  }
  await page.close();
}

async function shoot(browser, url, scenario, viewport, colorScheme) {
  const page = await opened(browser, url, { viewport, colorScheme });
  if (scenario) {
    await page.evaluate((text) => {
      window.triage.load(text);
      window.triage.pause();
      window.triage.seek(10_000);
    }, readFileSync(scenario, "utf8"));
  } else {
    await page.waitForTimeout(3_000); // only for the picture: play the first seconds
  }
  if (view === "commands") {
    const sheet = page.getByTestId("view-commands");
    if (await sheet.isVisible()) await sheet.click();
  } else if (view) {
    await page.evaluate((name) => window.triage.view(name), view);
  }
  await drawn(page);
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
  for (const viewport of states ? SIZES : []) {
    for (const theme of ["light", "dark"]) await shootStates(browser, site.url, viewport, theme);
  }
  const scenarios = states ? [] : given.length > 0 ? given : [undefined];
  for (const scenario of scenarios) {
    for (const viewport of SIZES) {
      for (const theme of ["light", "dark"]) await shoot(browser, site.url, scenario, viewport, theme);
    }
  }
} finally {
  await browser.close();
  site.close();
}
