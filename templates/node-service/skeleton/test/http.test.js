// The service as its users see it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { readConfig } from "../src/config.js";
import { createLog } from "../src/log.js";
import { startServer } from "../src/server.js";

/** @type {string[]} */
const lines = [];
const { config } = readConfig({ HOST: "127.0.0.1", PORT: "0" });

/** @type {import("../src/server.js").RunningServer} */
let server;
before(async () => {
  server = await startServer(
    config,
    createLog("info", (line) => lines.push(line)),
  );
});
after(() => server.stop());

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
function request(path, options) {
  return fetch(`http://127.0.0.1:${server.port}${path}`, options);
}

test("greets by name", async () => {
  const response = await request("/v1/greetings/Ada%20Lovelace");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { message: "Hello, Ada Lovelace!" });
});

test("refuses a name that is too long", async () => {
  const response = await request(`/v1/greetings/${"x".repeat(101)}`);
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.deepEqual(await response.json(), { status: 400, title: "the name is too long" });
});

test("refuses a path that is not encoded correctly", async () => {
  const response = await request("/v1/greetings/%E0%A4%A");
  assert.equal(response.status, 400);
});

test("refuses other methods", async () => {
  const response = await request("/v1/greetings/Ada", { method: "DELETE" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, HEAD");
});

test("does not know other paths", async () => {
  const response = await request("/v1/nothing");
  assert.equal(response.status, 404);
});

test("is alive and ready", async () => {
  for (const path of ["/healthz", "/readyz"]) {
    const response = await request(path);
    assert.equal(response.status, 200, path);
  }
});

test("logs answers, but not probes", async () => {
  lines.length = 0;
  await request("/healthz");
  await request("/v1/greetings/Ada");
  const entries = lines.map((line) => JSON.parse(line));
  assert.equal(entries.length, 1);
  assert.equal(entries[0].path, "/v1/greetings/Ada");
  assert.equal(entries[0].status, 200);
});
