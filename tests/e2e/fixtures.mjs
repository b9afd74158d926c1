// Fixtures for all specs: the built page served at `/` and under a sub-path, a witness of all errors, and short forms
// of `window.triage`.

import { readFileSync } from "node:fs";
import { test as base, expect } from "@playwright/test";
import { serve } from "./server.mjs";

/** An example of a course's folder. */
export const SUB_PATH = "/course/week3/triage/";

export const test = base.extend({
  /** The addresses of the page: at the root, and on another port under a sub-path. */
  site: [
    async ({}, use) => {
      const root = await serve();
      const below = await serve({ base: SUB_PATH });
      await use({ root: root.url, below: below.url });
      root.close();
      below.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ site }, use) => use(site.root),
  /** Records everything that a page must not do; checked at the end of each test that uses it. */
  witness: async ({ page }, use) => {
    const seen = { problems: [], requests: [] };
    page.on("console", (message) => {
      if (message.type() === "error") seen.problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => seen.problems.push(`uncaught: ${error.message}`));
    page.on("requestfailed", (request) =>
      seen.problems.push(`failed: ${request.url()} (${request.failure()?.errorText})`),
    );
    page.on("request", (request) => seen.requests.push(request.url()));
    page.on("response", (response) => {
      if (response.status() >= 400) seen.problems.push(`${response.status()}: ${response.url()}`);
    });
    await use(seen);
    expect(seen.problems, "what went wrong in the page").toEqual([]);
  },
});

export { expect };

/**
 * Opens the page and waits until the stage is visible and `window.triage` works. The run is paused unless a test needs
 * it to play, because a playing page slows down the others.
 */
export async function open(page, address = "./", { playing = false } = {}) {
  await page.goto(address);
  const stage = page.getByTestId("stage");
  const failure = page.locator("#failure");
  await expect(stage.or(failure).filter({ visible: true }).first()).toBeVisible();
  // A page that couldn't start shows an error: don't wait for the stage then.
  expect(await failure.filter({ visible: true }).allInnerTexts(), "the page reports a failure").toEqual([]);
  await expect(stage).toBeVisible();
  await page.waitForFunction(() => typeof window.triage?.load === "function");
  if (!playing) await call(page, "pause");
}

/** Calls one function of `window.triage`. */
export function call(page, name, ...given) {
  return page.evaluate(([name, given]) => window.triage[name](...given), [name, given]);
}

/** Loads a scenario, given as an object. */
export const load = (page, scenario) => call(page, "load", JSON.stringify(scenario));

/** A built-in scenario, as it is served beside the page. */
export const builtIn = (name) =>
  JSON.parse(readFileSync(new URL(`../../public/scenarios/${name}.json`, import.meta.url), "utf8"));

/** Runs the simulation up to a moment and stays there. */
export async function seek(page, ms) {
  await call(page, "pause");
  await call(page, "seek", ms);
}

/** The overview, whether it is returned as text or as an object. */
export async function overview(page) {
  const answer = await call(page, "overview");
  return typeof answer === "string" ? JSON.parse(answer) : answer;
}

/** The events of the trace, whether they are returned as newline-delimited text or as a list. */
export async function trace(page) {
  const answer = await call(page, "trace");
  if (typeof answer !== "string") return answer;
  return answer
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Issues a command now, as the commander by default. */
export function command(page, action, principal = "commander") {
  return call(page, "command", JSON.stringify({ principal, action }));
}

/** Plays a built-in scenario and issues two commands in it: a crash and a job. */
export async function act(page) {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 6_000);
  await command(page, { crash: { process: "harbour" } });
  await seek(page, 9_250.5);
  await command(page, { submit_normal_job: { work_us: 700_000 } });
}
