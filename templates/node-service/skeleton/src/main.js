// The program: reads the configuration, serves, and stops when it is told to.

import { readConfig } from "./config.js";
import { createLog } from "./log.js";
import { startServer } from "./server.js";

const { config, problems } = readConfig(process.env);
if (problems.length > 0) {
  console.error(`the configuration is wrong:\n${problems.join("\n")}`);
  process.exit(2);
}

const log = createLog(config.logLevel);
const server = await startServer(config, log).catch((error) => {
  log.error("cannot listen", { host: config.host, port: config.port, error: String(error) });
  process.exit(1);
});
log.info("listening", { host: config.host, port: server.port });

for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
  // Once: a second signal ends the process at once.
  process.once(signal, async () => {
    log.info("stopping", { signal });
    const complete = await server.stop();
    if (!complete) log.warn("some requests took too long and were cut off");
    log.info("stopped");
  });
}
