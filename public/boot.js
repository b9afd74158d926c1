// Runs before the page's WebAssembly and doesn't depend on it: applies the stored theme before the first paint, starts
// to load the texts of the page's language, and shows an error message if the page can't start or has failed. Must
// never throw.
(function () {
  "use strict";
  var started = false;
  var failed = false;
  var version = "0.2.0";

  var root = document.documentElement;
  function remembered(name) {
    try {
      return window.localStorage.getItem(name);
    } catch (denied) {
      return null; // no storage, so use the device's setting
    }
  }
  var theme = remembered("triage.theme");

  // Parameters that are needed before the first paint (docs/embedding.md). The fragment overrides the query.
  function asked(name) {
    return new URLSearchParams(window.location.hash.slice(1)).get(name) || new URLSearchParams(window.location.search).get(name);
  }
  if (/^(light|dark|auto)$/.test(asked("theme"))) {
    theme = asked("theme");
    root.setAttribute("data-asked-theme", theme);
  }
  if (theme === "light" || theme === "dark") {
    root.setAttribute("data-theme", theme);
  }
  if (/[?&#]embed(=(1|true|yes|on)?)?(&|$)/.test(window.location.search + window.location.hash)) {
    root.setAttribute("data-embed", "");
  }
  if (asked("controls")) {
    root.setAttribute("data-controls", asked("controls"));
  }
  // Don't show another run first.
  if (asked("run") || asked("scenario") || asked("lesson")) {
    root.setAttribute("data-coming", "");
  }

  function element(id) {
    return document.getElementById(id);
  }

  // The language: from the address, otherwise the stored choice, otherwise the browser's first supported language. Must
  // match the list in `src/language`. The texts are in locales/ (docs/languages.md).
  var LANGUAGES = ["en", "de"];
  var texts = {};

  function languageOf(tag) {
    var first = String(tag || "").toLowerCase().split(/[-_]/)[0];
    return LANGUAGES.indexOf(first) >= 0 ? first : null;
  }

  function wanted() {
    var all = [asked("lang"), remembered("triage.lang")].concat(navigator.languages || [navigator.language]);
    return all.map(languageOf).filter(Boolean)[0] || "en";
  }

  /** Translates the texts in index.html. */
  function sayAll() {
    document.querySelectorAll("[data-say]").forEach(function (place) {
      place.dataset.english = place.dataset.english || place.textContent;
      place.textContent = window.triageText(place.dataset.english);
    });
  }

  /** A text in the page's language, with its placeholders `{name}` filled in. */
  window.triageText = function (english, parts) {
    var found = texts[english];
    return (typeof found === "string" ? found : english).replace(/\{(\w+)\}/g, function (whole, name) {
      return parts && name in parts ? parts[name] : whole;
    });
  };

  var coming = {};
  /** A promise of a language's texts by their English; cached unless loading fails. */
  function bring(tag) {
    if (tag === "en") {
      return Promise.resolve({});
    }
    coming[tag] =
      coming[tag] ||
      fetch("locales/" + tag + ".json")
        .then(function (response) {
          if (!response.ok) {
            throw new Error(response.status + " " + response.statusText);
          }
          return response.json();
        })
        .then(function (found) {
          if (Array.isArray(found) || typeof found !== "object") {
            throw new Error("the texts are damaged");
          }
          return found;
        })
        .catch(function (problem) {
          delete coming[tag];
          throw problem;
        });
    return coming[tag];
  }

  function turn(tag, found) {
    texts = found;
    root.lang = tag;
    sayAll();
    window.dispatchEvent(new Event("triage-language"));
  }

  /**
   * The texts in the format for the program, which then needs no JSON parser for them (`src/language/catalogue.rs`).
   */
  function flat() {
    return Object.keys(texts)
      .map(function (english) {
        return [english].concat(texts[english]).join("\u0001");
      })
      .join("\u0002");
  }

  function nothing() {}

  var last = Promise.resolve();
  /** Changes the language, one request at a time; calls back with its texts, or with null if they can't be loaded. */
  function speak(tag, done) {
    last = last
      .then(function () {
        return bring(tag);
      })
      .then(
        function (found) {
          turn(tag, found);
          done(flat());
        },
        function () {
          done(null);
        }
      )
      .catch(nothing);
  }

  /** Removes the language from the address, because the user has chosen another one. */
  function forget() {
    var address = window.location.href.replace(/([?#&])lang=[^&#]*&?/g, "$1").replace(/[?&]+(#|$)/g, "$1").replace(/#$/, "");
    try {
      window.history.replaceState(null, "", address);
    } catch (denied) {
      // After a reload, the address determines the language again.
    }
  }

  var first = wanted();
  if (first !== "en") {
    bring(first).then(function (found) {
      turn(first, found);
    }, nothing); // the program asks again and reports the failure
  }
  window.triageLanguage = { tag: first, speak: speak, forget: forget };

  function report(message) {
    return [
      "Triage " + version,
      "page: " + window.location.href,
      "browser: " + navigator.userAgent,
      "started: " + started,
      "message: " + message,
    ].join("\n");
  }

  function copy() {
    var area = element("failure-report");
    var said = element("failure-copied");
    function done() {
      said.textContent = window.triageText("Copied.");
    }
    function byHand() {
      area.focus();
      area.select();
      said.textContent = window.triageText("Press Ctrl+C or ⌘C to copy the selected text.");
    }
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(area.value).then(done, byHand);
    } else {
      byHand();
    }
  }

  function show(words, message) {
    var place = element("failure");
    if (!place) {
      document.addEventListener("DOMContentLoaded", function () {
        show(words, message);
      });
      return;
    }
    element("failure-words").textContent = words;
    element("failure-report").value = report(message);
    element("failure-reload").addEventListener("click", function () {
      window.location.reload();
    });
    element("failure-copy").addEventListener("click", copy);
    var shell = element("shell");
    if (shell) {
      shell.hidden = true;
    }
    place.hidden = false;
    element("failure-reload").focus();
  }

  // Show only the first failure: it is the cause of the others.
  function fail(message, words) {
    if (failed) {
      return;
    }
    failed = true;
    show(
      words ? words : started
        ? window.triageText("Triage hit an internal error. Reload the page, or copy this report into a bug report.")
        : window.triageText("The page could not start. Reload it, or try a newer browser. The report describes what happened."),
      String(message)
    );
  }

  window.triageFailed = fail;
  window.triageStarted = function () {
    started = true;
    var shell = element("shell");
    if (shell) {
      shell.remove();
    }
    window.dispatchEvent(new Event("triage-started"));
  };

  window.addEventListener(
    "error",
    function (event) {
      var target = event.target;
      if (target && target.tagName === "SCRIPT") {
        fail("a script did not load: " + (target.src || "the page's own module"));
      } else if (event.error && (!started || event.error instanceof WebAssembly.RuntimeError)) {
        fail(event.error.stack || event.message);
      }
    },
    true
  );
  window.addEventListener("unhandledrejection", function (event) {
    var reason = event.reason;
    if (!started || (window.WebAssembly && reason instanceof WebAssembly.RuntimeError)) {
      fail((reason && (reason.stack || reason.message)) || reason);
    }
  });

  if (typeof WebAssembly !== "object") {
    fail("this browser has no WebAssembly, or it is switched off");
  }
  window.setTimeout(function () {
    var words = element("shell-words");
    if (!started && !failed && words) {
      words.textContent = window.triageText("Still loading: the connection is slow, or a file is missing.");
    }
  }, 10000);
})();
