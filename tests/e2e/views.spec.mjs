// The views of the dock: what they draw is there, agrees with the run, and follows the cursor.

import AxeBuilder from "@axe-core/playwright";
import { builtIn, expect, load, open, seek, test, trace } from "./fixtures.mjs";

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
  await load(page, builtIn("mixed-workload"));
});

test("latency charts are drawn, and say in words what the run shows", async ({ page }) => {
  await seek(page, 40_000);
  await page.getByTestId("tab-latency").click();
  const chart = page.getByTestId("chart-start");
  await expect(chart.locator("canvas")).toBeVisible();
  const started = new Set();
  for (const event of await trace(page)) {
    if (event.kind === "job_started" && event.class === "normal") started.add(event.job);
  }
  await expect(chart).toContainText(`${started.size} normal starts`);
  for (const id of ["distribution", "waiting", "utilisation", "messages"]) {
    await expect(page.getByTestId(`chart-${id}`).locator("canvas")).toHaveCount(1);
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
});

test("the dock's height follows keys and is remembered", async ({ page }) => {
  const dock = page.getByTestId("dock");
  const height = async () => (await dock.boundingBox()).height;
  const before = await height();
  const splitter = page.getByTestId("splitter");
  await splitter.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowUp");
  await expect(splitter).toHaveAttribute("aria-valuenow", "55");
  expect(await height()).toBeGreaterThan(before + 100);
  await page.reload();
  await expect(page.getByTestId("splitter")).toHaveAttribute("aria-valuenow", "55");
  await page.getByTestId("splitter").focus();
  await page.keyboard.press("Home");
  await expect(page.getByTestId("stage")).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("stage")).toBeVisible();
});
