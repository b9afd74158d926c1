// Benchmarks of the built page in Chromium: `./dev bench`. Prints figures and checks nothing; tests check the
// behaviour.
//
// Seeking is measured around `window.triage.seek`, which returns when the screen is up to date. Memory is the module's
// own plus JavaScript's heap after a collection.

import { chromium } from "@playwright/test";
import { launchOptions } from "./browser.mjs";
import { serve } from "./server.mjs";

const TYPES = ["medical", "fire", "natural_disaster", "security", "infrastructure", "hazmat"];

/** Many executors under steady load, with an emergency and a crash each minute. */
export function large({ executors, seconds, mean_us }) {
  const duration_us = seconds * 1e6;
  const commands = [];
  for (let at_us = 20e6, i = 0; at_us < duration_us; at_us += 60e6, i += 7) {
    const process = `exec-${(i % executors) + 1}`;
    commands.push(
      { at_us, action: { declare_emergency: { type: "fire", level: "HIGH", place: "harbour" } } },
      { at_us: at_us + 2e6, action: { crash: { process } } },
      { at_us: at_us + 9e6, action: { restart: { process } } },
      { at_us: at_us + 15e6, action: { clear_emergency: {} } },
    );
  }
  const stream = (name, type, mean_us) => ({
    name,
    ...(type && { type }),
    arrivals: { poisson: { mean_us } },
    until_us: duration_us,
    work: { min_us: 200_000, max_us: 2_000_000 },
  });
  return {
    format: 1,
    name: "large",
    title: "Large run",
    description: "A long run of many executors, for measuring.",
    seed: 5,
    duration_us,
    executors: Array.from({ length: executors }, (_, i) => ({
      id: `exec-${i + 1}`,
      capacity: 8,
      capabilities: [TYPES[i % TYPES.length], "general"],
    })),
    workload: [stream("load", null, mean_us), stream("call", "medical", mean_us * 5)],
    commands,
  };
}

/** A new page for each measurement, so that none is affected by another one's memory. */
async function measure(browser, url, name, scenario, work) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => console.error(`  uncaught: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction(() => typeof window.triage?.load === "function");
  await page.evaluate((text) => {
    window.triage.load(text);
    window.triage.pause();
  }, JSON.stringify(scenario));
  const figures = await work(page, scenario);
  console.log(`${name}: ${figures}`);
  await page.close();
}

const quantiles = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} ms`;
};

/** Random access to a long run: how long the page takes to show a moment, and how much memory the run needs. */
async function seeking(page, scenario) {
  const { recorded_ms, events, seeks } = await page.evaluate(async (end_ms) => {
    const begin = performance.now();
    window.triage.seek(end_ms);
    const recorded_ms = performance.now() - begin;
    const events = window.triage.eventCount();
    const seeks = [];
    let chance = 12345;
    for (let i = 0; i < 60; i++) {
      chance = (Math.imul(chance, 1103515245) + 12345) >>> 0;
      const begin = performance.now();
      window.triage.seek(Math.floor((chance / 2 ** 32) * end_ms));
      seeks.push(performance.now() - begin);
      await new Promise((done) => setTimeout(done));
    }
    return { recorded_ms, events, seeks };
  }, scenario.duration_us / 1e3);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const heap = (await session.send("Runtime.getHeapUsage")).usedSize;
  const module = await page.evaluate(() => window.triage.memoryBytes());
  const mb = (bytes) => (bytes / 1e6).toFixed(1);
  return [
    `${events} events recorded in ${(recorded_ms / 1e3).toFixed(1)} s`,
    `seek ${quantiles(seeks)}`,
    `memory ${mb(module)} MB module + ${mb(heap)} MB JavaScript = ${mb(module + heap)} MB`,
  ].join("; ");
}

/** Main-thread time of the frames while playing; tracing measures the cost of each task. */
async function playing(page) {
  const frames = await page.evaluate(async () => {
    window.triage.seek(18_000);
    const costs = [];
    const ask = window.requestAnimationFrame;
    window.requestAnimationFrame = (run) =>
      ask((now) => {
        const begin = performance.now();
        run(now);
        // Effects of signals run as microtasks after the callback.
        queueMicrotask(() => queueMicrotask(() => costs.push(performance.now() - begin)));
      });
    window.triage.play();
    await new Promise((done) => setTimeout(done, 6_000));
    window.triage.pause();
    window.requestAnimationFrame = ask;
    return costs;
  });
  return `${frames.length} frames in 6 s, main thread ${quantiles(frames)}`;
}

const site = await serve();
const browser = await chromium.launch(launchOptions);
try {
  for (const executors of [5, 50]) {
    const scenario = large({ executors, seconds: 60, mean_us: 2_000_000 / executors });
    await measure(browser, site.url, `running stage, ${executors} executors`, scenario, playing);
  }
  const scenario = large({ executors: 100, seconds: 520, mean_us: 10_000 });
  await measure(browser, site.url, "time travel, 100 executors", scenario, seeking);
} finally {
  await browser.close();
  site.close();
}
