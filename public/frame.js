// Exchanges messages with a page that embeds this one: docs/embedding.md describes the protocol, version 1.
//
// Only messages from the parent are accepted, identified by its window as well as its origin: files and sandboxed
// frames have the origin "null", which isn't unique. The first valid "hello" fixes the origin until the page is
// reloaded.
(function () {
  "use strict";
  const VERSION = 1;
  const EVERY_MS = 150;
  const EVENTS_MAX = 500;
  const parent = window.parent;
  const wanted = parameter("host");
  let origin = null; // the host's origin, once it has sent "hello"

  window.triageFrame = VERSION;

  function parameter(name) {
    const read = (text) => new URLSearchParams(text.slice(1)).get(name);
    return read(location.hash) ?? read(location.search);
  }

  function post(message) {
    // Address one origin if it has a name; before "hello" nothing confidential is sent.
    const target = origin && origin !== "null" ? origin : "*";
    parent.postMessage({ triage: VERSION, ...message }, target);
  }

  // Requests of a host ---------------------------------------------------------------------------------------------

  function number(value, name) {
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw new Error(`${name} must be a number, 0 or more`);
    }
    return value;
  }

  function state() {
    return { ...window.triage.state(), memory_mb: Math.round(window.triage.memoryBytes() / 1e6) };
  }

  const ASKED = {
    hello: () => about(),
    play: () => void window.triage.play(),
    pause: () => void window.triage.pause(),
    seek: ({ ms }) => void window.triage.seek(number(ms, "ms")),
    command({ principal = "commander", action }) {
      if (typeof action !== "object" || action === null) throw new Error("a command needs an action in the scenario format");
      window.triage.command(JSON.stringify({ principal, action }));
    },
    state,
    link: () => window.triage.link(),
    open({ run }) {
      if (typeof run !== "string") throw new Error("open needs a run: a link, or the text of a run file");
      if (!/^\s*\{/.test(run)) return { warning: window.triage.openLink(run) ?? null };
      window.triage.open(run);
      return { warning: null };
    },
  };

  function about() {
    const { scenario, title } = window.triage.state();
    const kept = document.documentElement.dataset.keeps === "yes";
    return { versions: [VERSION], asks: Object.keys(ASKED), scenario, title, kept };
  }

  addEventListener("message", ({ source, origin: from, data }) => {
    if (source !== parent || typeof data !== "object" || data === null) return;
    if (data.context === "h5p") {
      if (data.action === "ready" || data.action === "hello" || data.action === "resize") tellHeight(true);
      return;
    }
    if (data.triage === undefined || data.ask === undefined) return;
    if ((wanted !== null && from !== wanted) || (origin !== null && from !== origin)) return;
    const { id = null, ask } = data;
    const answer = (rest) => post({ reply: id, ...rest });
    if (data.triage !== VERSION) {
      if (origin === null) origin = from;
      return answer({ error: `version ${data.triage} of the protocol is not spoken here: this page speaks version ${VERSION}` });
    }
    if (ask === "hello") origin = from;
    if (origin === null) return; // ignore requests before "hello"
    if (!Object.hasOwn(ASKED, ask)) {
      return answer({ error: `“${ask}” is nothing this page can be asked; it can be asked ${Object.keys(ASKED).join(", ")}` });
    }
    try {
      answer({ value: ASKED[ask](data) ?? null });
      follow();
    } catch (problem) {
      answer({ error: problem.message });
    }
  });

  // Messages to a host -----------------------------------------------------------------------------------------------

  let told = "";
  let count = null;
  function follow() {
    if (origin === null) return;
    const now = state();
    const { memory_mb: _, ...same } = now;
    const text = JSON.stringify(same);
    if (text === told) return;
    told = text;
    post({ tell: "state", state: now });
    const { events } = now;
    // The cursor moved back, or another run was opened: send the following events again from there.
    if (count === null || events < count) count = events;
    while (count < events) {
      const until = Math.min(events, count + EVENTS_MAX);
      const lines = window.triage.events(count, until).split("\n");
      post({ tell: "events", from: count, events: lines.filter(Boolean).map((line) => JSON.parse(line)) });
      count = until;
    }
  }
  setInterval(follow, EVERY_MS);

  // Lessons report answers, and results as a short code, as events of the window.
  addEventListener("triage-lesson", ({ detail: { kind, ...said } }) => {
    const tell = kind === "answer" ? "answer" : "result";
    if (origin !== null) post({ tell, [tell]: said });
  });

  // Height: in the generic form, for Canvas, and for H5P's resizer ----------------------------------------------------

  let height = 0;
  function tellHeight(again) {
    const page = document.querySelector(".page");
    if (!page || !("embed" in document.documentElement.dataset)) return; // a page that isn't embedded fills its window
    const now = Math.ceil(page.getBoundingClientRect().height);
    if (now === 0 || (now === height && !again)) return;
    height = now;
    post({ tell: "height", height });
    parent.postMessage({ subject: "lti.frameResize", height }, "*");
    parent.postMessage({ context: "h5p", action: "resize", height, scrollHeight: height, clientHeight: height }, "*");
  }
  parent.postMessage({ context: "h5p", action: "hello" }, "*");
  const page = document.querySelector(".page");
  if (page) new ResizeObserver(() => tellHeight(false)).observe(page);

  // The surrounding page scrolls until the user starts to interact with this one.
  const root = document.documentElement;
  const inside = () => root.toggleAttribute("data-inside", document.hasFocus());
  for (const kind of ["focus", "blur"]) addEventListener(kind, inside);
  inside();

  function linked() {
    try {
      return window.triage.link();
    } catch {
      return ""; // an imported log
    }
  }

  // Explains what the embedded page can't do, with a link to the full page.
  function note() {
    document.querySelector(".embed-note")?.remove();
    const words = document.createElement("p");
    words.className = "embed-note";
    words.dataset.testid = "embed-note";
    const link = document.createElement("a");
    link.textContent = window.triageText("Open in its own window");
    link.target = "_blank";
    link.rel = "noopener";
    link.href = location.pathname;
    const freshen = () => void (link.href = location.href.replace(/[?#].*/s, "") + linked());
    for (const kind of ["pointerdown", "focus"]) link.addEventListener(kind, freshen);
    const lost = window.triageText("When this page is closed, neither the run nor your settings are saved.");
    words.append(lost, " ", link, ".");
    document.querySelector(".page")?.append(words);
  }
  note();
  addEventListener("triage-language", note);

  post({ tell: "ready", ...about() });
  tellHeight(true);
})();
