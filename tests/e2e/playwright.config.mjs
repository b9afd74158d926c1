// Playwright with the built page; `./dev test e2e` builds it first and passes the browser.

import { defineConfig } from "@playwright/test";
import { launchOptions } from "./browser.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: "test-results",
  workers: 2,
  timeout: 180_000, // generous, because no test here measures speed
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  retries: 0, // a flaky test counts as failing
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions,
    serviceWorkers: "block", // they would bypass routes; offline.spec.mjs allows them
    screenshot: "only-on-failure",
  },
});
