// Comes first in the single-file page (`tests/e2e/onefile.mjs`): requests for files beside the page get the copies
// inside it, because a page opened from a disk, or in a frame without an origin, can't load files by path. No other
// code depends on this: pages fetch files and load scripts and workers as usual.
(function () {
  "use strict";

  /** The name of a file beside the page. An address without a folder supports only relative names. */
  function nameOf(address) {
    const text = String(address?.url ?? address);
    try {
      const folder = new URL(".", document.baseURI).href;
      const whole = new URL(text, document.baseURI).href;
      return whole.startsWith(folder) ? whole.slice(folder.length).replace(/[?#].*/, "") : null;
    } catch {
      return text.replace(/^\.\//, "").replace(/[?#].*/, "");
    }
  }

  /** The element that contains a file, if the page contains it. */
  function carrier(address) {
    const name = nameOf(address);
    return name && document.querySelector(`script[data-file="${CSS.escape(name)}"]`);
  }

  const bytesOf = (element) => Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0));

  /** A blob address for scripts and workers. */
  function addressOf(address) {
    const found = carrier(address);
    if (!found) return address;
    found.copy ??= URL.createObjectURL(new Blob([bytesOf(found)], { type: found.dataset.type }));
    return found.copy;
  }

  const read = new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  const fetchElsewhere = window.fetch;
  window.fetch = async (input, options) => {
    if (document.readyState === "loading") await read; // the embedded files are at the end of the document
    const found = carrier(input);
    if (!found) return fetchElsewhere.call(window, input, options);
    return new Response(bytesOf(found), { headers: { "Content-Type": found.dataset.type } });
  };

  const { get } = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src");
  const put = Element.prototype.setAttribute;
  HTMLScriptElement.prototype.setAttribute = function (name, value) {
    put.call(this, name, name === "src" ? addressOf(value) : value);
  };
  Object.defineProperty(HTMLScriptElement.prototype, "src", {
    configurable: true,
    get,
    set(value) {
      this.setAttribute("src", value);
    },
  });

  window.Worker = class extends window.Worker {
    constructor(address, options) {
      super(addressOf(address), options);
    }
  };
})();
