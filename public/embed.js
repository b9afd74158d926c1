// Defines <triage-sim>: the page in an iframe that adapts its height. See docs/embedding.md.
//
//   <script src="https://…/triage/embed.js"></script>
//   <triage-sim scenario="partition" speed="2" views="log"></triage-sim>
//
// Attributes are the parameters of the page. Methods return promises: play(), pause(), seek(ms),
// command({principal, action}), state(), link(), open(run). Events: triage-ready, triage-state, triage-events,
// triage-answer, triage-result, each with its detail.
(function () {
  "use strict";
  if (customElements.get("triage-sim")) return;
  const VERSION = 1;
  const PARAMETERS = ["run", "scenario", "lesson", "step", "at", "autoplay", "speed", "theme", "views", "controls", "role", "lang"];
  const TITLES = { en: "Triage: a simulation of an emergency-response system", de: "Triage: Simulation eines Systems für Notfälle" };
  const FIRST_RATIO = "16 / 10"; // until the page reports its height
  const own = document.currentScript?.src || document.querySelector("script[src$='embed.js']")?.src || location.href;
  const page = (base) => new URL("./", new URL(base || own, location.href));

  class TriageSim extends HTMLElement {
    static observedAttributes = [...PARAMETERS, "src", "sandbox", "title"];
    #frame = null;
    #number = 0;
    #waiting = new Map();
    #greeted = false;
    #ready = null;
    #heard = (event) => this.#hear(event);

    connectedCallback() {
      addEventListener("message", this.#heard);
      this.#load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#heard);
      this.#forget("the frame was taken out of the page");
      this.#frame = null;
    }

    attributeChangedCallback(name, before, after) {
      if (this.#frame && before !== after) this.#load();
    }

    /** Resolves when the page in the frame accepts requests; a new promise after each load. */
    get ready() {
      return this.#ready.promise;
    }

    play() { return this.ask("play"); }
    pause() { return this.ask("pause"); }
    seek(ms) { return this.ask("seek", { ms }); }
    command(command) { return this.ask("command", command); }
    state() { return this.ask("state"); }
    link() { return this.ask("link"); }
    open(run) { return this.ask("open", { run }); }

    /** Sends a request to the page in the frame; rejects with its error message. */
    async ask(ask, rest = {}) {
      if (ask !== "hello") await this.#ready.promise;
      return new Promise((resolve, reject) => {
        this.#number += 1;
        this.#waiting.set(this.#number, { resolve, reject });
        this.#frame.contentWindow.postMessage({ ...rest, triage: VERSION, id: this.#number, ask }, this.#target());
      });
    }

    /** The origin for messages to the frame; a sandboxed frame has an opaque one, so `*`. */
    #origin() {
      const sandboxed = this.#frame.hasAttribute("sandbox") && !this.#frame.sandbox.contains("allow-same-origin");
      const { origin } = page(this.getAttribute("src"));
      return sandboxed ? "null" : origin;
    }

    #target() {
      const origin = this.#origin();
      return origin === "null" ? "*" : origin;
    }

    #forget(why) {
      for (const { reject } of this.#waiting.values()) reject(new Error(why));
      this.#waiting.clear();
      this.#greeted = false;
      this.#ready?.reject(new Error(why));
      this.#begin();
    }

    #begin() {
      this.#ready = Promise.withResolvers ? Promise.withResolvers() : withResolvers();
      this.#ready.promise.catch(() => {}); // it may have no handler
    }

    #load() {
      const asked = new URLSearchParams({ embed: "1" });
      for (const name of PARAMETERS) if (this.hasAttribute(name)) asked.set(name, this.getAttribute(name));
      if (location.origin !== "null") asked.set("host", location.origin);
      const address = page(this.getAttribute("src"));
      // In the fragment, so that it isn't sent to the server.
      address.hash = asked.toString();
      this.#forget("the frame was loaded again");
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") || TITLES[this.getAttribute("lang")] || TITLES.en;
      frame.loading = "lazy";
      frame.allow = "clipboard-write; fullscreen";
      if (this.hasAttribute("sandbox")) frame.setAttribute("sandbox", this.getAttribute("sandbox") || "allow-scripts");
      frame.style.cssText = `display:block;width:100%;border:0;aspect-ratio:${FIRST_RATIO}`;
      frame.src = address.href;
      this.style.display ||= "block";
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      root.replaceChildren(frame);
      this.#frame = frame;
    }

    #hear({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || data?.triage !== VERSION) return;
      // Files have the origin "null" although their address starts with "file://".
      if (origin !== this.#origin() && origin !== "null") return;
      if (data.reply !== undefined) {
        const asked = this.#waiting.get(data.reply);
        this.#waiting.delete(data.reply);
        if (data.error !== undefined) asked?.reject(new Error(data.error));
        else asked?.resolve(data.value);
        return;
      }
      if (data.tell === "height") {
        this.#frame.style.aspectRatio = "auto";
        this.#frame.style.height = `${data.height}px`;
      } else if (data.tell === "ready") {
        this.#greet();
      } else if (["state", "events", "answer", "result"].includes(data.tell)) {
        const detail = data.tell === "events" ? { from: data.from, events: data.events } : data[data.tell];
        this.#tell(data.tell, detail);
      }
    }

    /** The page in the frame announces each load, and gets a greeting. */
    #greet() {
      if (this.#greeted) this.#forget("the page in the frame was loaded again");
      this.#greeted = true;
      this.ask("hello").then((about) => {
        this.#ready.resolve(about);
        this.#tell("ready", about);
      }, () => {});
    }

    #tell(kind, detail) {
      this.dispatchEvent(new CustomEvent(`triage-${kind}`, { detail, bubbles: true, composed: true }));
    }
  }

  function withResolvers() {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
  }

  customElements.define("triage-sim", TriageSim);
})();
