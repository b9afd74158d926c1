// Imports in the page: logs of other systems and public alerts.

import AxeBuilder from "@axe-core/playwright";
import { call, expect, open, test } from "./fixtures.mjs";

/** Opens a file with the menu, as a user does. */
async function importFile(page, name, text) {
  await page.getByTestId("branches").click();
  const chosen = page.waitForEvent("filechooser");
  await page.getByTestId("import-file").click();
  await (await chosen).setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

/** A ring of processes, each of which sends to the next one. */
function ring(hosts, rounds) {
  const known = Array(hosts).fill(0);
  const lines = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (let host = 0; host < hosts; host += 1) {
      known[host] = round;
      const clock = known.map((count, other) => [`p${other}`, count]).filter(([, count]) => count > 0);
      lines.push(`turn ${round}`, `p${host} ${JSON.stringify(Object.fromEntries(clock))}`);
    }
  }
  return lines.join("\n");
}

test("a log of 20,000 events opens, is compared, found in, and moved through", async ({ page, witness }) => {
  await open(page);
  await importFile(page, "ring.log", ring(20, 1000));
  await expect(page.getByTestId("import-says")).toHaveText("20000 events of 20 processes.");
  expect((await new AxeBuilder({ page }).include("[data-testid=import]").analyze()).violations).toEqual([]);
  await page.getByTestId("import-show").click();
  await expect(page.getByTestId("import")).toHaveCount(0);
  await expect(page.locator("#diagram-canvas")).toBeVisible();
  await expect(page.getByTestId("stage")).toBeHidden();
  expect(await call(page, "eventCount")).toBe(20_000);
  await call(page, "select", 10_000);
  // In a ring, everything earlier is in the past and everything later in the future.
  await expect(page.getByTestId("dock")).toContainText("10000 before");
  await expect(page.getByTestId("dock")).toContainText("9999 after");
  await call(page, "seek", 5000);
  expect(await call(page, "eventCount")).toBe(5000);
  await page.getByTestId("tab-clocks").click();
  await expect(page.getByTestId("dock")).toContainText("the log contains no wall-clock times");
  // It can't be changed, and a scenario replaces it.
  const command = { at_us: 0, principal: "commander", action: { crash: { process: "p1" } } };
  await expect(call(page, "command", JSON.stringify(command))).rejects.toThrow("you can view it, but not change it");
  await page.getByTestId("scenario").selectOption({ index: 1 });
  await expect(page.getByTestId("stage")).toBeVisible();
  expect(witness.problems).toEqual([]);
});

test("a parser expression, a delimiter and several executions", async ({ page, witness }) => {
  await open(page);
  const log = [
    "(?<host>\\w+) says (?<event>.*) at (?<clock>\\{.*\\})",
    "^-- (?<trace>.*)$",
    "-- morning",
    'a says hello at {"a":1}',
    "-- evening",
    'a says good night at {"a":1}',
    'b says you too at {"a":1,"b":1}',
    "and this is no event",
  ].join("\n");
  await importFile(page, "two.log", log);
  const says = page.getByTestId("import-says");
  await expect(says).toContainText("1 events of 1 processes");
  await expect(says).toContainText("1 line matches nothing and is skipped: line 8");
  await page.getByTestId("import-execution").selectOption({ label: "evening" });
  await expect(says).toContainText("2 events of 2 processes");
  await page.getByTestId("import-parser").fill("(?<host>\\w+ says");
  await page.getByTestId("import-parser").press("Tab");
  await expect(page.getByTestId("import-problem")).toContainText("the parser isn't a valid regular expression");
  await expect(page.getByTestId("import-show")).toBeDisabled();
  await page.getByTestId("import-close").click();
  await expect(page.getByTestId("import")).toHaveCount(0);
  await expect(page.getByTestId("stage")).toBeVisible();
});

test("a damaged log is told by line and changes nothing", async ({ page, witness }) => {
  await open(page);
  await call(page, "pause");
  const before = await call(page, "trace");
  await importFile(page, "bad.log", 'x\na {"a":1}\ny\na {"a":3}\nz\nb {"a":9,"b":1}');
  const problem = page.getByTestId("import-problem");
  await expect(problem).toContainText("line 3: a goes from event 1 in line 1 to event 3");
  await expect(page.getByTestId("import-show")).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("import")).toHaveCount(0);
  expect(await call(page, "trace")).toBe(before);
});

test("an expression that takes for ever is stopped, and the page stays alive", async ({ page, witness }) => {
  await open(page);
  const log = `(?<host>(x+x+)+y)(?<event>.)(?<clock>.)\n\n${"x".repeat(60)}`;
  await importFile(page, "slow.log", log);
  await expect(page.getByTestId("import-says")).toHaveText("Reading…");
  await expect(page.getByTestId("import-problem")).toContainText("took too long", { timeout: 20_000 });
});

const ALERT = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>flood-7</identifier><sender>warn@example.org</sender>
<sent>2026-11-25T10:00:00+01:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><category>Met</category><event>Flash flood</event><urgency>Immediate</urgency><severity>Extreme</severity>
<certainty>Observed</certainty><expires>2026-11-25T11:00:00+01:00</expires><area><areaDesc>Old harbour</areaDesc>
<polygon>53.5,9.9 53.6,9.9 53.6,10.1 53.5,9.9</polygon></area></info></alert>`;

test("alerts show what they will do, and are loaded as an exercise", async ({ page, witness }) => {
  await open(page);
  await importFile(page, "flood.xml", ALERT);
  const rows = page.getByTestId("import-rows");
  await expect(rows).toContainText("flood-7");
  await expect(rows).toContainText("Alert; Flash flood, Extreme, Met");
  await expect(rows).toContainText("00:05: declares emergency-1: natural_disaster, CRITICAL");
  expect((await new AxeBuilder({ page }).include("[data-testid=import]").analyze()).violations).toEqual([]);
  await page.getByTestId("import-load").click();
  await expect(page.getByTestId("import")).toHaveCount(0);
  await call(page, "seek", 6000);
  await expect(page.getByTestId("emergency-line")).toContainText("Exercise: Old harbour");
  await expect(page.getByTestId("scenario").locator("option:checked")).toHaveText("Exercise: Flash flood");
});

test("a damaged alert is told with its line and changes nothing", async ({ page, witness }) => {
  await open(page);
  await call(page, "pause");
  const before = await call(page, "trace");
  await importFile(page, "bad.xml", ALERT.replace("53.6,9.9", "north,9.9"));
  await expect(page.getByTestId("import-problem")).toContainText("line 6: ");
  await expect(page.getByTestId("import-problem")).toContainText(`"north,9.9" isn't a point`);
  expect(await call(page, "trace")).toBe(before);
});
