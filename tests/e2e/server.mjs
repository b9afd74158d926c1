// Serves a built page under any path: used by `./dev serve` and the tests.
//
// node server.mjs [--port 8080] [--base /] [--check]
//
// Only paths below the base are served; others are a 404, so that an address that should be relative but isn't is
// noticed under a sub-path.

import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import sirv from "sirv";
import { DIST } from "./dist.mjs";

/** Serves the files of `dist` below `base`, which starts and ends with a slash. */
function handler(dist, base) {
  // As GitHub Pages does: a sandboxed frame has no origin, so its scripts are cross-origin.
  const setHeaders = (response) => response.setHeader("Access-Control-Allow-Origin", "*");
  const files = sirv(dist, { dev: true, etag: true, setHeaders });
  return (request, response) => {
    const missing = () => {
      response.statusCode = 404;
      response.end(`not found: the page is at ${base}\n`);
    };
    if (request.url + "/" === base) {
      response.writeHead(302, { Location: base });
      response.end();
    } else if (request.url.startsWith(base)) {
      request.url = request.url.slice(base.length - 1);
      files(request, response, missing);
    } else {
      missing();
    }
  };
}

function listen(server, port, host) {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, host, () => done(server.address().port));
  });
}

/**
 * Starts a server on this machine only and returns its address; port 0 takes any free one. A fixed port is opened for
 * IPv4 and IPv6, because `localhost` may be either.
 */
export async function serve({ dist = DIST, base = "/", port = 0 } = {}) {
  const servers = [createServer(handler(dist, base))];
  const taken = await listen(servers[0], port, "127.0.0.1");
  if (port !== 0) {
    const second = createServer(handler(dist, base));
    try {
      await listen(second, port, "::1");
      servers.push(second);
    } catch (error) {
      if (error.code === "EADDRINUSE") {
        servers[0].close();
        throw error;
      } // Otherwise this machine has no IPv6, so nobody else can answer there.
    }
  }
  const host = port === 0 ? "127.0.0.1" : "localhost";
  return {
    url: `http://${host}:${taken}${base}`,
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      base: { type: "string", default: "/" },
      check: { type: "boolean", default: false }, // only check whether the port is free
    },
  });
  let site;
  try {
    site = await serve({ base: values.base, port: Number(values.port) });
  } catch (error) {
    const reason =
      error.code === "EADDRINUSE"
        ? `port ${values.port} is busy: choose another, such as ./dev serve --port ${Number(values.port) + 1}`
        : `cannot listen on port ${values.port}: ${error.message}`;
    console.error(reason);
    process.exit(1);
  }
  if (values.check) {
    site.close();
    return;
  }
  if (!existsSync(resolve(DIST, "index.html"))) {
    console.error("there is no built page yet: run ./dev build");
    process.exit(1);
  }
  console.log(`Triage is at ${site.url}  (Ctrl-C ends it)`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      site.close();
      process.exit(0);
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
