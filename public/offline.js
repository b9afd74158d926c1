// Has the page kept for when there is no network, by `public/sw.js`: some seconds after it has started, so that nothing waits
// for it. Not in a frame of somebody else's page, not from a disk, and silently not where a browser allows no workers.

const AFTER_MS = 3000;
/** Which build this page is: `tests/e2e/offline.mjs`. */
const build = document.querySelector('meta[name="triage-build"]')?.content;

async function register() {
  const { serviceWorker } = navigator; // even to look at it is denied in a sandbox
  const registration = await serviceWorker.register("sw.js", { updateViaCache: "none" });
  // To register what is registered already looks for no new build, and the browser does only when it likes.
  if (registration.active) await registration.update();
  const { active } = await serviceWorker.ready;
  // Not both: a worker that is woken as it is to be replaced may hold its place for minutes (seen in Chromium).
  const { waiting } = registration;
  (waiting ?? active).postMessage({ build, waits: Boolean(waiting) });
}

if (build && isSecureContext && /^https?:$/.test(location.protocol) && window.top === window) {
  setTimeout(() => register().catch(() => {}), AFTER_MS);
}
