// @ts-check
/** The only home of what a tab of the crew's app remembers by itself: the sheet that is open, what went wrong in it, what was just said. */

/**
 * @typedef {{name: string, args: Record<string, any>}} Asked
 * The sheet that is open, and what it is about.
 *
 * @typedef {object} Local
 * @property {Asked | null} asked
 * @property {string} error in the sheet
 * @property {boolean} busy the sheet's answer is being kept
 * @property {{text: string, tint: string}} said the newest message; empty text for none
 */

/** @type {Local} */
export const NOTHING = Object.freeze({ asked: null, error: "", busy: false, said: Object.freeze({ text: "", tint: "" }) });
const SHOWN_FOR = 5000;

let local = NOTHING;
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

export const remembered = () => local;

/** @param {() => void} listener */
export function watch(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {Partial<Local>} changes */
export function remember(changes) {
  local = Object.freeze({ ...local, ...changes });
  for (const listener of listeners) listener();
}

/** Says something at the foot of the page for a moment. @param {string} text @param {string} [tint] */
export function say(text, tint = "idle") {
  clearTimeout(fading);
  remember({ said: { text, tint } });
  fading = setTimeout(() => remember({ said: NOTHING.said }), SHOWN_FOR);
}

/** @param {string} name @param {Record<string, any>} args */
export const ask = (name, args) => remember({ asked: { name, args }, error: "", busy: false });

export const close = () => remember({ asked: null, error: "", busy: false });
