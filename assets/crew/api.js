// @ts-check
/** The only home of talking to the server: addresses, headers, patience, and what a bad answer means. */

const SYNC = "/api/sync/v1";
const PATIENCE_MS = 30_000;

/** No answer, or one that says "later": the same again is harmless. */
export class Away extends Error {
  /** @param {string} words @param {boolean} reached whether a server answered at all */
  constructor(words, reached = false) {
    super(words);
    this.reached = reached;
  }
}

/** An answer that the same request would get again. `status` is the HTTP status, `words` for people. */
export class Refused extends Error {
  /** @param {number} status @param {string} words */
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/** Sends, and waits no longer than `patience` ms.
 * @param {string} path below the sync addresses, or from /api/ on
 * @param {RequestInit} [given]
 * @param {number} [patience]
 * @returns {Promise<Response>}
 * @throws {Away} no network, too slow, 429 or 5xx */
export async function send(path, given = {}, patience = PATIENCE_MS) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const headers = { "X-OnTrack-Request": "1", ...given.headers };
    const answer = await fetch(path.startsWith("/api/") ? path : SYNC + path, { credentials: "same-origin", redirect: "error", ...given, headers, signal: stop.signal });
    if (answer.status >= 500 || answer.status === 429) throw new Away(`The server answered ${answer.status}.`, true);
    return answer;
  } catch (error) {
    if (error instanceof Away) throw error;
    throw new Away("No signal.");
  } finally {
    clearTimeout(timer);
  }
}

/** A call with JSON both ways.
 * @param {string} path
 * @param {any} [body] POST with it; GET without
 * @returns {Promise<any>}
 * @throws {Away | Refused} */
export async function call(path, body) {
  const given = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await send(path, given);
  /** @type {any} */ let said;
  try {
    said = await answer.json();
  } catch {
    if (answer.ok) throw new Away("The answer broke off.", true);
    said = {};
  }
  if (!answer.ok) throw new Refused(answer.status, said.detail || said.title || `The server answered ${answer.status}.`);
  return said;
}
