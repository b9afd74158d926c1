// Parses the log of another system with its regular expressions, in a worker: an expression can take forever, and a
// worker can be stopped. The import dialog calls `triageParseLog`; the program reads the result
// (`import::log::executions_from_json`).
(function () {
  "use strict";
  const LIMIT_MS = 10_000;

  /** The worker's whole program, which can't refer to anything outside. Its messages are translated outside. */
  function work() {
    const triageText = (words, parts) => ({ words, parts });

    function expression(text, words) {
      try {
        return new RegExp(text, "gm");
      } catch ({ message }) {
        throw { ...words, parts: { message } };
      }
    }

    /** Counts lines up to a position; positions must not decrease. */
    function counter(text, first) {
      let place = 0;
      let line = first;
      return (to) => {
        for (let at = text.indexOf("\n", place); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) line += 1;
        place = Math.max(place, to);
        return line;
      };
    }

    function* matches(found, text) {
      for (const match of text.matchAll(found)) {
        if (match[0] !== "") yield match;
      }
    }

    function executions({ parser, delimiter, body, firstLine }) {
      const event = expression(parser, triageText("the parser isn't a valid regular expression: {message}"));
      const missing = ["event", "host", "clock"].find((group) => !parser.includes(`(?<${group}>`));
      if (missing) throw triageText("the parser needs a group {group}, besides event, host and clock", { group: `(?<${missing}>…)` });
      const parts = [{ name: "", lines: null, from: 0, to: body.length }];
      if (delimiter !== "") {
        const line = counter(body, firstLine);
        for (const match of matches(expression(delimiter, triageText("the delimiter isn't a valid regular expression: {message}")), body)) {
          const end = match.index + match[0].length;
          parts.at(-1).to = match.index;
          const name = (match.groups?.trace ?? "").trim();
          parts.push({ name, lines: [line(match.index), line(end)], from: end, to: body.length });
        }
      }
      const line = counter(body, firstLine);
      const all = [];
      for (const { name, lines, from, to } of parts) {
        const entries = [];
        for (const match of matches(event, body.slice(from, to))) {
          const { event = "", host = "", clock = "", ...others } = match.groups;
          const fields = Object.entries(others).flatMap(([name, value]) => [name, (value ?? "").trim()]);
          const begin = from + match.index;
          const span = [line(begin), line(begin + match[0].length)];
          entries.push([...span, event.trim(), host.trim(), clock.trim(), fields]);
        }
        if (entries.length > 0 || delimiter === "") {
          all.push([name || `execution ${all.length + 1}`, lines, entries]);
        }
      }
      return JSON.stringify(all);
    }

    onmessage = ({ data }) => {
      try {
        postMessage({ found: executions(data) });
      } catch (problem) {
        postMessage({ problem: problem.words ? problem : { words: problem.message } });
      }
    };
  }

  window.triageParseLog = function (parser, delimiter, body, firstLine, done) {
    // Create it from its source text: a page opened from a disk can't load a worker by path.
    const address = URL.createObjectURL(new Blob([`(${work})()`], { type: "text/javascript" }));
    const worker = new Worker(address);
    const end = (found, problem) => {
      clearTimeout(limit);
      worker.terminate();
      URL.revokeObjectURL(address);
      done(found, problem);
    };
    const fail = (words, parts) => end("", window.triageText(words, parts));
    const limit = setTimeout(() => end("", window.triageText("the regular expressions took too long and were stopped after ten seconds: simplify them")), LIMIT_MS);
    worker.onmessage = ({ data: { found, problem } }) => (problem ? fail(problem.words, problem.parts) : end(found, ""));
    worker.onerror = ({ message }) =>
      end("", message ? window.triageText("the parser could not run: {message}", { message }) : window.triageText("the parser could not run: this browser does not allow a worker here"));
    worker.postMessage({ parser, delimiter, body, firstLine });
  };
})();
