// @ts-check
/** The only home of the words that a customer signs on a phone: they are shown as they are, hashed, and sent with the signature. */

import { items } from "./steps.js";
import { around, clock, dayWords, figure, longPlace, ms, ofVisit, row, zoneOf } from "./words.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("./words.js").Fields} Fields */

/** @type {Record<string, string>} */
const STANDS = { open: "not done yet", done: "done", failed: "failed", not_applicable: "not applicable" };

/** @param {Fields} item */
function stepLine(item) {
  const value = item.stage === "done" && (item.kind === "text" || item.kind === "number") ? figure(item.value) : STANDS[item.stage];
  return `- ${item.label}: ${value ?? item.stage}`;
}

/** @param {string} head @param {string[]} lines */
const part = (head, lines) => (lines.length ? [head, ...lines, ""] : []);

/** Every word above the signature. @param {Held} held @param {string} visitId @param {number} now */
export function signedWords(held, visitId, now) {
  const zone = zoneOf(held);
  const visit = row(held, "visits", visitId);
  const { job, place, client } = around(held, visit);
  const begun = ms(visit?.actual_start);
  const done = items(held, visitId).filter((one) => one.kind !== "signature");
  const used = ofVisit(held, "materials", visitId).map((one) => `- ${[figure(one.quantity), one.unit, one.name].filter(Boolean).join(" ")}`);
  const from = Number.isNaN(begun) ? "" : `, started ${clock(begun, zone)}`;
  return [
    visit?.title || job?.title || "Visit",
    longPlace(place),
    `${dayWords(now, zone)}${from}, shown ${clock(now, zone)} (${zone})`,
    client?.name ? `For ${client.name}` : "",
    held.grant?.name ? `Crew: ${held.grant.name}` : "",
    "",
    ...part("Steps", done.map(stepLine)),
    ...part("Materials", used),
    "I have seen the work described above.",
  ]
    .filter((text, at, lines) => text || (at > 0 && lines[at - 1] !== ""))
    .join("\n");
}

/** SHA-256 of words, in hex. @param {string} words @returns {Promise<string>} */
export async function hashOf(words) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
