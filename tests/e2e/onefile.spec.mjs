// The single-file page: opened from a disk without a network, and in a frame that allows only scripts.

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST, ONE_FILE, files } from "./dist.mjs";
import { builtIn, call, command, expect, load, overview, seek, test as base } from "./fixtures.mjs";

const UNTIL_MS = 20_000;

const test = base.extend({
  /** The address of the file, alone in a folder. */
  file: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "triage-"));
    copyFileSync(join(DIST, ONE_FILE), join(folder, ONE_FILE));
    await use(pathToFileURL(join(folder, ONE_FILE)).href);
    rmSync(folder, { recursive: true });
  },
});

/** No network and no other files: any request outside the page fails and is recorded by the witness. */
async function alone(page, context, file) {
  await context.setOffline(true);
  await page.route("**/*", (route) => (route.request().url().split("#")[0] === file ? route.continue() : route.abort()));
  await page.goto(file);
  await started(page);
}

/** The page's policy forbids evaluating strings, so this only queries elements. */
async function started(frame) {
  await expect(frame.getByTestId("stage")).toBeVisible();
  await expect(frame.locator("html")).toHaveAttribute("data-keeps", /yes|no/);
}

/** Whether anything is drawn on a canvas. */
const drawn = (canvas) =>
  canvas.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((byte) => byte !== 0);
  });

test("another language and the editor are in the file too", async ({ page, context, file, witness }) => {
  await alone(page, context, file);
  await page.getByTestId("language").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.getByTestId("edit").click();
  await expect(page.getByRole("heading", { name: "Szenario bearbeiten" })).toBeVisible();
  await expect(page.locator(".cm-content")).toContainText('"format": 1');
  expect(witness.problems).toEqual([]);
});

test("starts from a disk without a network, plays, and shows every view", async ({ page, context, file, witness }) => {
  await alone(page, context, file);
  const time = page.getByTestId("time");
  const begun = await time.innerText();
  await expect(time).not.toHaveText(begun);
  await call(page, "pause");
  for (const view of ["clocks", "slots", "overview", "compare", "audit", "log"]) {
    await page.getByTestId(`tab-${view}`).click();
    await expect(page.getByTestId(view).first()).toBeVisible();
  }
  await page.getByTestId("tab-latency").click();
  const chart = page.getByTestId("chart-start").locator("canvas");
  await expect(chart).toBeVisible();
  expect(await drawn(chart)).toBe(true);
  expect(witness.requests.filter((url) => !/^(blob|data):/.test(url))).toEqual([file]);
});

test("what a program asks for in the later part is there at once", async ({ page, context, file, witness }) => {
  void witness;
  await alone(page, context, file);
  expect((await overview(page)).executors.length).toBeGreaterThan(0);
});

test("switches scenarios, and runs are what they are elsewhere", async ({ page, context, file, site, witness }) => {
  void witness;
  const scenario = JSON.stringify(builtIn("failure-recovery"));
  const hosted = await context.newPage();
  await hosted.goto(site.root);
  await started(hosted);
  const hash = await call(hosted, "traceHash", scenario, UNTIL_MS);
  await hosted.close();
  await alone(page, context, file);
  await page.getByTestId("scenario").selectOption({ label: "Failure recovery" });
  await expect(page.getByTestId("node-fire-station")).toBeVisible();
  expect(await call(page, "traceHash", scenario, UNTIL_MS)).toBe(hash);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test("saves a run and opens it", async ({ page, context, file, witness }) => {
  void witness;
  await alone(page, context, file);
  await load(page, builtIn("failure-recovery"));
  await seek(page, 5_000);
  await command(page, { crash: { process: "harbour" } });
  await seek(page, 9_000);
  const before = await overview(page);
  await page.getByTestId("branches").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("save-file").click()]);
  const path = await download.path();
  expect(readFileSync(path, "utf8")).toContain("harbour");
  await load(page, builtIn("basic-operation"));
  await page.getByTestId("branches").click();
  await page.getByTestId("branches").click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByTestId("open-file").click()]);
  await chooser.setFiles(path);
  await expect.poll(() => overview(page)).toEqual(before);
});

test("a file beside the page is found in it by fetch, and what it does not carry is not", async ({ page, context, file }) => {
  await alone(page, context, file);
  const get = (address) =>
    page.evaluate(async (address) => {
      try {
        const response = await fetch(address);
        return { type: response.headers.get("content-type"), text: await response.text() };
      } catch (problem) {
        return problem.name;
      }
    }, address);
  const text = readFileSync(join(DIST, "scenarios/partition.json"), "utf8");
  for (const address of ["scenarios/partition.json", "./scenarios/partition.json?1", new URL("scenarios/partition.json", file).href]) {
    expect(await get(address)).toEqual({ type: "application/json", text });
  }
  expect(await get("scenarios/nothing.json")).toBe("TypeError");
  expect(await get("https://example.org/scenarios/partition.json")).toBe("TypeError");
});

test("carries everything that the page may ask for", () => {
  const html = readFileSync(join(DIST, ONE_FILE), "utf8");
  const asked = files().filter((name) => /^(scenarios|lessons)\/|^charts|^uPlot/.test(name));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !html.includes(`data-file="${name}"`))).toEqual([]);
  expect(html).not.toMatch(/<(script|link)\b[^>]*\b(src|href)="?\.?\//);
});

test("speaks another language from a disk", async ({ page, context, file, witness }) => {
  await context.setOffline(true);
  await page.goto(`${file}#lang=de`);
  await started(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByTestId("language")).toHaveValue("de");
  await page.getByTestId("language").selectOption("en");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  expect(witness.requests.filter((url) => !/^(blob|data):/.test(url)).length).toBe(1);
});

test("runs in a sandbox without origin and storage", async ({ page, witness }) => {
  const html = readFileSync(join(DIST, ONE_FILE));
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    if (request.url === "/course/triage.html") response.end(html);
    else response.end('<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="course/triage.html" width="1200" height="800"></iframe>');
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const frame = page.frameLocator("iframe");
    await started(frame);
    await expect(frame.locator("html")).toHaveAttribute("data-keeps", "no");
    await frame.getByTestId("tab-latency").click();
    await expect(frame.getByTestId("chart-start").locator("canvas")).toBeVisible();
    await frame.getByTestId("tab-clocks").click();
    await expect(frame.getByTestId("clocks")).toBeVisible();
    await frame.getByTestId("branches").click();
    await expect(frame.getByTestId("history-menu")).toContainText("does not allow storage here");
    expect(witness.requests.filter((url) => /^http/.test(url)).length).toBe(2);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
