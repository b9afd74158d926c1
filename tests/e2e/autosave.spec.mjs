// Runs outlive their page: they are autosaved in the browser and continue after a reload, or are saved to a file.

import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { builtIn, call, command, expect, load, open, overview, seek, test, trace } from "./fixtures.mjs";

const crash = { crash: { process: "fire-station" } };

/** Issues a command in the past of a run, which creates a second branch, and waits until it is stored. */
async function act(page) {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 6_000);
  await command(page, { crash: { process: "harbour" } });
  await seek(page, 12_000);
  await seek(page, 5_000);
  await command(page, crash);
  await seek(page, 9_000);
  await kept(page);
}

/** The contents of the browser's storage. */
const stored = (page) =>
  page.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.open("triage");
        request.onerror = () => failed(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction("runs").objectStore("runs").getAll();
          all.onsuccess = () => done(all.result.map(({ json }) => json));
        };
      }),
  );

async function kept(page) {
  const now = await page.evaluate(() => window.triage.save().length);
  expect(now).toBeGreaterThan(500);
  const cursor = (json) => JSON.parse(json).cursor.t_ns;
  await expect
    .poll(async () => (await stored(page)).some((json) => cursor(json) === 9_000_000_000), { timeout: 10_000 })
    .toBe(true);
}

/** Everything of a run that a user could miss. */
async function told(page) {
  const branches = JSON.parse(await call(page, "save")).versions.length;
  return { overview: await overview(page), events: (await trace(page)).length, branches };
}

test("a run goes on after a reload, with its branches and its cursor", async ({ page, witness }) => {
  void witness;
  await open(page);
  await expect(page.getByTestId("kept")).toHaveCount(0);
  await act(page);
  const before = await told(page);
  expect(before.branches).toBe(3);
  await page.reload();
  await page.getByTestId("stage").waitFor();
  await expect(page.getByTestId("kept")).toContainText("Failure recovery at 00:09.0, with 1 command");
  const { violations } = await new AxeBuilder({ page }).include("[data-testid=kept]").analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
  await page.getByTestId("kept-open").click();
  await expect(page.getByTestId("kept")).toHaveCount(0);
  expect(await told(page)).toEqual(before);
  await page.getByTestId("branches").click();
  await expect(page.getByTestId("history-menu")).toContainText("saved in this browser");
  await expect(page.locator("[data-testid^=branch-]:not([data-testid=branch-name])")).toHaveCount(2);
});

test("what is forgotten is not offered again, and an open page keeps its run to itself", async ({ page, context }) => {
  await open(page);
  await act(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByTestId("stage").waitFor();
  await expect(other.locator("html")).toHaveAttribute("data-keeps", "yes");
  await expect(other.getByTestId("kept")).toHaveCount(0);
  await page.close();
  // The browser releases the lock of a closed page a moment later.
  const pages = () =>
    other.evaluate(async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith("triage-run:")).length);
  await expect.poll(pages).toBe(1);
  await other.reload();
  await other.getByTestId("kept-forget").click();
  await expect(other.getByTestId("kept")).toHaveCount(0);
  await other.reload();
  await other.getByTestId("stage").waitFor();
  await expect(other.locator("html")).toHaveAttribute("data-keeps", "yes");
  await expect(other.getByTestId("kept")).toHaveCount(0);
});

test("a kept run that is damaged or too new is said to be, and the page goes on", async ({ page }) => {
  await open(page);
  await act(page);
  const json = await call(page, "save");
  const before = await overview(page);
  for (const [bad, words] of [
    [json.replace('"run_format":2', '"run_format":9'), "this page reads format 2"],
    [json.replace(/"steps":\d+/, '"steps":3'), "damaged"],
    [json.slice(0, 300), "line 1"],
  ]) {
    const said = await page.evaluate((text) => {
      try {
        window.triage.open(text);
        return "taken";
      } catch (problem) {
        return problem.message;
      }
    }, bad);
    expect(said).toContain(words);
  }
  expect(await overview(page)).toEqual(before);
});

test("without storage the page works and says what is not kept", async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("denied", "SecurityError");
    };
  });
  await open(page);
  await expect(page.locator("html")).toHaveAttribute("data-keeps", "no");
  await page.getByTestId("branches").click();
  await expect(page.getByTestId("history-menu")).toContainText("does not allow storage here");
  await expect(page.getByText("saved in this browser")).toBeHidden();
});

test("a run is saved as a file and opened again", async ({ page }) => {
  await open(page);
  await act(page);
  const before = await told(page);
  await page.getByTestId("branches").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("save-file").click()]);
  expect(download.suggestedFilename()).toBe("failure-recovery.run.json");
  const path = await download.path();
  expect(JSON.parse(readFileSync(path, "utf8")).trace_hash).toMatch(/^[0-9a-f]{64}$/);
  await load(page, builtIn("basic-operation"));
  await page.getByTestId("branches").click();
  await page.getByTestId("branches").click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByTestId("open-file").click()]);
  await chooser.setFiles(path);
  await expect.poll(() => told(page)).toEqual(before);
});
