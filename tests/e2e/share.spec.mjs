// A link opens what was on the screen, in a browser that has never seen it; errors in links are reported.

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { act, builtIn, call, command, expect, load, open, overview, seek, test } from "./fixtures.mjs";

const PHONE = { width: 390, height: 844 };

/** What sender and recipient must have in common. */
async function seen(page) {
  const { cursor, trace_hash, current, versions } = JSON.parse(await call(page, "save"));
  return {
    cursor,
    trace_hash,
    current,
    versions: versions.length,
    time: await page.getByTestId("time").innerText(),
    inspector: await page.getByTestId("inspector").innerText(),
    tab: await page.getByRole("tab", { selected: true }).innerText(),
    closed: await page.getByTestId("page").getAttribute("data-closed"),
  };
}

/** Opens an address in a new browser context. */
async function elsewhere(browser, address, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByTestId("stage")).toBeVisible();
  return page;
}

async function shared(page) {
  await page.getByTestId("share").click();
  await expect(page.getByTestId("share-link")).toBeVisible();
  return page.getByTestId("share-link").inputValue();
}

test("a link opened in a fresh browser gives the same run, moment and selection", async ({ page, browser, witness }) => {
  void witness;
  await open(page);
  await act(page);
  await seek(page, 12_000);
  await call(page, "view", "clocks");
  await call(page, "select", 40);
  await call(page, "selectSecond", 49);
  await page.getByTestId("panel-commands").click();
  const before = await seen(page);
  expect(before.versions).toBe(3);
  expect(before.trace_hash).toMatch(/^[0-9a-f]{64}$/);
  const address = await shared(page);
  expect(address).toContain("#run=2.");
  const other = await elsewhere(browser, address);
  expect(await seen(other)).toEqual(before);
  await expect(other.getByTestId("compare-second")).toHaveValue("49");
  await expect(other.getByTestId("notice")).toHaveCount(0);
  // Nothing after the # is sent to the server, and the address is preserved.
  expect(new URL(other.url()).hash.length).toBeGreaterThan(100);
  // A cut and a search are included.
  expect(await call(other, "link")).toBe(await call(page, "link"));
  await other.context().close();
});

test("a link to a built-in scenario stays short, and the runner makes such links too", async ({ page, browser, site }) => {
  await open(page);
  await page.getByTestId("scenario").selectOption({ label: "Emergency response" });
  await seek(page, 17_123.456);
  const address = await shared(page);
  expect(new URL(address).hash.length).toBeLessThan(200);
  await expect(page.getByTestId("share-length")).toContainText(`${new URL(address).hash.length} characters`);
  await expect(page.getByTestId("share-menu")).toContainText("nothing is sent to a server");
  const other = await elsewhere(browser, address);
  await expect(other.getByTestId("scenario").locator("option:checked")).toHaveText("Emergency response");
  await other.goto(`${site.below}?unrelated=1${new URL(address).hash}`); // another folder, another query
  await expect(other.getByTestId("time")).toHaveText(await page.getByTestId("time").innerText());
  await other.context().close();
});

test("an own scenario is carried whole", async ({ page, browser }) => {
  await open(page);
  const own = { ...builtIn("partition"), name: "my-own", title: "My own", seed: 77 };
  await load(page, own);
  await seek(page, 8_000);
  const other = await elsewhere(browser, await shared(page));
  await expect(other.getByTestId("scenario").locator("option:checked")).toHaveText("My own");
  expect(await overview(other)).toEqual(await overview(page));
  await other.context().close();
});

test("a link from within a lesson opens the lesson at its step, with the run as it was", async ({ page, browser, site }) => {
  const { steps } = JSON.parse(readFileSync(new URL("../../public/lessons/messages.json", import.meta.url), "utf8"));
  await open(page, `${site.root}#lesson=messages&step=2`);
  await expect(page.getByTestId("lesson-step")).toHaveText(steps[1].title);
  await command(page, { submit_normal_job: { work_us: 1_000_000 } });
  await call(page, "seek", 7_000);
  await call(page, "select", 3);
  const { trace_hash } = JSON.parse(await call(page, "save"));
  const address = await shared(page);
  expect(address).toMatch(/#run=2\.[\w-]+&lesson=messages&step=2$/);
  await expect(page.getByTestId("share-lesson")).toContainText("its current step");
  await expect(page.getByTestId("share-embed")).toHaveValue(/<triage-sim run="2\.[\w-]+" lesson="messages" step="2"><\/triage-sim>$/);
  const other = await elsewhere(browser, address);
  await expect(other.getByTestId("lesson-step")).toHaveText(steps[1].title);
  await expect(other.getByTestId("time")).toHaveText(await page.getByTestId("time").innerText());
  expect(JSON.parse(await call(other, "save")).trace_hash).toBe(trace_hash);
  // A selected event would answer the step's question.
  await expect(other.getByTestId("verdict")).toHaveCount(0);
  // If the page doesn't have the lesson, the run still opens.
  await other.goto(address.replace("lesson=messages", "lesson=nowhere"));
  await other.reload();
  await expect(other.getByTestId("lesson-problem")).toBeVisible();
  await expect(other.getByTestId("time")).toHaveText(await page.getByTestId("time").innerText());
  await other.goto(`${site.root}#lesson=messages&step=none`);
  await other.reload();
  await expect(other.getByTestId("notice")).toContainText("step=none");
  await other.context().close();
});

test("the link is copied with one click, or marked where the browser does not let it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await call(page, "pause");
  const address = await shared(page);
  await page.getByTestId("share-copy").click();
  await expect(page.getByTestId("share-said")).toHaveText("Copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await page.getByTestId("share-copy-embed").click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^<script src="http.*\/embed\.js"><\/script>\s*<triage-sim run="2\..*"><\/triage-sim>$/s);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("denied"));
  });
  await page.getByTestId("share-copy").click();
  await expect(page.getByTestId("share-said")).toContainText("Press Ctrl+C");
  expect(await page.evaluate(() => window.getSelection().toString())).toBe(address);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("share-menu")).toHaveCount(0);
});

test("a run that makes too long a link is offered as a file", async ({ page }) => {
  await open(page);
  // Names that can't be compressed.
  let number = 1;
  const letters = () => Array.from({ length: 36 }, () => ((number = (number * 48271) % 2147483647) % 36).toString(36)).join("");
  const executors = Array.from({ length: 220 }, () => ({ id: `x${letters()}`, capacity: 1, capabilities: ["general"] }));
  await load(page, { ...builtIn("mixed-workload"), name: "large", executors, commands: [] });
  await call(page, "pause");
  await page.getByTestId("share").click();
  await expect(page.getByTestId("share-length")).toContainText("mail programs and chats cut links that are longer than 5000");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("share-file").click()]);
  expect(download.suggestedFilename()).toBe("large.run.json");
});

test("a damaged link, one of another format and one of another engine are told, the first two without effect", async ({
  page,
  browser,
}) => {
  await open(page);
  await act(page);
  await seek(page, 12_000);
  const address = await shared(page);
  const other = await elsewhere(browser, address.slice(0, -12));
  await expect(other.getByTestId("notice")).toContainText("The link is damaged: a part of it is missing or changed");
  await expect(other.getByTestId("scenario").locator("option:checked")).toHaveText("Mixed workload");
  await other.evaluate((hash) => (location.hash = hash), new URL(address).hash.replace("run=2.", "run=3."));
  await expect(other.getByTestId("notice")).toContainText("this page reads format 2");
  // A valid link in the same tab: the page follows the fragment.
  await other.evaluate((hash) => (location.hash = hash), new URL(address).hash);
  await expect(other.getByTestId("notice")).toHaveCount(0);
  await expect(other.getByTestId("time")).toHaveText(await page.getByTestId("time").innerText());
  const said = await other.evaluate(async (hash) => {
    // As if made by a later version of the page: another version number with a correct checksum.
    const bytes = Uint8Array.from(atob(hash.slice(7).replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes.slice(5)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const body = new Uint8Array(await new Response(stream).arrayBuffer());
    body[1] = "9".charCodeAt(0);
    const inside = Uint8Array.of(0, ...body);
    const check = new Uint8Array(await crypto.subtle.digest("SHA-256", inside)).slice(0, 4);
    const letters = btoa(String.fromCharCode(...check, ...inside));
    return window.triage.openLink(letters.replace(/^/, "2.").replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
  }, new URL(address).hash);
  expect(said).toContain("made with version 9.2.0 of the engine");
  expect(said).toContain("The run is the same");
  await other.context().close();
});

test("parameters are followed, and values that nobody knows are told", async ({ browser, site }) => {
  const page = await elsewhere(browser, `${site.root}?scenario=escalation&at=9.5&speed=4&role=observer&views=log&theme=dark#autoplay=0`);
  await expect(page.getByTestId("scenario").locator("option:checked")).toHaveText("Escalation");
  await expect(page.getByTestId("time")).toHaveText(/00:09\.5/);
  await expect(page.getByTestId("rate")).toHaveText("paused");
  await expect(page.getByTestId("speed-4x")).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("tab", { selected: true })).toHaveText("Log");
  await expect(page.getByTestId("page")).toHaveAttribute("data-closed", "commands side");
  await page.getByTestId("panel-commands").click();
  await expect(page.getByTestId("acting-may")).toHaveText("can only watch");
  await page.goto(`${site.root}?scenario=escalatoin&theme=pink&views=log,moon&lang=tlh&role=king&speed=fast&lesson=none`);
  await expect(page.getByTestId("stage")).toBeVisible();
  const notice = page.getByTestId("notice");
  for (const pair of ["scenario=escalatoin", "theme=pink", "views=moon", "lang=tlh", "role=king", "speed=fast"]) {
    await expect(notice).toContainText(`The address contains ${pair}, which this page does not support. It supports`);
  }
  await page.context().close();
});

for (const [name, viewport] of [
  ["desk", { width: 1440, height: 900 }],
  ["phone", PHONE],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the menu is in sight and axe finds no violation (${name}, ${colorScheme})`, async ({ browser, site }) => {
      const page = await elsewhere(browser, `${site.root}#autoplay=0`, { viewport, colorScheme });
      await shared(page);
      const box = await page.getByTestId("share-menu").boundingBox();
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(viewport.width);
      await page.screenshot({ path: `../../target/shots/share-${name}-${colorScheme}.png` });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((one) => one.id)).toEqual([]);
      await page.context().close();
    });
  }
}
