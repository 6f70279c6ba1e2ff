// @ts-check
/** The only home of a visit's steps as a crew sees them, and of what is missing before it can be finished. */

import { clock, figure, inside, ms, ofVisit } from "./words.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("./words.js").Fields} Fields */
/**
 * @typedef {object} StepView
 * @property {string} id
 * @property {string} label
 * @property {string} kind check, text, number or photo
 * @property {string} stage open, done, failed or not_applicable
 * @property {boolean} required it is, and nobody has answered it
 * @property {string} side what stands at the right
 * @property {string} said what its box says to a screen reader
 * @property {string} phase of the photo that it asks for
 * @property {boolean} camera its box opens the camera
 */

/** Steps in the order of the office. @param {Held} held @param {string} visitId */
export function items(held, visitId) {
  const found = ofVisit(held, "checklist_items", visitId);
  return found.sort((one, two) => one.position - two.position || (one.id < two.id ? -1 : 1));
}

/** Which phase a photo's label speaks of. @param {string} label @returns {"before" | "during" | "after"} */
export function phaseOf(label) {
  if (/\bbefore\b/i.test(label)) return "before";
  return /\bafter\b|\bfinished\b|\bdone\b/i.test(label) ? "after" : "during";
}

/** The required steps that nobody has answered. @param {Held} held @param {string} visitId */
export const missing = (held, visitId) => items(held, visitId).filter((one) => one.required && one.stage === "open");

/** "photo after, magnet, signature". @param {Fields[]} open */
export const missingWords = (open) => open.map((one) => inside(one.label)).join(", ");

const STANDS = { failed: "Failed", not_applicable: "Not applicable" };

/** @param {Fields} item @param {string} zone */
function side(item, zone) {
  if (item.stage === "open") return item.required ? "Required" : "";
  if (item.stage !== "done") return STANDS[/** @type {"failed"} */ (item.stage)] ?? item.stage;
  if (item.kind === "number") return figure(item.value);
  if (item.kind === "text") return String(item.value);
  const at = ms(item.answered_at);
  return Number.isNaN(at) ? "Done" : clock(at, zone);
}

/** @param {Fields} item @param {string} zone @returns {StepView} */
export function stepView(item, zone) {
  const open = item.stage === "open";
  return {
    id: item.id,
    label: item.label,
    kind: item.kind,
    stage: item.stage,
    required: open && Boolean(item.required),
    side: side(item, zone),
    said: open ? `${item.label}: ${item.kind === "photo" ? "take the photo" : "done"}` : `${item.label}: change the answer`,
    phase: phaseOf(item.label),
    camera: open && item.kind === "photo",
  };
}

/** The steps of the list; signatures stand by themselves below it. @param {Held} held @param {string} visitId @param {string} zone */
export function steps(held, visitId, zone) {
  const shown = items(held, visitId).filter((one) => one.kind !== "signature");
  const done = shown.filter((one) => one.stage !== "open").length;
  return { progress: shown.length ? `${done} of ${shown.length}` : "", rows: shown.map((one) => stepView(one, zone)) };
}
