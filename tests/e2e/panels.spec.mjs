// Space: panels that close, strips that unfold, no overlaps, and print.

import { builtIn, expect, load, open, seek, test } from "./fixtures.mjs";

/** A scenario with many executors and long names. */
function crowd(count) {
  const id = (number) => `regional-coordination-centre-${number + 1}`;
  const executors = Array.from({ length: count }, (_, number) => ({
    id: id(number),
    capacity: 1 + (number % 5),
    capabilities: ["general"],
  }));
  const streams = { arrivals: { fixed: { every_us: 100_000 } }, from_us: 0, until_us: 9_000_000 };
  return {
    format: 1,
    name: "crowd",
    title: "A crowd",
    description: "",
    seed: 3,
    duration_us: 10_000_000,
    executors,
    workload: [
      { name: "routine", ...streams, work: { min_us: 2_000_000, max_us: 4_000_000 } },
      { name: "call", type: "fire", ...streams, work: { min_us: 2_000_000, max_us: 4_000_000 } },
    ],
    commands: [
      { at_us: 2_000_000, principal: "commander", action: { crash: { process: id(0) } } },
      {
        at_us: 3_000_000,
        principal: "commander",
        action: { declare_emergency: { type: "fire", level: "CRITICAL", place: "the harbour district" } },
      },
    ],
  };
}

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
});

test("every panel closes, gives its room to the stage, and stays closed on the next visit", async ({ page }) => {
  const stage = page.getByTestId("stage");
  let before = await stage.boundingBox();
  for (const [id, panel, gains] of [
    ["commands", page.getByTestId("commands"), "width"],
    ["side", page.getByTestId("targets"), "width"],
    ["dock", page.getByTestId("dock"), "height"],
  ]) {
    const button = page.getByTestId(`panel-${id}`);
    await expect(button).toHaveAttribute("aria-pressed", "true");
    await button.click();
    await expect(panel).toBeHidden();
    await expect(button).toHaveAttribute("aria-pressed", "false");
    await expect.poll(async () => (await stage.boundingBox())[gains]).toBeGreaterThan(before[gains] + 100);
    before = await stage.boundingBox();
  }
  await page.reload();
  await expect(stage).toBeVisible();
  await expect(page.getByTestId("dock")).toBeHidden();
  await page.getByTestId("panel-dock").click();
  await page.getByTestId("tab-overview").click();
  await page.reload();
  await expect(page.getByTestId("overview")).toBeVisible();
  await expect(page.getByTestId("commands")).toBeHidden();
});

test("groups of commands fold, stay so, and leave what is used most in sight", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await load(page, crowd(4));
  await seek(page, 4_000);
  // With an emergency to change, which needs more space than without one.
  await expect(page.getByTestId("clear")).toBeVisible();
  await expect(page.getByTestId("group-network")).toHaveAttribute("aria-expanded", "false");
  await expect(page.getByTestId("add")).toBeInViewport({ ratio: 1 });
  await page.getByTestId("group-network").click();
  await page.getByTestId("link-loss").fill("40");
  await page.getByTestId("group-faults").press("Enter");
  await expect(page.getByTestId("crash")).toHaveCount(0);
  // Input in a group is preserved when it is closed and opened again.
  await page.getByTestId("group-network").click();
  await expect(page.getByTestId("link-loss")).toHaveCount(0);
  await page.getByTestId("group-network").click();
  await expect(page.getByTestId("link-loss")).toHaveValue("40");
  await page.reload();
  await expect(page.getByTestId("link-loss")).toBeVisible();
  await expect(page.getByTestId("submit-normal")).toBeVisible();
  await expect(page.getByTestId("crash")).toHaveCount(0);
});

test("a low dock has every chart, and a phone all of the overview and the tab that is chosen", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await load(page, crowd(4));
  await seek(page, 9_000);
  await page.getByTestId("tab-latency").click();
  const charts = page.getByTestId("latency").locator(".chart");
  await expect(charts).toHaveCount(5);
  for (const chart of await charts.all()) await expect(chart).toBeInViewport({ ratio: 0.99 });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => window.triage.view("overview"));
  await expect(page.getByTestId("tab-overview")).toBeInViewport({ ratio: 1 });
  const shown = page.getByTestId("overview");
  await expect(shown.locator("tbody tr")).toHaveCount(7);
  expect(await shown.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  const name = shown.locator(".row-name").last();
  await expect(name).toContainText("centre-4");
  expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
});

test("a folded strip shows every entry while it is pointed at", async ({ page }) => {
  await load(page, crowd(30));
  await seek(page, 6_000);
  const card = page.getByTestId("node-regional-coordination-centre-9");
  const cells = card.locator(".cell");
  await expect(card.locator(".fold")).toHaveText(/^\+\d+$/);
  await card.locator(".strip").hover();
  await expect(cells).toHaveCount(33);
  await expect(cells.last()).toBeInViewport();
  await page.getByTestId("scenario").hover();
  await expect(card.locator(".fold")).toHaveText(/^\+\d+$/);
});

test("words and numbers of a run that misses its targets do not lie over each other", async ({ page }) => {
  await load(page, crowd(4));
  await seek(page, 9_000);
  const target = page.getByTestId("target-emergency-start");
  await expect(target).toHaveAttribute("data-met", "false");
  await expect(target).toContainText("missed");
  const boxes = await target.locator("> span").evaluateAll((parts) => parts.map((part) => {
    const range = document.createRange();
    range.selectNodeContents(part);
    const { left, right, top, bottom } = part.textContent ? range.getBoundingClientRect() : part.getBoundingClientRect();
    return { left, right, top, bottom };
  }));
  for (const [at, a] of boxes.entries()) {
    for (const b of boxes.slice(at + 1)) {
      const apart = a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      expect(apart, JSON.stringify([a, b])).toBe(true);
    }
  }
  await page.getByTestId("tab-compare").click();
  const figures = page.locator(".compare-figures");
  await expect(figures.locator("tbody tr").first()).toBeVisible();
  expect(await figures.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
});

test("paper is white and shows the stage and the view, not what one presses", async ({ page }) => {
  await load(page, builtIn("mixed-workload"));
  await seek(page, 12_000);
  while ((await page.locator("html").getAttribute("data-theme")) !== "dark") await page.getByTestId("theme").click();
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  for (const id of ["commands", "play", "theme", "targets", "tab-log"]) await expect(page.getByTestId(id)).toBeHidden();
  for (const id of ["stage", "diagram-canvas", "emergency-line"]) await expect(page.getByTestId(id)).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
