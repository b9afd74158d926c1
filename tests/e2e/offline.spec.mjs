// The cached page: it reloads without a network, and never mixes two builds after a redeployment.

import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DIST, files } from "./dist.mjs";
import { SUB_PATH, call, expect, open, test as base } from "./fixtures.mjs";
import { offline } from "./offline.mjs";
import { serve } from "./server.mjs";

const test = base.extend({
  serviceWorkers: "allow",
  /** A folder to which builds are deployed. */
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "triage-"));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

/**
 * Deploys the page as a build of its own, marked in its charts, with other names for files that are named by their
 * content.
 */
async function deploy(folder, mark) {
  const made = join(folder, `made-${mark}`);
  cpSync(DIST, made, { recursive: true });
  const page = join(made, "index.html");
  let html = readFileSync(page, "utf8").replace("<title>", `<meta name="mark" content="${mark}"><title>`);
  for (const name of readdirSync(made).filter((name) => /\.wasm$/.test(name))) {
    const other = `${mark}-${name}`;
    renameSync(join(made, name), join(made, other));
    html = html.replaceAll(name, other);
  }
  writeFileSync(page, html);
  const charts = join(made, "charts.js");
  writeFileSync(charts, `window.chartsOf = "${mark}";\n${readFileSync(charts, "utf8")}`);
  await offline(made);
  rmSync(join(folder, "site"), { recursive: true, force: true });
  renameSync(made, join(folder, "site"));
  return join(folder, "site");
}

/** The cached files of each build, without the records about pages. */
const keptFiles = (page) =>
  page.evaluate(async () => {
    const all = {};
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      all[name] = requests.map(({ url }) => url).filter((url) => !url.includes("?client="));
    }
    return all;
  });

/** Waits until one complete build is cached and this page is served from the cache. */
async function kept(page, dist) {
  const list = readdirSync(dist).find((name) => name.startsWith("offline-"));
  const names = Object.keys(JSON.parse(readFileSync(join(dist, list), "utf8")));
  const build = readFileSync(join(dist, "index.html"), "utf8").match(/name="triage-build" content="(\w+)"/)[1];
  const counts = async () =>
    Object.entries(await keptFiles(page)).map(([name, all]) => [name.split(":").pop(), all.length]);
  await expect.poll(counts, { timeout: 40_000 }).toEqual([[build, names.length]]);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

/** The build of the page and the build of its charts. */
async function marks(page) {
  await call(page, "pause"); // redrawing charts in every frame would leave a slow machine no time to install
  await page.getByTestId("tab-latency").click();
  await expect(page.getByTestId("chart-start").locator("canvas")).toBeVisible();
  return page.evaluate(() => [document.querySelector("meta[name=mark]").content, window.chartsOf]);
}

for (const base of ["/", SUB_PATH]) {
  test(`reloads without a network, and every view opens (at ${base})`, async ({ page, witness, folder }) => {
    const site = await serve({ dist: await deploy(folder, "a"), base });
    await open(page, site.url);
    await kept(page, join(folder, "site"));
    expect(Object.keys(await keptFiles(page))[0]).toContain(site.url);
    site.close();
    await page.reload();
    await expect(page.getByTestId("stage")).toBeVisible();
    for (const [view, content] of [["clocks", "clocks"], ["slots", "slots"], ["overview", "overview"], ["compare", "compare"]]) {
      await page.getByTestId(`tab-${view}`).click();
      await expect(page.getByTestId(content).first()).toBeVisible();
    }
    expect(await marks(page)).toEqual(["a", "a"]);
    void witness;
  });
}

test("the first page needs no network any more once it is kept, without a reload", async ({ page, witness, folder }) => {
  void witness;
  const site = await serve({ dist: await deploy(folder, "a") });
  await open(page, site.url);
  await kept(page, join(folder, "site"));
  site.close();
  expect(await marks(page)).toEqual(["a", "a"]);
  await page.getByTestId("tab-clocks").click();
  await expect(page.getByTestId("clocks")).toBeVisible();
});

test("a new deployment is what the next load shows, whole, and what was kept of the old one goes", async ({ page, witness, folder }) => {
  void witness;
  const site = await serve({ dist: await deploy(folder, "a") });
  await open(page, site.url);
  await kept(page, join(folder, "site"));
  await deploy(folder, "b");
  await open(page, site.url);
  expect(await marks(page)).toEqual(["b", "b"]);
  await kept(page, join(folder, "site"));
  site.close();
  await page.reload();
  await expect(page.getByTestId("stage")).toBeVisible();
  expect(await marks(page)).toEqual(["b", "b"]);
});

test("a page of the old build stays whole beside one of the new", async ({ page, context, witness, folder }) => {
  void witness;
  const site = await serve({ dist: await deploy(folder, "a") });
  await open(page, site.url);
  await kept(page, join(folder, "site"));
  await deploy(folder, "b");
  const other = await context.newPage();
  await open(other, site.url);
  expect(await marks(other)).toEqual(["b", "b"]);
  // The new build's worker has cached everything, and waits for the old page.
  await expect
    .poll(async () => Object.keys(await keptFiles(page)).length, { timeout: 40_000 })
    .toBe(2);
  await expect
    .poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)), { timeout: 40_000 })
    .toBe(true);
  expect(await marks(page)).toEqual(["a", "a"]);
  await page.getByTestId("tab-clocks").click();
  await expect(page.getByTestId("clocks")).toBeVisible();
  await page.close();
  await open(other, site.url);
  expect(await marks(other)).toEqual(["b", "b"]);
  await kept(other, join(folder, "site"));
  site.close();
});

test("a host that answers with an error shows the page that is kept", async ({ page, folder }) => {
  const site = await serve({ dist: await deploy(folder, "a") });
  await open(page, site.url);
  await kept(page, join(folder, "site"));
  rmSync(join(folder, "site", "charts.js")); // an incomplete deployment
  await page.reload();
  await expect(page.getByTestId("stage")).toBeVisible();
  expect(await marks(page)).toEqual(["a", "a"]);
  site.close();
});

test("can be installed: a manifest with icons that exist", async ({ page, site }) => {
  await open(page, site.below);
  const address = await page.evaluate(() => document.querySelector("link[rel=manifest]").href);
  const manifest = await (await page.request.get(address)).json();
  for (const { src, sizes } of manifest.icons) {
    const { width } = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return { width: image.naturalWidth };
    }, new URL(src, address).href);
    expect(sizes).toBe(`${width}x${width}`);
  }
  expect(new URL(manifest.start_url, address).href).toBe(site.below);
  const client = await page.context().newCDPSession(page);
  const { errors } = await client.send("Page.getAppManifest");
  expect(errors).toEqual([]);
});

test("keeps nothing in a frame of another page", async ({ page, site }) => {
  await page.route(`${site.root}host.html`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<iframe src="${site.root}" width="1200" height="800"></iframe>` }),
  );
  await page.goto(`${site.root}host.html`);
  await expect(page.frameLocator("iframe").getByTestId("stage")).toBeVisible();
  await page.waitForTimeout(5_000); // longer than a page waits before it registers its worker
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});

test("keeps all files but the one that is a page of its own", () => {
  const list = readdirSync(DIST).find((name) => name.startsWith("offline-"));
  const names = Object.keys(JSON.parse(readFileSync(join(DIST, list), "utf8")));
  const left = files().filter((name) => !names.includes(name) && !name.startsWith("examples/"));
  expect(left.sort()).toEqual([list, "sw.js", "triage.html"].sort());
});
