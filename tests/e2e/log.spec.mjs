// The log: filters, search, length, and only visible lines in the document.

import AxeBuilder from "@axe-core/playwright";
import { builtIn, expect, load, open, seek, test, trace } from "./fixtures.mjs";

const log = (page) => page.getByTestId("log");
const lines = (page) => log(page).locator("button[data-go]");

/** The indices in the trace of the lines in the document. */
const places = (page) => lines(page).evaluateAll((all) => all.map((line) => Number(line.dataset.go.slice(1))));

/** The number of shown events according to the summary. */
async function shown(page) {
  const words = await page.getByTestId("log-words").textContent();
  return Number(/^(?:All )?(\d+)/.exec(words)[1]);
}

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
  await page.getByTestId("tab-log").click();
  await load(page, builtIn("failure-recovery"));
  await seek(page, 20_000);
});

test("filters by weight, process and kind, and says what is hidden", async ({ page }) => {
  const events = (await trace(page)).filter((event) => event.t_us <= 20_000_000);
  await page.getByTestId("log-filter").selectOption("quiet");
  await expect(page.getByTestId("log-words")).toHaveText(`All ${events.length} events so far.`);
  const reassigned = events.filter((event) => event.kind === "job_reassigned");
  expect(reassigned.length).toBeGreaterThan(0);
  await page.getByTestId("log-kind").selectOption("job_reassigned");
  await expect(lines(page)).toHaveCount(reassigned.length);
  await expect(page.getByTestId("log-words")).toHaveText(
    `${reassigned.length} of ${events.length} events so far, of kind job_reassigned; ` +
      `${events.length - reassigned.length} hidden.`,
  );
  await page.getByTestId("log-kind").selectOption("");
  await page.getByTestId("log-process").selectOption({ label: "fire-station" });
  const own = events.filter((event) => event.process === "fire-station");
  expect(await shown(page)).toBe(own.length);
  await page.getByTestId("log-filter").selectOption("plain");
  expect(await shown(page)).toBeLessThan(own.length);
});

test("a search says how many events it finds, and what is wrong with it", async ({ page }) => {
  const events = (await trace(page)).filter((event) => event.t_us <= 20_000_000);
  const started = events.filter((event) => event.kind === "job_started").length;
  await page.getByTestId("log-query").fill("kind:job_started");
  await expect(page.getByTestId("log-words")).toContainText(`${started} of ${events.length}`);
  await page.getByTestId("log-query").fill("kind:job_startled");
  await expect(page.getByTestId("log-words")).toContainText("did you mean job_started?");
  await page.getByTestId("log-query").fill("kind:executor_failed -> kind:job_started");
  await expect(page.getByTestId("log-words")).toContainText("in their past");
  expect(await shown(page)).toBeLessThan(started);
});

test("a click looks at an event and goes to its moment, and what was seen stays in sight", async ({ page }) => {
  await page.getByTestId("log-query").fill("kind:job_orphaned");
  const all = await lines(page).count();
  await lines(page).first().click();
  await expect(page.getByTestId("time")).toHaveText("00:09.337");
  await expect(page.getByTestId("inspector")).toContainText("job_orphaned");
  await expect(lines(page)).toHaveCount(all);
  await expect(lines(page).first()).toHaveClass(/chosen/);
  await expect(log(page).locator("[aria-current]")).toContainText("00:09.337");
});

test("the line of the cursor is in sight wherever the cursor goes", async ({ page }) => {
  for (const ms of [20_000, 3_000, 12_000, 0, 31_000]) {
    await seek(page, ms);
    const current = log(page).locator("[aria-current]");
    await expect(current).toBeVisible();
    const box = await current.boundingBox();
    const room = await log(page).boundingBox();
    expect(box.y).toBeGreaterThanOrEqual(room.y - 1);
    expect(box.y + box.height).toBeLessThanOrEqual(room.y + room.height + 1);
  }
});

test("only the lines in sight are in the document, and every line can be scrolled to", async ({ page }) => {
  await page.getByTestId("log-filter").selectOption("quiet");
  const events = (await trace(page)).filter((event) => event.t_us <= 20_000_000);
  expect(await lines(page).count()).toBeLessThan(60);
  await log(page).evaluate((element) => element.scrollTo(0, 0));
  await expect.poll(async () => (await places(page))[0]).toBe(0);
  await log(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect.poll(async () => (await places(page)).at(-1)).toBe(events.length - 1);
});

for (const [name, viewport] of [
  ["desk", { width: 1440, height: 900 }],
  ["phone", { width: 390, height: 844 }],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ viewport: { width: 1440, height: 900 }, colorScheme });
      test("axe finds no violation in the log", async ({ page }) => {
        await page.setViewportSize(viewport);
        if (name === "phone") await page.getByTestId("view-dock").click();
        await expect(lines(page).first()).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).include("[data-testid=dock]").analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target)}`)).toEqual([]);
      });
    });
  }
}
