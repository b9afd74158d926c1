// How all scripts here start the browser that `./dev` found.

/** Launch options for Playwright: this machine's browser, without background traffic. */
export const launchOptions = {
  executablePath: process.env.TRIAGE_HEADLESS || process.env.TRIAGE_CHROME || undefined,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
