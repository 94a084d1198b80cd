// The log: one JSON object a line, on standard output.

/** The levels, the most important one first. */
export const LEVELS = /** @type {const} */ (["error", "warn", "info", "debug"]);

/** @typedef {(typeof LEVELS)[number]} Level */
/** @typedef {(message: string, fields?: Record<string, unknown>) => void} Write */
/** @typedef {Record<Level, Write>} Log */

/**
 * A log that leaves out what is less important than a level.
 * @param {Level} least
 * @param {(line: string) => void} [write]
 * @returns {Log}
 */
export function createLog(least, write = (line) => process.stdout.write(line)) {
  /**
   * @param {Level} level
   * @returns {Write}
   */
  function writer(level) {
    if (LEVELS.indexOf(level) > LEVELS.indexOf(least)) return () => {};
    return (message, fields = {}) => {
      const time = new Date().toISOString();
      write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
    };
  }
  return {
    error: writer("error"),
    warn: writer("warn"),
    info: writer("info"),
    debug: writer("debug"),
  };
}
