// The stage with real input: buttons, nodes and tokens, not API calls.

import { builtIn, call, expect, load, open, seek, test } from "./fixtures.mjs";

/** An attribute of every executor's node, by the node's name. */
const onNodes = (page, attribute) =>
  page.getByTestId("stage").locator('[data-role="executor"]').evaluateAll(
    (nodes, attribute) =>
      Object.fromEntries(nodes.map((node) => [node.dataset.testid.replace(/^node-/, ""), node.getAttribute(attribute)])),
    attribute,
  );

const sum = (numbers) => Object.values(numbers).reduce((total, number) => total + Number(number), 0);

/** Seeks forward until a node runs a normal job. */
async function seekUntilBusy(page) {
  for (let at_ms = 250; at_ms <= 20_000; at_ms += 250) {
    await seek(page, at_ms);
    await settled(page);
    if (sum(await onNodes(page, "data-running-normal")) > 0) return at_ms;
  }
  throw new Error("no node was busy within 20 s");
}

/** Waits two frames, after which earlier changes have been drawn. */
const settled = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root, { playing: true });
});

test("the first paint shows a running system", async ({ page }) => {
  await expect(page.getByTestId("stage").locator('[data-role="executor"]')).not.toHaveCount(0);
  const first = await page.getByTestId("time").textContent();
  await expect(page.getByTestId("time")).not.toHaveText(first);
});

test("a token can be caught halfway along its link at the default pace", async ({ page }) => {
  const caught = await page.waitForFunction(() => {
    for (const token of document.querySelectorAll("[data-token]")) {
      const progress = Number(token.dataset.progress);
      if (progress > 0.3 && progress < 0.7) {
        window.triage.pause();
        return token.dataset.token;
      }
    }
    return null;
  });
  const token = page.locator(`[data-token="${await caught.jsonValue()}"]`);
  await expect(token).toBeVisible();
  const box = await token.boundingBox();
  const stage = await page.getByTestId("stage").boundingBox();
  expect(box.x).toBeGreaterThanOrEqual(stage.x);
  expect(box.x + box.width).toBeLessThanOrEqual(stage.x + stage.width);
  await settled(page);
  expect(await token.boundingBox()).toEqual(box); // it doesn't move while paused
});

test("a declared CRITICAL emergency pauses running normal jobs on every healthy node", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  const at_ms = await seekUntilBusy(page);
  await page.getByTestId("declare-critical").click();
  await seek(page, at_ms + 500);
  await settled(page);
  const health = await onNodes(page, "data-health");
  const mode = await onNodes(page, "data-mode");
  const running = await onNodes(page, "data-running-normal");
  const healthy = Object.keys(health).filter((name) => health[name] === "healthy");
  expect(healthy).not.toEqual([]);
  for (const name of healthy) {
    expect(mode[name], name).toBe("CRITICAL");
    expect(running[name], name).toBe("0");
  }
  expect(sum(await onNodes(page, "data-paused"))).toBeGreaterThan(0);
  await expect(page.getByTestId("emergency-line")).toContainText(/critical/i);
});

test("a crashed node turns failed within 5 simulated seconds and its jobs finish elsewhere", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  const at_ms = await seekUntilBusy(page);
  const running = await onNodes(page, "data-running-normal");
  const name = Object.keys(running).find((node) => Number(running[node]) > 0);
  await page.getByTestId("fault-target").selectOption(name);
  await page.getByTestId("crash").click();
  await seek(page, at_ms + 5_000);
  const node = page.getByTestId(`node-${name}`);
  await expect(node).toHaveAttribute("data-health", "failed");
  const done = await onNodes(page, "data-completed");
  await seek(page, at_ms + 60_000);
  await settled(page);
  const later = await onNodes(page, "data-completed");
  expect(later[name]).toBe(done[name]);
  expect(sum(later)).toBeGreaterThan(sum(done));
  expect(sum(await onNodes(page, "data-running-normal"))).toBe(0);
});

test("pausing holds the clock, playing moves it", async ({ page }) => {
  await call(page, "pause");
  await settled(page);
  const held = await page.getByTestId("time").textContent();
  await settled(page);
  await settled(page);
  await expect(page.getByTestId("time")).toHaveText(held);
  await page.getByTestId("play").click();
  await expect(page.getByTestId("time")).not.toHaveText(held);
});
