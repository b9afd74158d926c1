// Playwright on the built page; `./dev test e2e` builds it first and names the browser.

import { defineConfig } from "@playwright/test";
import { launchOptions } from "./browser.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: "test-results",
  workers: 2,
  timeout: 180_000, // generous, for nothing here is about speed
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  retries: 0, // a test that passes now and then is a failing test
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions,
    serviceWorkers: "block", // they would answer in place of routes; offline.spec.mjs allows them
    screenshot: "only-on-failure",
  },
});
