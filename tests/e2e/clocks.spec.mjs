// The clocks: what each process knows, how one event changed that, how three clocks compare two events, and manual
// cuts.

import AxeBuilder from "@axe-core/playwright";
import { builtIn, expect, load, open, overview, seek, test, trace } from "./fixtures.mjs";

const NAMES = ["system", "coordinator-1", "recovery", "medical-centre", "fire-station", "general-1", "harbour"];

/** The matrix as shown: for each process by name, what it knows and lacks about each other one. */
const matrix = (page) =>
  page.getByTestId("matrix").locator("tbody tr").evaluateAll((rows) =>
    Object.fromEntries(
      rows.map((row) => [
        row.querySelector("th button").title,
        [...row.querySelectorAll("td")].map((cell) => [
          Number(cell.querySelector(".cell").textContent),
          Number(cell.querySelector("small")?.textContent.replace("−", "-") ?? 0),
        ]),
      ]),
    ),
  );

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
  await page.getByTestId("tab-clocks").click();
  await load(page, builtIn("failure-recovery"));
  await seek(page, 9_360);
});

test("the matrix agrees with the exported vectors", async ({ page }) => {
  const last = {};
  for (const event of await trace(page)) if (event.process !== null && event.t_us <= 9_360_000) last[event.process] = event.vc;
  const shown = await matrix(page);
  expect(Object.keys(shown)).toEqual(NAMES);
  for (const knower of NAMES) {
    const expected = NAMES.map((known) => {
      const value = last[knower]?.[known] ?? 0;
      return [value, value - (last[known]?.[known] ?? 0)];
    });
    expect(shown[knower], knower).toEqual(expected);
  }
  await expect(page.getByTestId("clock-step")).toContainText("knows least");
});

test("the step of the chosen event is shown with the rule of each clock", async ({ page }) => {
  await page.getByTestId("show-compare").click();
  await page.getByTestId("compare-first").fill("228");
  await page.getByTestId("compare-first").press("Enter");
  const step = page.getByTestId("clock-step");
  await expect(step).toContainText('coordinator-1 receives "executor failed"');
  await expect(step).toContainText("Entry-wise maximum, then coordinator-1 increases its own entry: 36 → 37.");
  const event = (await trace(page))[228];
  await expect(step).toContainText(`+ 1 = ${event.lamport}`);
  await expect(step.locator(".steps tr")).toHaveCount(3);
});

test("what scalars cannot tell is said", async ({ page }) => {
  const events = await trace(page);
  const before = (a, b) => (b.vc[a.process] ?? 0) >= a.vc[a.process];
  const recent = events.filter((event) => event.process !== null && event.t_us > 9_000_000 && event.t_us < 9_360_000);
  const pairs = recent.flatMap((a) => recent.filter((b) => b.seq > a.seq).map((b) => [a, b]));
  const concurrent = pairs.find(([a, b]) => !before(a, b) && !before(b, a) && a.lamport < b.lamport);
  const ordered = pairs.find(([a, b]) => a.process !== b.process && before(a, b));
  await page.getByTestId("show-compare").click();
  const compare = async ([a, b]) => {
    for (const [id, event] of [["compare-first", a], ["compare-second", b]]) {
      await page.getByTestId(id).fill(String(event.seq));
      await page.getByTestId(id).press("Enter");
    }
  };
  const result = page.getByTestId("clock-compare");
  await compare(concurrent);
  const [a, b] = concurrent;
  await expect(result).toContainText(`${a.lamport} < ${b.lamport}: this does not show that the events are concurrent. Only the vector clocks do.`);
  await compare(ordered);
  await expect(result).toContainText("happened before");
  await expect(result).toContainText("this agrees with happened before");
});

test("a cut that breaks causality is named, repaired and restored", async ({ page }) => {
  await page.getByTestId("show-cut").click();
  const verdict = page.getByTestId("cut-verdict");
  await expect(verdict).toHaveAttribute("data-consistent", "true");
  await expect(page.getByTestId("cut-largest")).toBeDisabled();
  const recovery = page.getByTestId("cut-number-recovery");
  const taken = Number(await recovery.inputValue());
  await recovery.fill(String(taken - 14));
  await expect(verdict).toHaveAttribute("data-consistent", "false");
  await expect(verdict).toContainText(/message \d+ \(\w+ from recovery to [\w-]+\) is received inside the cut but sent outside/);
  await expect(page.getByTestId("cut-range-recovery")).toHaveValue(String(taken - 14));
  const coordinator = Number(await page.getByTestId("cut-number-coordinator-1").inputValue());
  await page.getByTestId("cut-largest").click();
  await expect(verdict).toHaveAttribute("data-consistent", "true");
  await expect(recovery).toHaveValue(String(taken - 14));
  expect(Number(await page.getByTestId("cut-number-coordinator-1").inputValue())).toBeLessThan(coordinator);
  await page.getByTestId("cut-restore").click();
  await expect(verdict).toHaveAttribute("data-consistent", "false");
  await expect(page.getByTestId("cut-number-coordinator-1")).toHaveValue(String(coordinator));
  await page.getByTestId("cut-range-recovery").focus();
  for (let pressed = 0; pressed < 14; pressed += 1) await page.keyboard.press("ArrowRight");
  await expect(verdict).toHaveAttribute("data-consistent", "true");
});

test("a hundred processes are usable: few cells in the document, every one in reach", async ({ page }) => {
  const scenario = builtIn("basic-operation");
  scenario.commands = [];
  scenario.executors = Array.from({ length: 97 }, (_, index) => ({
    id: `regional-command-post-sector-${String(index + 1).padStart(2, "0")}`,
    capacity: 2,
    capabilities: ["general"],
  }));
  await load(page, scenario);
  await seek(page, 3_000);
  expect(await page.getByTestId("matrix").locator("td").count()).toBeLessThan(400);
  await page.getByTestId("matrix").evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight));
  const last = "regional-command-post-sector-97";
  await expect(page.getByTestId("matrix").locator("tbody tr").last().getByRole("button")).toHaveAttribute("title", last);
  await expect(page.getByTestId("matrix").locator("thead th").last()).toHaveAttribute("title", last);
  const room = await page.getByTestId("matrix").boundingBox();
  for (const part of ["thead th", "tbody tr"]) {
    const box = await page.getByTestId("matrix").locator(part).last().boundingBox();
    expect(box.x + box.width).toBeLessThanOrEqual(room.x + room.width + 1);
    expect(box.y + box.height).toBeLessThanOrEqual(room.y + room.height + 1);
  }
  expect((await overview(page)).executors).toHaveLength(97);
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test("axe finds no violation in the matrix, a comparison and a cut", async ({ page }) => {
      for (const shown of ["show-matrix", "show-compare", "show-cut"]) {
        await page.getByTestId(shown).click();
        const { violations } = await new AxeBuilder({ page }).include("[data-testid=dock]").analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target)}`)).toEqual([]);
      }
    });
  });
}
