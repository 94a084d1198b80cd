// The configuration, from environment variables. docs/operations.md lists them.

import { LEVELS } from "./log.js";

/**
 * What can be set from outside.
 * @typedef {object} Config
 * @property {string} host Where the service listens.
 * @property {number} port The port; 0 takes a free one.
 * @property {import("./log.js").Level} logLevel The least important level that is logged.
 * @property {number} shutdownGraceSeconds How long requests may go on after the signal to stop.
 */

/**
 * A configuration that can be used where there are no problems.
 * @typedef {object} Reading
 * @property {Config} config
 * @property {string[]} problems
 */

/**
 * Reads variables; what is not set has a default. Names everything that is wrong, not only the
 * first.
 * @param {Record<string, string | undefined>} variables
 * @returns {Reading}
 */
export function readConfig(variables) {
  /** @type {string[]} */
  const problems = [];

  /**
   * @param {string} name
   * @param {number} byDefault
   * @param {number} most
   */
  function wholeNumber(name, byDefault, most) {
    const text = variables[name];
    if (text === undefined) return byDefault;
    const value = /^[0-9]+$/.test(text) ? Number(text) : NaN;
    if (value <= most) return value;
    problems.push(`${name} must be a whole number up to ${most}, not "${text}"`);
    return byDefault;
  }

  function logLevel() {
    const text = variables.LOG_LEVEL ?? "info";
    const level = LEVELS.find((level) => level === text);
    if (level) return level;
    problems.push(`LOG_LEVEL must be one of ${LEVELS.join(", ")}, not "${text}"`);
    return "info";
  }

  const config = {
    host: variables.HOST ?? "0.0.0.0",
    port: wholeNumber("PORT", 8080, 65535),
    logLevel: logLevel(),
    shutdownGraceSeconds: wholeNumber("SHUTDOWN_GRACE_SECONDS", 10, 3600),
  };
  return { config, problems };
}
