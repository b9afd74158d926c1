// Brings the part of the program that a first visit does without (`tests/e2e/split.mjs`), once: in the background from
// the first press on, or when somebody comes near what needs it; and at once when the program runs into it.

import { unlzma } from "./lzma.js";

/** Puts `window.triageLater` in place: the packed rest of the program lies at an address. */
export function bring(address) {
  let here = false;
  let coming = null;
  const begun = new Promise((done) => {
    addEventListener("TrunkApplicationStarted", ({ detail }) => done(detail.wasm), { once: true });
  });

  /** The rest puts its functions into the table of the program, and is there. */
  function join(module, program) {
    if (!here) new WebAssembly.Instance(module, { 0: program });
    here = true;
  }

  async function load() {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    const bytes = unlzma(new Uint8Array(await response.arrayBuffer()));
    join(await WebAssembly.compile(bytes), await begun);
  }

  /** A promise of the rest; one that was broken is given anew. */
  function soon() {
    if (here) return Promise.resolve();
    coming ??= load().catch((problem) => {
      coming = null;
      const { message } = problem;
      throw new Error(window.triageText("This part of the page could not be loaded: {message}. Check the connection and try again. If the page was renewed meanwhile, reload it.", { message }));
    });
    return coming;
  }

  /** Only this may stand still for it: the program is in the middle of something. */
  function fetchedNow() {
    const carried = window.triageEmbedded?.(address); // in the page that is one file
    if (carried) return carried;
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.overrideMimeType("text/plain; charset=x-user-defined"); // one letter a byte
    request.send();
    if (request.status !== 200) throw new Error(`${request.status} ${request.statusText}`);
    return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
  }

  window.triageLater = {
    get here() {
      return here;
    },
    /** Calls back when the rest is there: with null, or with the reason in words why it is not. */
    soon(then) {
      soon().then(
        () => then(null),
        (problem) => then(problem.message),
      );
    },
    /** Loads the rest before it returns, for the exports of the program. */
    now(program) {
      if (here) return;
      try {
        join(new WebAssembly.Module(unlzma(fetchedNow())), program);
      } catch (problem) {
        const words = window.triageText("A part of the page did not arrive when it was needed: the connection is lost, or the page was renewed meanwhile. Reload the page when the connection is back.");
        window.triageFailed(problem.message, words);
        throw new Error(`${words} (${problem.message})`);
      }
    },
  };

  const prefetch = () => void soon().catch(() => {}); // what needs it will ask again, and tell
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, prefetch, { once: true, capture: true });
  for (const kind of ["pointerover", "focusin"]) {
    addEventListener(kind, ({ target }) => target.closest?.("[data-later]") && prefetch(), { passive: true });
  }
}
