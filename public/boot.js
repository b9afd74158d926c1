// Runs before the page's WebAssembly and outlives it: applies the remembered theme before the first
// paint, and says in words when the page cannot start or has broken. Never throws itself.
(function () {
  "use strict";
  var started = false;
  var failed = false;
  var version = "0.1.0";

  var root = document.documentElement;
  var theme = null;
  try {
    theme = window.localStorage.getItem("triage.theme");
  } catch (denied) {
    // No storage, no remembered theme: the device's own is right.
  }

  // What of the address must hold before the first paint (docs/embedding.md); the fragment counts more than the query.
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
  // Nobody should see another run first.
  if (asked("run") || asked("scenario") || asked("lesson")) {
    root.setAttribute("data-coming", "");
  }

  function element(id) {
    return document.getElementById(id);
  }

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
      said.textContent = "Copied.";
    }
    function byHand() {
      area.focus();
      area.select();
      said.textContent = "Press Ctrl+C or ⌘C to copy the marked text.";
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

  // The first failure is the cause; what follows it is only noise.
  function fail(message, words) {
    if (failed) {
      return;
    }
    failed = true;
    show(
      words ? words : started
        ? "Something inside broke, and what the stage shows can no longer be trusted. Reloading starts again; the report helps whoever mends it."
        : "The page could not start. This browser may be too old, or a file did not arrive. Reloading may help; the report says what happened.",
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
      words.textContent = "Still loading: the connection is slow, or a file does not arrive.";
    }
  }, 10000);
})();
