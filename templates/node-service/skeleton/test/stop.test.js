// The program as an orchestrator sees it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../src/main.js", import.meta.url));

/** @param {Record<string, string>} variables */
function start(variables) {
  return spawn(process.execPath, [PROGRAM], { env: { ...process.env, ...variables } });
}

test("stops on SIGTERM", { skip: process.platform === "win32" }, async () => {
  const service = start({ HOST: "127.0.0.1", PORT: "0" });
  const [line] = await once(createInterface(service.stdout), "line");
  const { message, port } = JSON.parse(line);
  assert.equal(message, "listening");
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  assert.equal(response.status, 200);
  await response.text();

  service.kill("SIGTERM");
  const [code] = await once(service, "exit");
  assert.equal(code, 0);
});

test("does not start with a wrong configuration", async () => {
  const service = start({ PORT: "http" });
  const [code] = await once(service, "exit");
  assert.equal(code, 2);
});
