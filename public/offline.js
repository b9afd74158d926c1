// Caches the page for use without a network, with `public/sw.js`. Starts some seconds after the page, so that it delays
// nothing. Doesn't run in frames of other sites or from a disk, and does nothing where workers aren't allowed.

const AFTER_MS = 3000;
/** The build of this page, see `tests/e2e/offline.mjs`. */
const build = document.querySelector('meta[name="triage-build"]')?.content;

async function register() {
  const { serviceWorker } = navigator; // in a sandbox, even reading this property throws
  const registration = await serviceWorker.register("sw.js", { updateViaCache: "none" });
  // Registering again doesn't check for a new build, so check explicitly.
  if (registration.active) await registration.update();
  const { active } = await serviceWorker.ready;
  // Don't do both: a worker that is woken while it is replaced may block for minutes (seen in Chromium).
  const { waiting } = registration;
  (waiting ?? active).postMessage({ build, waits: Boolean(waiting) });
}

if (build && isSecureContext && /^https?:$/.test(location.protocol) && window.top === window) {
  setTimeout(() => register().catch(() => {}), AFTER_MS);
}
