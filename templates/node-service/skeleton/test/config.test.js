import assert from "node:assert/strict";
import { test } from "node:test";

import { readConfig } from "../src/config.js";

test("everything has a default", () => {
  const { config, problems } = readConfig({});
  assert.deepEqual(problems, []);
  assert.equal(config.port, 8080);
  assert.equal(config.logLevel, "info");
});

test("variables replace defaults", () => {
  const { config, problems } = readConfig({ PORT: "9000", LOG_LEVEL: "debug" });
  assert.deepEqual(problems, []);
  assert.equal(config.port, 9000);
  assert.equal(config.logLevel, "debug");
});

test("all problems are named at once", () => {
  const { problems } = readConfig({ PORT: "70000", LOG_LEVEL: "loud" });
  assert.deepEqual(problems, [
    'PORT must be a whole number up to 65535, not "70000"',
    'LOG_LEVEL must be one of error, warn, info, debug, not "loud"',
  ]);
});
