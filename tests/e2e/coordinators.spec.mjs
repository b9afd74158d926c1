// Several coordinators: faults, jobs that wait for a restart, and what each one knows about the others.

import { builtIn, expect, load, open, seek, test } from "./fixtures.mjs";

const inspector = (page) => page.getByTestId("inspector");

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
});

test("a crashed coordinator is shown as crashed, and its jobs say that they wait for its restart", async ({ page }) => {
  await load(page, builtIn("coordinators"));
  await seek(page, 12_000);
  const node = page.getByTestId("node-coordinator-2");
  await expect(node).toHaveAttribute("data-condition", "crashed");
  await expect(node).toHaveAttribute("data-health", "failed");
  await expect(node).toContainText("crashed");
  await expect(node).toContainText("owns 2 jobs");
  await expect(page.getByTestId("waiting")).toContainText("job-8: coordinator-2 (down)");
  await node.click();
  await inspector(page).locator("button[data-go^=j]").first().click();
  await expect(inspector(page)).toContainText("coordinator-2 is down and will reassign it after its restart");
  await page.getByTestId("node-coordinator-1").click();
  await expect(inspector(page)).toContainText(/coordinator-2: owns 2 jobs, 2 with executors, emergency version 0; \d+ ms ago/);
});

test("faults are aimed at a coordinator and at recovery, but neither can be slow or drained", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  await seek(page, 2_000);
  for (const name of ["coordinator-1", "recovery"]) {
    const node = page.getByTestId(`node-${name}`);
    await page.getByTestId("fault-target").selectOption(name);
    await expect(page.getByTestId("slow")).toBeDisabled();
    await expect(page.getByTestId("drain")).toBeDisabled();
    await page.getByTestId("crash").click();
    await expect(node).toHaveAttribute("data-condition", "crashed");
    await page.getByTestId("crash").click();
    await expect(node).toHaveAttribute("data-condition", "up");
    await page.getByTestId("hang").click();
    await expect(node).toHaveAttribute("data-condition", "hung");
    await page.getByTestId("hang").click();
    await expect(node).toHaveAttribute("data-condition", "up");
  }
});
