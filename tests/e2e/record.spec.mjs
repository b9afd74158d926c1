// Recording: commands issued on the stage become a scenario that repeats the run.

import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { builtIn, call, expect, load, open, seek, test, trace } from "./fixtures.mjs";

/** The events without those about the run itself. */
const happened = (events) =>
  events.filter((event) => event.kind !== "run_started").map(({ kind, t_us, process, job }) => [kind, t_us, process, job].join(" "));

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
  await load(page, builtIn("basic-operation"));
  await seek(page, 3_050);
  await page.getByTestId("declare-critical").click();
  await seek(page, 4_550);
  await page.getByTestId("crash").click();
  await seek(page, 6_070);
  await page.getByTestId("submit-emergency").click();
  await page.getByTestId("branches").click();
  await page.getByTestId("record-title").fill("A bad morning");
});

test("what was done is opened as a scenario that gives the same events", async ({ page }) => {
  await seek(page, 20_000);
  const before = happened(await trace(page));
  expect(before.some((line) => line.startsWith("executor_failed"))).toBe(true);
  await page.getByTestId("record-open").click();
  await expect(page.getByTestId("record-said")).toContainText("it gives the same events");
  const { name, title, commands } = JSON.parse(await call(page, "save")).scenario;
  expect([name, title]).toEqual(["a-bad-morning", "A bad morning"]);
  const done = commands.map(({ action }) => Object.keys(action)[0]);
  for (const action of ["declare_emergency", "crash", "submit_emergency_job"]) expect(done).toContain(action);
  await seek(page, 20_000);
  expect(happened(await trace(page))).toEqual(before);
});

test("it is saved as a file that the page opens again; without a title nothing is written", async ({ page }) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("record-save").click()]);
  expect(download.suggestedFilename()).toBe("a-bad-morning.json");
  const scenario = JSON.parse(readFileSync(await download.path(), "utf8"));
  expect(scenario.title).toBe("A bad morning");
  await seek(page, 20_000);
  const before = happened(await trace(page));
  await load(page, scenario);
  await seek(page, 20_000);
  expect(happened(await trace(page))).toEqual(before);
  const menu = page.getByTestId("history-menu");
  if (!(await menu.isVisible())) await page.getByTestId("branches").click();
  await page.getByTestId("record-title").fill(" ");
  await page.getByTestId("record-open").click();
  await expect(page.getByTestId("record-said")).toContainText("title");
  const { violations } = await new AxeBuilder({ page }).include("#history-menu").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
