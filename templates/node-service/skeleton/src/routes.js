// What the service answers.

/**
 * An answer, before it is written.
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} body Written as JSON.
 * @property {Record<string, string>} [headers]
 */

/** A request that cannot be answered, said as RFC 9457 has it. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {Record<string, string>} [headers]
   */
  constructor(status, title, headers = {}) {
    super(title);
    this.status = status;
    this.headers = headers;
  }

  /** @returns {Answer} */
  answer() {
    const headers = { "content-type": "application/problem+json", ...this.headers };
    return { status: this.status, body: { status: this.status, title: this.message }, headers };
  }
}

const LONGEST_NAME = 100;

/**
 * @param {string} name
 * @returns {Answer}
 */
function greeting(name) {
  if (name.length > LONGEST_NAME) throw new Problem(400, "the name is too long");
  return { status: 200, body: { message: `Hello, ${name}!` } };
}

/**
 * The routes: a pattern of the path, and what answers a GET of it.
 * @type {[RegExp, (part: string) => Answer][]}
 */
const ROUTES = [[/^\/v1\/greetings\/([^/]+)$/, greeting]];

/**
 * Answers a request.
 * @param {string} method
 * @param {string} path
 * @returns {Answer}
 */
export function route(method, path) {
  for (const [pattern, answer] of ROUTES) {
    const found = pattern.exec(path);
    if (!found) continue;
    if (method !== "GET" && method !== "HEAD") {
      throw new Problem(405, "the method is not allowed", { allow: "GET, HEAD" });
    }
    return answer(decode(found[1] ?? ""));
  }
  throw new Problem(404, "there is nothing here");
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem(400, "the path is not encoded correctly");
  }
}
