// Figures: self-contained files with the content of the screen; a handout on one page; Mermaid of a chosen time
// interval.

import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { builtIn, call, expect, load, open, seek, test } from "./fixtures.mjs";

const PROCESSES = ["system", "coordinator-1", "recovery", "fire-station", "harbour"];

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
  await load(page, builtIn("failure-recovery"));
  await seek(page, 12_000);
});

async function saved(page, button) {
  if (!(await page.getByTestId("history-menu").isVisible())) await page.getByTestId("branches").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(button).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Parses an XML file: its root, its text, and the addresses that it refers to. */
const parsed = (page, text) =>
  page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    const needs = [...root.querySelectorAll("[href], [src]")].map((one) => one.getAttribute("href") ?? one.getAttribute("src"));
    return { root: root.nodeName, words: root.textContent, paths: root.querySelectorAll("path").length, needs };
  }, text);

/** Number of colours in a picture. */
const colours = (page, bytes, type) =>
  page.evaluate(async ([base64, type]) => {
    const image = new Image();
    image.src = `data:${type};base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, [bytes.toString("base64"), type]);

test("the stage is a figure that stands alone", async ({ page }) => {
  const svg = await saved(page, "stage-svg");
  expect(svg.name).toBe("failure-recovery.stage.svg");
  const found = await parsed(page, svg.bytes.toString("utf8"));
  expect(found.root).toBe("svg");
  for (const name of PROCESSES) expect(found.words).toContain(name);
  expect(found.needs.filter((address) => !/^(data:|#)/.test(address))).toEqual([]);
  expect(await colours(page, svg.bytes, "image/svg+xml")).toBeGreaterThan(20);
  const png = await saved(page, "stage-png");
  expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(await colours(page, png.bytes, "image/png")).toBeGreaterThan(20);
});

test("the diagram is a figure of the strokes it is drawn with", async ({ page }) => {
  await call(page, "view", "diagram");
  const svg = await saved(page, "view-svg");
  const found = await parsed(page, svg.bytes.toString("utf8"));
  expect(found.root).toBe("svg");
  expect(found.paths).toBeGreaterThan(30);
  for (const name of PROCESSES) expect(found.words).toContain(name);
  expect(await colours(page, svg.bytes, "image/svg+xml")).toBeGreaterThan(20);
  // The view itself is unchanged.
  await expect(page.getByTestId("diagram-canvas")).toBeVisible();
  await expect(page.locator(".dock-view svg[viewBox] path")).toHaveCount(0);
});

for (const [view, content] of [["slots", "slots"], ["latency", "chart-start"]]) {
  test(`${view} is a figure`, async ({ page }) => {
    await call(page, "view", view);
    await expect(page.getByTestId(content)).toBeVisible();
    if (view === "latency") await expect(page.getByTestId(content).locator("canvas")).toBeVisible();
    const svg = await saved(page, "view-svg");
    expect((await parsed(page, svg.bytes.toString("utf8"))).root).toBe("svg");
    const png = await saved(page, "view-png");
    expect(await colours(page, png.bytes, "image/png")).toBeGreaterThan(10);
  });
}

test("figures are light in a dark page, which stays dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const { bytes } = await saved(page, "stage-svg");
  expect(bytes.toString("utf8")).toContain("rgb(255, 255, 255)");
  const panel = await page.locator(".stage-panel").evaluate((one) => getComputedStyle(one).backgroundColor);
  expect(panel).toBe("rgb(22, 29, 39)");
});

test("the handout fits on one sheet, with scenario, figure, targets and lines", async ({ page }) => {
  await page.addInitScript(() => {});
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await page.getByTestId("branches").click();
  await page.getByTestId("handout").click();
  await expect.poll(() => page.evaluate(() => window.printed)).toBe(true);
  await page.emulateMedia({ media: "print" });
  const sheet = page.locator(".handout");
  await expect(sheet.getByRole("heading", { level: 1 })).toHaveText(builtIn("failure-recovery").title);
  await expect(sheet).toContainText(builtIn("failure-recovery").description);
  await expect(sheet.locator("tr")).toHaveCount(4);
  await expect(page.getByTestId("page")).toBeHidden();
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page\b/g).length).toBe(1);
});

test("while a lesson is open its questions are on the handout, and nothing that is right is told", async ({ page }) => {
  await page.evaluate(() => {
    window.print = () => (window.printed = true);
    window.triage.openLesson("messages");
  });
  await expect(page.getByTestId("lesson-step")).toBeVisible();
  await page.getByTestId("branches").click();
  await page.getByTestId("handout").click();
  await expect.poll(() => page.evaluate(() => window.printed)).toBe(true);
  await page.emulateMedia({ media: "print" });
  const sheet = page.locator(".handout");
  const lesson = JSON.parse(readFileSync(new URL("../../public/lessons/messages.json", import.meta.url), "utf8"));
  const asked = lesson.steps.filter((step) => step.question);
  await expect(sheet.locator("h3")).toHaveText(asked.map((step, at) => `${at + 1}. ${step.title}`));
  for (const { question } of asked) await expect(sheet).toContainText(question.ask);
  expect(await sheet.locator(".choice").count()).toBeGreaterThan(asked.length);
  await expect(sheet).not.toContainText("Right");
  await expect(sheet).toContainText(lesson.about);
});

test("Mermaid draws the span that was chosen", async ({ page }) => {
  await page.getByTestId("branches").click();
  await expect(page.getByTestId("mermaid-from")).toHaveValue("11.5");
  await page.getByTestId("mermaid-from").fill("2");
  await page.getByTestId("mermaid-to").fill("3");
  const { name, bytes } = await saved(page, "mermaid-range");
  expect(name).toBe("failure-recovery.mmd");
  const times = (await call(page, "trace")).split("\n").filter(Boolean).map((line) => JSON.parse(line).t_us / 1e6);
  const [first, last] = [times.findIndex((time) => time >= 2), times.findLastIndex((time) => time <= 3)];
  expect(bytes.toString("utf8")).toBe(await call(page, "export", "mermaid", first, last));
  await page.getByTestId("mermaid-to").fill("1");
  await page.getByTestId("mermaid-range").click();
  await expect(page.getByTestId("file-problem")).toContainText("no event between 2 s and 1 s");
  const { violations } = await new AxeBuilder({ page }).include("#history-menu").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
