// Caches one complete build of the page, so that it loads without a network and never mixes two builds.
// `tests/e2e/offline.mjs` fills in BUILD and LIST, the file that lists all other files with their digests.
//
// A page comes from the network if it responds in time. If it belongs to another build than this worker, all its parts
// come from the network too, and the worker remembers that; pages of this build get everything from the cache while
// they are open. The worker of the new build takes over when no page of another build is open, and only then removes
// old caches.

const PATIENCE_MS = 4000;
const scope = self.registration.scope;
const OURS = `triage:${scope}:`;
const CACHE = OURS + BUILD;

const kept = async (name) => (await caches.open(CACHE)).match(scope + name);

/** The file that an address of this page refers to; null for other addresses. */
function nameOf(address) {
  const { origin, pathname } = new URL(address);
  const place = origin + pathname;
  if (!place.startsWith(scope)) return null;
  return place.slice(scope.length).replace(/(^|\/)$/, "$1index.html");
}

const record = (client) => `${scope}?client=${client}`;

/** Remembers the build of a page. */
async function remember(client, build) {
  await (await caches.open(CACHE)).put(record(client), new Response(build));
}

/** The build of a page, also if another worker was told. */
async function buildOf(client) {
  return (await caches.match(record(client)))?.text();
}

/** Files that are cached already were verified then, so an interrupted installation continues. */
async function fill() {
  const cache = await caches.open(CACHE);
  const list = await fetch(scope + LIST);
  for (const [name, integrity] of Object.entries(await list.json())) {
    if (await cache.match(scope + name)) continue;
    const response = await fetch(scope + name, { integrity, cache: "no-cache" });
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    await cache.put(scope + name, response);
  }
}

/** Activates this worker if no page needs the previous one. */
async function takeOver() {
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = all.filter(({ url }) => nameOf(url) === "index.html");
  const builds = await Promise.all(pages.map(({ id }) => buildOf(id)));
  if (builds.every((build) => build === BUILD)) await self.skipWaiting();
}

async function removeOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function met({ data: { build, waits }, source }) {
  await remember(source.id, build);
  if (waits) await takeOver();
  else if (build === BUILD) await clients.claim();
}

/** The network's response, unless it takes too long. */
function fresh(request) {
  const late = new Promise((_, failed) => setTimeout(failed, PATIENCE_MS, new Error("the network is slow")));
  return Promise.race([fetch(request, { cache: "no-cache" }), late]);
}

async function page(event, name) {
  const here = await kept(name);
  if (!here) return fetch(event.request);
  let answer;
  try {
    answer = await fresh(event.request);
  } catch {
    return here;
  }
  if (answer.status >= 500) return here;
  const build = (await answer.clone().text()).match(/<meta name="triage-build" content="(\w+)"/)?.[1];
  if (build === BUILD) return here;
  if (build) await remember(event.resultingClientId, build);
  return answer;
}

async function part(event, name) {
  const here = await kept(name);
  if (!here) return fetch(event.request);
  const build = await buildOf(event.clientId);
  return build === undefined || build === BUILD ? here : fetch(event.request);
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(takeOver)));
self.addEventListener("activate", (event) => event.waitUntil(removeOthers()));
self.addEventListener("message", (event) => event.waitUntil(met(event)));
self.addEventListener("fetch", (event) => {
  const name = event.request.method === "GET" ? nameOf(event.request.url) : null;
  if (name !== null) event.respondWith(event.request.mode === "navigate" ? page(event, name) : part(event, name));
});
