// First in the page that is one file (`tests/e2e/onefile.mjs`): whoever asks for a file beside the page gets the copy that
// the page carries. A page opened from a disk, or in a frame without an origin, may load nothing by its path. Nothing else
// knows of this: pages fetch, and load scripts and workers, as they do where all files lie beside each other.
(function () {
  "use strict";

  /** The name of a file beside the page; a page at an address that has no folder knows relative ones only. */
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

  /** What carries a file, if the page does. */
  function carrier(address) {
    const name = nameOf(address);
    return name && document.querySelector(`script[data-file="${CSS.escape(name)}"]`);
  }

  const bytesOf = (element) => Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0));

  /** An address at which scripts and workers find a file: that of its copy. */
  function addressOf(address) {
    const found = carrier(address);
    if (!found) return address;
    found.copy ??= URL.createObjectURL(new Blob([bytesOf(found)], { type: found.dataset.type }));
    return found.copy;
  }

  const read = new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  const fetchElsewhere = window.fetch;
  window.fetch = async (input, options) => {
    if (document.readyState === "loading") await read; // what is carried stands at the end
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
