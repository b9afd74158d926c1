// The part of the program that a first visit does without: it comes once, when it is needed, and says so when it cannot.

import { call, expect, open, overview, test } from "./fixtures.mjs";
import { laterPart } from "./size.mjs";

/** Every view that is not open at first, and what stands in it. */
const VIEWS = {
  clocks: "clocks",
  slots: "slots",
  latency: "latency",
  overview: "overview",
  compare: "compare",
};
const LATER = "**/later-*.lzma";

/** How often the page has asked for the later part. */
const asked = ({ requests }) => requests.filter((url) => url.includes(laterPart()[0])).length;

test("is loaded once, and every view opens", async ({ page, site, witness }) => {
  await open(page, site.root);
  await call(page, "pause");
  expect(asked(witness)).toBe(0);
  for (const [view, content] of Object.entries(VIEWS)) {
    await page.getByTestId(`tab-${view}`).click();
    await expect(page.getByTestId(`tab-${view}`)).toHaveAttribute("aria-selected", "true");
    await expect(page.getByTestId(content).first()).toBeVisible();
  }
  await page.getByTestId("branches").click();
  await expect(page.getByTestId("history-menu")).toBeVisible();
  expect(asked(witness)).toBe(1);
});

test("is on its way when somebody comes near, and a slow one leaves the page alive", async ({ page, site }) => {
  let let_go;
  const held = new Promise((done) => (let_go = done));
  await page.route(LATER, async (route) => {
    await held;
    await route.continue();
  });
  await open(page, site.root);
  const request = page.waitForRequest(LATER);
  await page.getByTestId("tab-overview").hover();
  await request;
  await page.getByTestId("tab-overview").click();
  await expect(page.getByText("Loading this part of the page…")).toBeVisible();
  const time = await page.getByTestId("time").innerText();
  await expect(page.getByTestId("time")).not.toHaveText(time);
  let_go();
  await expect(page.getByTestId("sums")).toBeVisible();
});

test("that cannot be loaded is told in words, and can be asked for again", async ({ page, site }) => {
  let broken = true;
  await page.route(LATER, (route) => (broken ? route.abort() : route.continue()));
  await open(page, site.root);
  await page.getByTestId("tab-clocks").click();
  await expect(page.getByTestId("later-failed")).toContainText("could not be loaded");
  await page.getByTestId("tab-diagram").click();
  await expect(page.getByTestId("diagram-canvas")).toBeVisible();
  await page.getByTestId("tab-clocks").click();
  broken = false;
  await page.getByTestId("later-again").click();
  await expect(page.getByTestId("clocks")).toBeVisible();
});

test("comes at once when a program asks for what lies in it", async ({ page, site, witness }) => {
  await open(page, site.root);
  const before = asked(witness);
  expect((await overview(page)).executors.length).toBeGreaterThan(0);
  expect([before, asked(witness)]).toEqual([0, 1]);
  expect(await page.evaluate(() => window.triage.view("clocks"))).toBe(true);
  await expect(page.getByTestId("clocks")).toBeVisible();
});

test("that is missing in the middle of something stops the page with words", async ({ page, site }) => {
  await page.route(LATER, (route) => route.fulfill({ status: 404, body: "gone" }));
  await open(page, site.root);
  const problem = await page.evaluate(() => {
    try {
      window.triage.overview();
    } catch (error) {
      return error.message;
    }
  });
  expect(problem).toContain("did not arrive");
  await expect(page.locator("#failure")).toContainText("A part of the page did not arrive");
});
