// Serving, and stopping without losing a request.

import { createServer } from "node:http";

import { Problem, route } from "./routes.js";

/**
 * A server that runs.
 * @typedef {object} RunningServer
 * @property {number} port The port it listens on.
 * @property {() => Promise<boolean>} stop Takes no new requests and waits for those that are being
 *   answered. Whether all of them were answered in time.
 */

/**
 * Starts to serve.
 * @param {import("./config.js").Config} config
 * @param {import("./log.js").Log} log
 * @returns {Promise<RunningServer>}
 */
export async function startServer(config, log) {
  let isStopping = false;

  /**
   * @param {string} method
   * @param {string} path
   * @returns {import("./routes.js").Answer}
   */
  function answer(method, path) {
    try {
      return route(method, path);
    } catch (error) {
      if (error instanceof Problem) return error.answer();
      log.error("failed", { method, path, error: String(error) });
      return new Problem(500, "something went wrong").answer();
    }
  }

  const server = createServer((request, response) => {
    const start = performance.now();
    const method = request.method ?? "GET";
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";

    // Probes come every few seconds: they stay out of the log.
    if (path === "/healthz") {
      write(response, { status: 200, body: { status: "alive" } });
      return;
    }
    if (path === "/readyz") {
      // Ask here for what the service cannot work without.
      const [status, text] = isStopping ? [503, "stopping"] : [200, "ready"];
      write(response, { status, body: { status: text } });
      return;
    }

    const answered = answer(method, path);
    write(response, answered);
    const milliseconds = Math.round(performance.now() - start);
    log.info("answered", { method, path, status: answered.status, milliseconds });
  });

  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, () => resolve(undefined));
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : config.port;

  return {
    port,
    stop() {
      isStopping = true;
      return new Promise((resolve) => {
        const cutOff = setTimeout(() => {
          server.closeAllConnections();
          resolve(false);
        }, config.shutdownGraceSeconds * 1000);
        server.close(() => {
          clearTimeout(cutOff);
          resolve(true);
        });
        server.closeIdleConnections();
      });
    },
  };
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {import("./routes.js").Answer} answer
 */
function write(response, { status, body, headers = {} }) {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  });
  response.end(bytes);
}
