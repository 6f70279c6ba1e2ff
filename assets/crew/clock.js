// @ts-check
/** The only home of what this phone's clock says, and of the evidence beside it. */

/** The phone's own moment, zone, and a counter that no change of the clock touches.
 * @returns {{at: string, tz: string, mono_ms: number}} */
export function reading() {
  return {
    at: new Date().toISOString(),
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone || "",
    mono_ms: Math.round(performance.now()),
  };
}

/** The moment as the server would say it.
 * @param {number} offset_ms the phone's clock minus the server's
 * @returns {number} milliseconds since 1970 */
export function putRight(offset_ms) {
  return Date.now() - offset_ms;
}
