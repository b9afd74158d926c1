// How every script here starts the browser that `./dev` found.

/** Launch options for Playwright: the browser of this machine, quiet and offline. */
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
