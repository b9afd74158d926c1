// The editor of scenarios and lessons: its text, its form, and what becomes of them.

import AxeBuilder from "@axe-core/playwright";
import { call, expect, open, test } from "./fixtures.mjs";

const title = async (page) => (await call(page, "state")).title;

/** Opens the editor and waits until the text has come. */
async function edit(page, address = "?edit=scenario") {
  await open(page, address);
  await expect(page.getByTestId("editor")).toBeVisible();
  await expect(page.locator(".cm-content")).toBeAttached();
}

/** Puts the cursor behind a piece of the text, as a person finds it. */
async function goBehind(page, piece) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+f");
  await page.locator(".cm-search [name=search]").fill(piece);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowRight");
}

test("a scenario that is broken says where, and the run goes on", async ({ page, witness }) => {
  await open(page);
  await page.getByTestId("edit").click();
  await expect(page.locator(".cm-content")).toBeVisible();
  await expect(page.getByTestId("editor-status")).toHaveAttribute("data-state", "good");
  const before = (await call(page, "state")).now_ms;
  await goBehind(page, '"capacity": 3');
  await page.keyboard.type("000, \"colour\": 7");
  await expect(page.getByTestId("editor-status")).toHaveText("One problem.");
  const problem = page.getByTestId("editor-problem");
  await expect(problem).toContainText("Line 9");
  await expect(problem).toContainText("executors[0].colour");
  await expect(problem).toContainText("unknown field `colour`");
  await expect(page.locator(".cm-lint-marker-error")).toHaveCount(1);
  await expect(page.getByTestId("editor-run")).toBeDisabled();
  // The run of the page plays all the while, and is the same.
  await expect.poll(async () => (await call(page, "state")).now_ms).toBeGreaterThan(before);
  expect(await title(page)).toBe("Mixed workload");
  // Mended, but for what is out of range.
  for (let letter = 0; letter < ', "colour": 7'.length; letter += 1) await page.keyboard.press("Backspace");
  await expect(problem).toContainText("executors[0].capacity");
  await expect(problem).toContainText("3000 slots are too many");
  await problem.click();
  await expect(page.locator(".cm-content")).toBeFocused();
  await page.keyboard.type("2");
  await expect(page.getByTestId("editor-status")).toHaveAttribute("data-state", "good");
  await page.getByTestId("editor-run").click();
  await expect(page.getByTestId("editor")).toBeHidden();
  await expect(page.getByTestId("editor-bar")).toBeVisible();
  const scenario = JSON.parse(await call(page, "save")).scenario;
  expect(scenario.executors[0].capacity).toBe(2);
  // Back to where it was left.
  await page.getByTestId("editor-back").click();
  await expect(page.getByTestId("editor")).toBeVisible();
  await expect(page.locator(".cm-content")).toContainText('"capacity": 2');
});
