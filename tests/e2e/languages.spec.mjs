// The page in another language: every text is translated, and a change of language loses nothing.

import AxeBuilder from "@axe-core/playwright";
import { catalogue, textsOf } from "./locales.mjs";
import { act, call, command, expect, open, overview, seek, test } from "./fixtures.mjs";

const GERMAN = "Deutsch";
const PHONE = { width: 390, height: 844 };
const language = (page) => page.getByTestId("language");
const html = (page) => page.locator("html");

/** Puts a text in brackets, and its glossary links as well. */
const bracketed = (text) => `⟦${text.replace(/\[\[([^\]|]*)\|?([^\]]*)\]\]/g, (_, words, term) => `⟧[[⟦${words}⟧|${term || words}]]⟦`)}⟧`;
const pseudo = () => {
  const texts = textsOf("de.po").map(({ key, english }) => ({ key, forms: english.map(bracketed) }));
  return catalogue(texts);
};

// (a) All visible text has been translated ------------------------------------------------------------------------------

/** Data and symbols, which are the same in every language. */
const SAME = [
  /\b[0-9a-f]{8,}\b/g, // digests
  /\b(NONE|LOW|MED(IUM)?|HIGH|CRIT(ICAL)?)\b/g, // levels
  /\bmax\(/g, // formulas of Lamport clocks
  /(?<![a-z])(ms|s|µs|kB|MB|min|px|h|d)\b/g, // units
  /\b[a-z]+(_[a-z]+)+\b/g, // kinds of events, commands and fields
  /\b(Space|PgUp|PgDn|Esc|ctrl|Shift|[A-Z]|[a-z])\b/g, // keys, and single letters
  /\b(Triage|Lamport|Mermaid|ShiViz|Perfetto|NDJSON|JSON|CSV|SVG|PNG|FIFO|HLC|SHA-256|Chrome|CAP|NWS)\b/g, // names
  /\b(exec|coordinator|job|clock|replica)-\d+\b/g,
];

/** Collects all visible text of the page and returns what isn't from the catalogue: `[where, text]`. */
async function foreign(page, names) {
  const read = await page.evaluate(() => {
    const seen = [];
    const where = (element) => {
      const near = element.closest("[data-testid], [class]");
      return near?.dataset.testid ?? near?.getAttribute("class") ?? element.tagName;
    };
    const apart = "script, style, code, textarea, noscript, #failure, #shell, .brand, .language, .halves, [lang]:not(html)";
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest(apart) || !element.checkVisibility({ visibilityProperty: true })) continue;
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && node.data.trim() !== "") seen.push([where(element), node.data]);
      }
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-description"]) {
        const text = element.getAttribute(name);
        if (text) seen.push([`${where(element)}@${name}`, text]);
      }
    }
    const painted = [...window.painted].map((text) => ["canvas", text]);
    window.painted.clear();
    return seen.concat(painted);
  });
  // The longest first, because "two" is part of "two-executors".
  const known = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length);
  const data = known.length > 0 ? [new RegExp(`(?<![\\w-])(${known.join("|")})(?![\\w-])`, "g")] : [];
  // Names are shortened in the middle where there is little space.
  const short = (word) => {
    const [begin, end] = word.split("…");
    return names.some((name) => name.startsWith(begin) && name.endsWith(end)) ? "" : word;
  };
  const outside = (text) => {
    let depth = 0;
    let rest = "";
    // After an element within a sentence, the sentence continues.
    if (text.indexOf("⟧") < (text + "⟦").indexOf("⟦")) text = text.slice(text.indexOf("⟧") + 1);
    for (const letter of text) {
      if (letter === "⟦") depth += 1;
      else if (letter === "⟧") depth = Math.max(0, depth - 1);
      else if (depth === 0) rest += letter;
    }
    return rest;
  };
  const left = (text) => {
    const said = outside(text).replace(/[^\s…]+…[^\s…]+/g, short);
    return [...data, ...SAME].reduce((rest, same) => rest.replace(same, ""), said);
  };
  return read.filter(([, text]) => /\p{L}/u.test(left(text)));
}

/** Locations in fields and tasks, and the text of an alert. */
const TYPED = ["harbour district", "your town", "Extreme", "Fire"];

/** Names in the current run, which are data. */
async function namesIn(page) {
  const { scenario } = JSON.parse(await call(page, "save").catch(() => '{"scenario":{}}'));
  const strings = (value) =>
    typeof value === "string" ? [value] : value && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
  const keys = (value) =>
    value && typeof value === "object" ? Object.entries(value).flatMap(([key, inside]) => [key, ...keys(inside)]) : [];
  const { title: _title, description: _description, ...rest } = scenario;
  const coordinators = Array.from({ length: 8 }, (_, at) => `coordinator-${at + 1}`);
  const roles = [...coordinators, "system", "recovery", "commander", "dispatcher", "operator", "auditor", "observer"];
  const kinds = ["fire", "medical", "police", "general", "rescue", "flood", "hazmat", "utility", "storm"];
  return [...new Set([...strings(rest), ...keys(rest), ...roles, ...kinds, ...TYPED])].filter((name) => /^\S.{0,60}$/.test(name));
}

/** A page with bracketed texts, which also records what is painted on its canvases. */
async function inBrackets(page, address) {
  await page.route("**/locales/de.json", (route) => route.fulfill({ contentType: "application/json", body: pseudo() }));
  await page.addInitScript(() => {
    window.painted = new Set();
    for (const name of ["fillText", "strokeText"]) {
      const paint = CanvasRenderingContext2D.prototype[name];
      CanvasRenderingContext2D.prototype[name] = function (text, ...rest) {
        window.painted.add(String(text));
        return paint.call(this, text, ...rest);
      };
    }
  });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, address);
  await expect(language(page)).toHaveValue("de");
}

test.describe("every text goes through the catalogue", () => {
  test.describe.configure({ timeout: 180_000 });
  test.use({ actionTimeout: 15_000 });

  /** The untranslated texts, by where they were found; each text once. */
  let found;
  let names;
  const look = async (page, state, anew = true) => {
    if (anew) names = await namesIn(page);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    for (const [where, text] of await foreign(page, names)) {
      const told = `${where}: ${text.trim().slice(0, 160)}`;
      if (!found.has(told)) found.set(told, state);
    }
  };
  test.beforeEach(() => {
    found = new Map();
  });
  test.afterEach(() => {
    expect([...found].map(([told, state]) => `${state}: ${told}`).sort(), "texts beside the catalogue").toEqual([]);
  });

  const VIEWS = ["diagram", "clocks", "slots", "compare", "latency", "log", "audit", "overview"];
  for (const [name, ms] of [
    ["emergency-response", 17_000],
    ["failure-recovery", 21_000],
    ["coordinators", 12_000],
    ["causal-delivery", 9_000],
    ["partition", 15_000],
  ]) {
    test(`in the views of ${name}`, async ({ page, site }) => {
      await inBrackets(page, `${site.root}?lang=de&scenario=${name}`);
      await seek(page, ms);
      await look(page, "stage");
      for (const view of VIEWS) {
        await call(page, "view", view);
        await expect(page.getByTestId(`tab-${view}`)).toHaveAttribute("aria-selected", "true");
        if (view === "latency") await expect(page.getByTestId("chart-start").locator("canvas")).toBeVisible();
        await look(page, view);
      }
      await call(page, "view", "diagram");
      const events = await call(page, "eventCount");
      const kinds = new Set();
      const lines = (await call(page, "trace")).split("\n").filter(Boolean).map((line) => JSON.parse(line));
      for (const { seq, kind } of lines.slice(0, events)) {
        if (kinds.has(kind)) continue; // each kind of event in the inspector
        kinds.add(kind);
        await call(page, "select", seq);
        await look(page, `event ${kind}`, false);
      }
      await call(page, "selectSecond", events - 1);
      await look(page, "relation");
      for (const chosen of await page.locator("[data-testid^=node-]").all()) {
        await chosen.click();
        await look(page, "process", false);
      }
      const job = page.locator("[data-testid=inspector] [data-go^=j]").first();
      if (await job.isVisible()) {
        await job.click();
        await look(page, "job");
      }
    });
  }

  test("in what is opened, asked and said", async ({ page, site }) => {
    await inBrackets(page, `${site.root}?lang=de&scenario=failure-recovery&speed=fast`);
    await expect(page.getByTestId("notice")).toBeVisible();
    await look(page, "notice of the address");
    await seek(page, 6_000);
    await page.getByTestId("share").click();
    await expect(page.getByTestId("share-link")).toBeVisible();
    await look(page, "share");
    await page.getByTestId("share").click();
    await page.getByTestId("help").click();
    await look(page, "help");
    await page.getByTestId("help-close").click();
    for (const group of ["jobs", "emergency", "faults", "network", "executors"]) {
      const head = page.getByTestId(`group-${group}`);
      if ((await head.getAttribute("aria-expanded")) === "false") await head.click();
    }
    await expect(page.getByTestId("degrade")).toBeVisible();
    await look(page, "commands");
    for (const id of ["submit-normal", "declare-high", "crash", "hang", "slow", "partition", "drain", "degrade", "forge-clock", "split", "unite", "add", "remove", "clear"]) {
      const button = page.getByTestId(id);
      if (!(await button.isEnabled())) continue;
      await button.click();
      await look(page, id);
    }
    await seek(page, 20_000);
    await look(page, "after commands");
    await page.getByTestId("branches").click();
    await expect(page.getByTestId("history-menu")).toBeVisible();
    await look(page, "branches");
    await page.getByTestId("marker-name").fill("⟦here⟧");
    await page.getByTestId("add-marker").click();
    await look(page, "mark");
    await page.keyboard.press("Escape");
    await call(page, "view", "audit");
    await page.getByTestId("alter").click();
    await look(page, "altered audit");
    await call(page, "view", "clocks");
    await page.getByTestId("show-cut").click();
    await look(page, "cut");
    await page.getByTestId("cut-take").click();
    await look(page, "cut taken");
    await call(page, "view", "log");
    for (const query of ["kind:", "nonsense:1", "kind:job_started", "zzz"]) {
      await page.getByTestId("log-query").fill(query);
      await look(page, `query ${query}`);
    }
    for (const wrong of ["{", '{"format":1,"name":"x"}', '{"run_format":9}']) {
      await page.evaluate((wrong) => {
        try {
          window.triage.open(wrong);
        } catch (problem) {
          document.querySelector("[data-testid=file-problem]")?.append(problem.message);
        }
      }, wrong);
    }
  });

  test("in a lesson, its answers and the glossary", async ({ page, site }) => {
    await inBrackets(page, `${site.root}?lang=de`);
    await page.getByTestId("lessons").click();
    await expect(page.getByTestId("lesson-list")).toBeVisible();
    await look(page, "list");
    await page.getByTestId("open-glossary").click();
    await expect(page.getByTestId("glossary")).toBeVisible();
    await look(page, "glossary");
    await page.getByTestId("glossary-close").click();
    for (const [lesson, steps] of [
      ["messages", 6],
      ["emergency-response", 9],
      ["fencing", 8],
      ["clocks-compared", 8],
    ]) {
      await call(page, "openLesson", lesson);
      await expect(page.getByTestId("lesson-step")).toBeVisible();
      for (let step = 0; step < steps; step += 1) {
        await look(page, `${lesson} ${step + 1}`);
        for (const answer of await page.getByTestId("answer").all()) {
          if (await answer.isDisabled()) continue;
          await answer.click();
          await look(page, `${lesson} ${step + 1}, answered`, false);
        }
        const perform = page.getByTestId("task-perform");
        if (await perform.isVisible()) await perform.click();
        await page.getByTestId("lesson-next").click();
      }
      await expect(page.getByTestId("lesson-end")).toBeVisible();
      await look(page, `${lesson}, the end`);
    }
    await call(page, "openLesson", "none");
    await expect(page.getByTestId("lesson-problem")).toBeVisible();
    await look(page, "no lesson");
  });

  test("in the import of logs and alerts", async ({ page, site }) => {
    await inBrackets(page, `${site.root}?lang=de`);
    await call(page, "pause");
    const log = ["hello", 'a {"a":1}', "answer", 'b {"a":1,"b":1}'].join("\n");
    await call(page, "import", log, "two.log");
    await expect(page.getByTestId("import-says")).toContainText("2");
    await look(page, "log");
    await page.getByTestId("import-parser").fill("(?<host>");
    await page.getByTestId("import-parser").press("Tab");
    await expect(page.getByTestId("import-problem")).toBeVisible();
    await page.getByTestId("import-close").click();
    const alert = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>i</identifier><sender>s</sender><sent>2026-01-01T00:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Fire</category><event>e</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty><area><areaDesc>d</areaDesc></area></info></alert>`;
    await call(page, "import", alert, "a.xml");
    await expect(page.getByTestId("import-rows")).toBeVisible();
    await look(page, "alert");
    await page.getByTestId("import-close").click();
    await call(page, "import", "<alert>", "b.xml");
    await look(page, "damaged alert");
  });

  test("on a phone", async ({ page, site }) => {
    await page.setViewportSize(PHONE);
    await inBrackets(page, `${site.root}?lang=de`);
    await call(page, "pause");
    for (const part of ["stage", "dock", "side", "commands"]) {
      await page.getByTestId(`view-${part}`).click();
      await look(page, part);
    }
  });
});

// (b) Choosing a language -----------------------------------------------------------------------------------------------

/** What must be preserved when the language changes. */
async function kept(page) {
  const { cursor, trace_hash, current, versions, markers } = JSON.parse(await call(page, "save"));
  return {
    cursor,
    trace_hash,
    current,
    versions,
    markers,
    link: (await call(page, "link")).replace(/&lang=\w+/, ""),
    tab: await page.getByRole("tab", { selected: true }).getAttribute("data-testid"),
    place: await page.getByTestId("declare-place").inputValue(),
  };
}

/** Creates an example of everything that must be preserved. */
async function actAndLook(page) {
  await act(page);
  await seek(page, 7_000);
  await command(page, { submit_normal_job: { work_us: 900_000 } });
  await seek(page, 12_000);
  await call(page, "view", "clocks");
  await call(page, "select", 40);
  await call(page, "selectSecond", 49);
  await page.getByTestId("panel-dock").click();
  await page.getByTestId("panel-dock").click();
  await page.getByTestId("declare-place").fill("the old mill");
}

test("a change of language in mid-run loses nothing", async ({ page, witness }) => {
  void witness;
  await open(page);
  await actAndLook(page);
  const before = await kept(page);
  expect(before.versions.length).toBeGreaterThan(2);
  await language(page).selectOption({ label: GERMAN });
  await expect(html(page)).toHaveAttribute("lang", "de");
  await expect(language(page)).toHaveValue("de");
  await expect(language(page)).toBeFocused();
  expect(await kept(page)).toEqual(before);
  // Each listener is registered once.
  const { versions } = JSON.parse(await call(page, "save"));
  await page.getByTestId("page").locator("h1").click();
  await page.keyboard.press("n");
  await expect.poll(async () => JSON.parse(await call(page, "save")).versions.length).toBe(versions.length + 1);
  await call(page, "play");
  const moving = await page.getByTestId("time").innerText();
  await expect(page.getByTestId("time")).not.toHaveText(moving);
  await call(page, "pause");
  await language(page).selectOption({ label: "English" });
  await expect(html(page)).toHaveAttribute("lang", "en");
  await expect(page.getByTestId("help")).toHaveAccessibleName("Help");
  await expect(page.locator("[data-testid^=node-]").first()).toBeVisible();
});

test("a lesson goes on where it was", async ({ page, witness }) => {
  void witness;
  await open(page);
  await call(page, "openLesson", "messages");
  await expect(page.getByTestId("lesson-step")).toBeVisible();
  await page.getByTestId("lesson-next").click();
  await page.getByTestId("answer").first().click();
  await expect(page.getByTestId("verdict")).toBeVisible();
  const state = () =>
    page.getByTestId("answer").evaluateAll((all) => all.map((one) => one.dataset.state));
  const [before, run] = [await state(), await call(page, "save")];
  await language(page).selectOption({ label: GERMAN });
  await expect(html(page)).toHaveAttribute("lang", "de");
  await expect(page.getByTestId("verdict")).toBeVisible();
  expect(await state()).toEqual(before);
  expect(await call(page, "save")).toBe(run);
  await page.getByTestId("lesson-close").click();
  await expect(page.getByTestId("lesson")).toHaveCount(0);
});

test("what was chosen is remembered", async ({ page }) => {
  await open(page);
  await expect(html(page)).toHaveAttribute("lang", "en");
  await language(page).selectOption({ label: GERMAN });
  await expect(html(page)).toHaveAttribute("lang", "de");
  await page.reload();
  await expect(html(page)).toHaveAttribute("lang", "de");
  await expect(language(page)).toHaveValue("de");
  // An address counts for its visit, until the user chooses a language.
  await open(page, "./?lang=en");
  await expect(html(page)).toHaveAttribute("lang", "en");
  await open(page, "./");
  await expect(language(page)).toHaveValue("de");
  await open(page, "./?lang=de#at=3");
  await language(page).selectOption({ label: "English" });
  await expect(html(page)).toHaveAttribute("lang", "en");
  expect(page.url()).toMatch(/\/#at=3$/);
  await page.reload();
  await expect(language(page)).toHaveValue("en");
});

test("a link opens in the language it was made in, and is not remembered", async ({ page, browser }) => {
  await open(page);
  await actAndLook(page);
  await language(page).selectOption({ label: GERMAN });
  await expect(language(page)).toHaveValue("de");
  await page.getByTestId("share").click();
  const address = await page.getByTestId("share-link").inputValue();
  expect(address).toMatch(/#run=2\.[^&]*&lang=de$/);
  await expect(page.getByTestId("share-embed")).toHaveValue(/ run="2\.[^"]*" lang="de"><\/triage-sim>$/);
  const context = await browser.newContext({ locale: "en-GB" });
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByTestId("stage")).toBeVisible();
  await expect(html(other)).toHaveAttribute("lang", "de");
  await expect(language(other)).toHaveValue("de");
  const hash = async (page) => JSON.parse(await call(page, "save")).trace_hash;
  expect(await hash(other)).toBe(await hash(page));
  expect(await overview(other)).toEqual(await overview(page));
  expect(await other.evaluate(() => localStorage.getItem("triage.lang"))).toBeNull();
  // Pasted into an open page, it changes the language as well.
  await other.goto(`${address.split("#")[0]}#lang=en`);
  await expect(html(other)).toHaveAttribute("lang", "en");
  await expect(language(other)).toHaveValue("en");
  await context.close();
});

test("the browser's languages count when nothing else does", async ({ browser, site }) => {
  for (const [locale, lang] of [
    ["de-AT", "de"],
    ["fr-FR", "en"],
  ]) {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await open(page, site.root);
    await expect(html(page)).toHaveAttribute("lang", lang);
    await context.close();
  }
});

test("an English visit asks for no catalogue; texts that do not come are told", async ({ page, site, witness }) => {
  await open(page, site.root);
  expect(witness.requests.filter((url) => url.includes("locales/"))).toEqual([]);
  await page.route("**/locales/de.json", (route) => route.fulfill({ body: "[]", contentType: "application/json" }));
  await open(page, `${site.root}?lang=de`);
  await expect(page.getByTestId("notice")).toContainText(GERMAN);
  await expect(page.getByTestId("help")).toHaveAccessibleName("Help");
  await expect(html(page)).toHaveAttribute("lang", "en");
  await expect(language(page)).toHaveValue("en");
  // A choice that fails is reverted.
  await language(page).selectOption({ label: GERMAN });
  await expect(page.getByTestId("notice")).toContainText(GERMAN);
  await expect(language(page)).toHaveValue("en");
  await expect(html(page)).toHaveAttribute("lang", "en");
  await page.unroute("**/locales/de.json");
  await language(page).selectOption({ label: GERMAN });
  await expect(html(page)).toHaveAttribute("lang", "de");
  await expect(page.getByTestId("notice")).toHaveCount(0);
});

test("numbers have the mark of the language", async ({ page, site }) => {
  await open(page, `${site.root}?lang=de`);
  await seek(page, 3_200);
  await expect(page.getByTestId("time")).toHaveText(/^\d+:\d\d,\d+$/);
  await language(page).selectOption({ label: "English" });
  await expect(page.getByTestId("time")).toHaveText(/^\d+:\d\d\.\d+$/);
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, PHONE]) {
    test.describe(`${colorScheme}, ${viewport.width} px`, () => {
      test.use({ colorScheme, viewport, hasTouch: viewport === PHONE });

      test("axe finds no violation in German, and nothing is wider than the screen", async ({ page, site }) => {
        await open(page, `${site.root}?lang=de`);
        await call(page, "pause");
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
        const overhang = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
        expect(overhang).toBeLessThanOrEqual(0);
      });
    });
  }
}
