// Takes the log of another system apart by its expressions, in a worker of its own: an expression can take for ever, and
// a worker can be stopped. `triageParseLog` is called by the import dialog; what it gives back is read by the program
// (`import::log::executions_from_json`).
(function () {
  "use strict";
  const LIMIT_MS = 10_000;

  /** The worker's whole program; it sees nothing from outside. */
  function work() {
    function expression(text, what) {
      try {
        return new RegExp(text, "gm");
      } catch (problem) {
        throw new Error(`the ${what} is no expression: ${problem.message}`);
      }
    }

    /** Counts lines on the way through a text; places must not go back. */
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
      const event = expression(parser, "parser");
      const missing = ["event", "host", "clock"].find((group) => !parser.includes(`(?<${group}>`));
      if (missing) throw new Error(`the parser needs a group (?<${missing}>…) beside event, host and clock`);
      const parts = [{ name: "", lines: null, from: 0, to: body.length }];
      if (delimiter !== "") {
        const line = counter(body, firstLine);
        for (const match of matches(expression(delimiter, "delimiter"), body)) {
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
        postMessage({ problem: problem.message });
      }
    };
  }

  window.triageParseLog = function (parser, delimiter, body, firstLine, done) {
    // From its own text: a page that was opened from a disk may not load a worker by its path.
    const address = URL.createObjectURL(new Blob([`(${work})()`], { type: "text/javascript" }));
    const worker = new Worker(address);
    const end = (found, problem) => {
      clearTimeout(limit);
      worker.terminate();
      URL.revokeObjectURL(address);
      done(found, problem);
    };
    const limit = setTimeout(() => end("", "the expressions take too long: they were stopped after ten seconds"), LIMIT_MS);
    worker.onmessage = ({ data }) => end(data.found ?? "", data.problem ?? "");
    worker.onerror = (event) => end("", `the parser could not run: ${event.message ?? "no worker is allowed here"}`);
    worker.postMessage({ parser, delimiter, body, firstLine });
  };
})();
