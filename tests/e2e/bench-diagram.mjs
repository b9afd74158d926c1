// Benchmarks of the space–time diagram in Chromium: `node bench-diagram.mjs`, on a built page. Prints figures and
// checks nothing; tests check the behaviour.
//
// A frame's cost is the whole time of the main thread as the browser counts it: the listener, the picture, the strokes,
// styles, layout and commit.

import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { launchOptions } from "./browser.mjs";
import { serve } from "./server.mjs";

const FRAMES = 120;

/** Thirty busy executors until there are about this many events. */
function scenario(events) {
  const duration_us = Math.round((events / 100_000) * 130e6);
  return {
    format: 1,
    name: "panning",
    title: "Panning",
    description: "Many events, for measuring.",
    seed: 7,
    duration_us,
    executors: Array.from({ length: 30 }, (_, i) => ({ id: `exec-${i + 1}`, capacity: 6, capabilities: ["general"] })),
    workload: [
      {
        name: "work",
        arrivals: { poisson: { mean_us: 18_000 } },
        until_us: duration_us,
        work: { min_us: 100_000, max_us: 600_000 },
      },
    ],
    commands: [],
  };
}

/** Moves or zooms the diagram once in each frame; returns the cost of a frame, in ms of the main thread. */
async function frames(page, step) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value * 1e3;
  };
  const before = await busy();
  const scripts = await page.evaluate(
    async ([count, step]) => {
      const canvas = document.querySelector("[data-testid=diagram-canvas]");
      const costs = [];
      for (let i = 0; i < count; i++) {
        // Back and forth, so that every scale and both ends occur.
        const sign = Math.floor(i / 20) % 2 === 0 ? 1 : -1;
        const begin = performance.now();
        canvas.dispatchEvent(
          new WheelEvent("wheel", {
            deltaX: sign * (step.deltaX ?? 0),
            deltaY: sign * (step.deltaY ?? 0),
            ctrlKey: step.deltaY !== undefined,
            bubbles: true,
            cancelable: true,
          }),
        );
        const heard = performance.now() - begin;
        // The diagram requests its frame before this callback, so this one comes right after it.
        const first = await new Promise((done) => requestAnimationFrame((now) => done([now, performance.now()])));
        costs.push(heard + first[1] - Math.max(first[0], begin));
      }
      return costs;
    },
    [FRAMES, step],
  );
  const per_frame = ((await busy()) - before) / FRAMES;
  scripts.sort((a, b) => a - b);
  return `${per_frame.toFixed(1)} ms (until drawn: p50 ${scripts[FRAMES / 2].toFixed(1)}, max ${scripts[FRAMES - 1].toFixed(1)})`;
}

/** One size of run: opening the tab, then panning and zooming near, far, and with a selected event. */
async function measure(browser, url, events) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => console.error(`  uncaught: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction(() => typeof window.triage?.load === "function");
  const settle = () =>
    page.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
    });
  const { count, opened } = await page.evaluate(async (text) => {
    const { triage } = window;
    triage.load(text);
    triage.pause();
    triage.view("log");
    const { duration_us } = JSON.parse(text);
    triage.seek(duration_us / 1e3);
    await new Promise((done) => setTimeout(done, 2_000));
    const begin = performance.now();
    triage.view("diagram");
    for (let i = 0; i < 2; i++) await new Promise((done) => requestAnimationFrame(done));
    return { count: triage.eventCount(), opened: performance.now() - begin };
  }, JSON.stringify(scenario(events)));
  console.log(`${count} events, 30 executors: opens in ${opened.toFixed(0)} ms; a frame`);
  const say = async (what, step) => console.log(`  ${what}: ${await frames(page, step)}`);
  await say("panning at the first scale", { deltaX: 60 });
  await say("zooming", { deltaY: 60 });
  await page.getByTestId("diagram-all").click();
  await settle();
  await say("zooming at the whole run", { deltaY: -20 });
  await page.getByTestId("diagram-all").click();
  await page.getByTestId("diagram-in").click();
  await settle();
  await say("panning near the whole run", { deltaX: 40 });
  await page.getByTestId("diagram-heartbeats").click();
  await settle();
  await say("the same with heartbeats", { deltaX: 40 });
  const chosen = performance.now();
  await page.evaluate((seq) => window.triage.select(seq), Math.floor(count / 2));
  await settle();
  console.log(`  choosing an event: ${(performance.now() - chosen).toFixed(0)} ms`);
  await say("the same with an event chosen", { deltaX: 40 });
  await page.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const site = await serve();
  const browser = await chromium.launch(launchOptions);
  try {
    for (const events of [1_000, 10_000, 100_000]) await measure(browser, site.url, events);
  } finally {
    await browser.close();
    site.close();
  }
}
