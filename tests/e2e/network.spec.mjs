// Degraded links and network partitions, set in the commands panel.

import { builtIn, call, expect, load, open, seek, test } from "./fixtures.mjs";

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
  await load(page, builtIn("basic-operation"));
  await seek(page, 2_000);
  await page.getByTestId("group-network").click();
});

const dropped = async (page) => {
  const lines = (await call(page, "trace")).trim().split("\n");
  return lines.map((line) => JSON.parse(line)).filter((event) => event.kind === "message_dropped");
};

test("a link is degraded and restored, and the stage says what is wrong", async ({ page }) => {
  await page.getByTestId("link-from").selectOption("recovery");
  await page.getByTestId("link-loss").fill("100");
  await page.getByTestId("degrade").click();
  await expect(page.getByTestId("network")).toContainText("recovery → all processes: 100% lost");
  await seek(page, 6_000);
  const lost = await dropped(page);
  expect(lost.length).toBeGreaterThan(0);
  for (const event of lost) expect([event.from, event.reason]).toEqual(["recovery", "link"]);
  await page.getByTestId("restore-link").click();
  await expect(page.getByTestId("network")).toHaveCount(0);
});

test("a group is split from the others and united again; what cannot be says why", async ({ page }) => {
  await page.getByTestId("split-group").fill("recovery, nobody");
  await page.getByTestId("split").click();
  await expect(page.getByTestId("notice")).toContainText("there is no process nobody");
  await page.getByTestId("split-group").fill("recovery, system");
  await page.getByTestId("split").click();
  await expect(page.getByTestId("network")).toContainText("recovery, system split from the others");
  await page.getByTestId("unite").click();
  await expect(page.getByTestId("network")).toHaveCount(0);
});
