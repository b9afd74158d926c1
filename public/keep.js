// Autosave: stores this tab's run in the browser, and restores it after a reload or a crash. Also writes runs to files
// and opens them. The page defines the content (`window.triage.keepsake`, `save` and `open`); this script only stores
// it.
//
// Every visit has its own key, held by a lock while the page is open. So two tabs never overwrite each other, and
// entries without a lock are left over from closed pages. Without storage, the page works and shows a note.

import { createStore, del, entries, set } from "idb-keyval";
import "./offline.js";

const EVERY_MS = 2000;
const LEFT_MAX = 5;
const LOCK = "triage-run:";
const place = `${location.pathname}#`;
const key = `${place}${Math.random().toString(36).slice(2)}`;

/** The key of the last visit in this tab. Two tabs may be reloaded at the same time. */
function previous() {
  try {
    const found = sessionStorage.getItem("triage-run");
    sessionStorage.setItem("triage-run", key);
    return found;
  } catch {
    return null;
  }
}

/** The keys that open pages hold. */
async function held() {
  const all = (await navigator.locks?.query())?.held ?? [];
  return new Set(all.map((lock) => lock.name));
}

/** The entries of closed pages, the most likely one first; deletes all but the newest few. */
async function leftOver(store, last) {
  const locks = await held();
  const mine = (await entries(store)).filter(([name]) => String(name).startsWith(place) && !locks.has(LOCK + name));
  mine.sort(([a, { at: before }], [b, { at: after }]) => (b === last) - (a === last) || after - before);
  for (const [name] of mine.slice(LEFT_MAX)) await del(name, store);
  return mine[0];
}

/** "Kept from before: Mixed workload at 00:12.3, 2 commands by hand." */
function words(json) {
  try {
    const { scenario, versions, current, cursor } = JSON.parse(json);
    let commands = 0;
    for (let at = current; versions[at].parent !== null; at = versions[at].parent) commands += 1;
    const tenths = Math.floor(cursor.t_ns / 1e8);
    const two = (number) => String(number).padStart(2, "0");
    const mark = (0.5).toLocaleString(document.documentElement.lang).charAt(1);
    const time = `${two(Math.floor(tenths / 600))}:${two(Math.floor(tenths / 10) % 60)}${mark}${tenths % 10}`;
    const parts = { title: window.triageText(scenario.title), time, n: commands };
    return commands === 1
      ? window.triageText("Saved run: {title} at {time}, with 1 command.", parts)
      : window.triageText("Saved run: {title} at {time}, with {n} commands.", parts);
  } catch {
    return window.triageText("Saved run: it cannot be read.");
  }
}

function button(text, id, act) {
  const made = document.createElement("button");
  made.textContent = text;
  made.dataset.testid = id;
  made.addEventListener("click", act);
  return made;
}

/** Offers a stored run; it is neither opened nor deleted until the user decides. */
function offer(store, [name, { json }]) {
  const bar = document.createElement("section");
  bar.className = "kept panel";
  bar.dataset.testid = "kept";
  bar.setAttribute("aria-label", window.triageText("Saved run"));
  const said = document.createElement("p");
  said.textContent = words(json);
  const close = () => bar.remove();
  // Closes only when the entry is gone: a reload right after it would abort the deletion.
  const forget = () => del(name, store).then(close, close);
  const resume = () => {
    try {
      window.triage.open(json);
      forget();
    } catch (problem) {
      said.textContent = problem.message;
      bar.querySelector("[data-testid=kept-open]").remove();
    }
  };
  bar.append(said, button(window.triageText("Continue"), "kept-open", resume), button(window.triageText("Discard"), "kept-forget", forget));
  document.body.append(bar);
}

async function keep() {
  // An embedded page neither offers nor stores runs: many other pages may embed it.
  if ("embed" in document.documentElement.dataset) return tell("embedded");
  const store = createStore("triage", "runs");
  const left = await leftOver(store, previous());
  // Held until the page is closed.
  navigator.locks?.request(LOCK + key, () => new Promise(() => {}));
  if (left) offer(store, left);
  const write = () => {
    const json = window.triage?.keepsake();
    if (json) set(key, { json, at: Date.now() }, store).catch(() => tell("no"));
  };
  setInterval(write, EVERY_MS);
  document.addEventListener("visibilitychange", write);
  window.addEventListener("pagehide", write);
  tell("yes");
}

/** Sets the state of the autosave for style sheets. */
function tell(keeps) {
  document.documentElement.dataset.keeps = keeps;
}

function toFile(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fromFile(accept, open) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.addEventListener("change", async () => {
    try {
      open(await input.files[0].text(), input.files[0].name);
    } catch {
      // The page has shown the reason.
    }
  });
  input.click();
}

/** Loads `figure.js` on demand. */
async function figures() {
  window.triageFigure ?? (await new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "figure.js";
    script.onload = done;
    script.onerror = () => failed(new Error(window.triageText("The script that makes figures could not be loaded.")));
    document.head.append(script);
  }));
  return window.triageFigure;
}

const figure = (part, kind) => async () =>
  toFile(`${scenarioName()}.${part}.${kind}`, await (await figures())[kind](part), kind === "svg" ? "image/svg+xml" : "image/png");

async function handout() {
  await (await figures()).handout("stage");
  print();
}

async function mermaidBetween() {
  const [from, to] = ["from", "to"].map((id) => document.querySelector(`[data-testid=mermaid-${id}]`).valueAsNumber);
  toFile(`${scenarioName()}.mmd`, (await figures()).mermaid(from, to), "text/plain");
}

const scenarioName = () => JSON.parse(window.triage.save()).scenario.name;
const exporter = (format, ending, type) => () =>
  toFile(`${scenarioName()}.${ending}`, window.triage.export(format), type);
const FILES = {
  "export-ndjson": exporter("ndjson", "trace.ndjson", "application/x-ndjson"),
  "export-shiviz": exporter("shiviz", "shiviz.log", "text/plain"),
  "export-chrome": exporter("chrome", "chrome.json", "application/json"),
  "export-mermaid": exporter("mermaid", "mmd", "text/plain"),
  "export-csv": exporter("csv", "metrics.csv", "text/csv"),
  "stage-svg": figure("stage", "svg"),
  "stage-png": figure("stage", "png"),
  "view-svg": figure("view", "svg"),
  "view-png": figure("view", "png"),
  "mermaid-range": mermaidBetween,
  handout,
  record() {
    const json = window.triage.record(document.querySelector("[data-testid=record-title]").value);
    toFile(`${JSON.parse(json).name}.json`, json, "application/json");
  },
  save: () => toFile(`${scenarioName()}.run.json`, window.triage.save(), "application/json"),
  open: () => fromFile(".json,application/json", window.triage.open),
  import: () => fromFile(".log,.txt,.xml,.cap,.json,.geojson", window.triage.import),
  "save-audit": () => toFile(`${scenarioName()}.audit.ndjson`, window.triage.audit(), "application/x-ndjson"),
  "open-audit": () => fromFile(".ndjson,application/x-ndjson", window.triage.openAudit),
};

document.addEventListener("click", async (event) => {
  try {
    await FILES[event.target.closest?.("[data-file]")?.dataset.file]?.();
  } catch (problem) {
    const place = document.querySelector("[data-testid=file-problem]");
    if (place) place.textContent = problem.message;
  }
});

function start() {
  keep().catch(() => tell("no"));
}
if (window.triage) start();
else addEventListener("triage-started", start, { once: true });
