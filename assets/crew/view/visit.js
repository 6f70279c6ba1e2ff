// @ts-check
/** The only home of one visit as its page shows it: clock, steps, photos, facts, signature, and what comes next. */

import { OVER, UNDER_WAY, stop, visitRow } from "./day.js";
import { worked } from "./hours.js";
import { missing, missingWords, phaseOf, steps } from "./steps.js";
import { all, clock, commas, dayKey, figure, inside, moment, ms, ofVisit, row, span, zoneOf } from "./words.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("../types.js").HeldFile} HeldFile */
/** @typedef {import("./words.js").Fields} Fields */

/** @type {Record<string, string>} */
export const PHASES = { before: "Before", during: "During", after: "After", "": "Photo" };
/** @type {Record<string, string>} */
const ASKS = { extra_work: "Extra work", follow_up: "Another visit", reschedule: "Another time", failed_check: "A step failed" };
/** @type {Record<string, {word: string, tint: string}>} */
const ANSWERS = {
  open: { word: "With the office", tint: "waiting" },
  done: { word: "Done", tint: "good" },
  dropped: { word: "Dropped", tint: "idle" },
};

/** What is on the picture of a file that the server did not take, and in the words beside it.
 * @type {Record<string, string>} */
const NOT_TAKEN = { infected: "Infected", failed: "Failed" };

/** @param {HeldFile} file */
export function fileState(file) {
  if (file.state === "phone") return "On phone";
  if (file.state === "refused") return "Refused";
  if (file.state === "sending") return `Sending ${Math.floor((100 * file.sent) / Math.max(1, file.size))} %`;
  return PHASES[file.phase];
}

/** @param {HeldFile} file */
export const fileWords = (file) =>
  file.kind === "photo" ? (file.phase ? `Photo ${file.phase}` : "Photo") : file.kind === "receipt" ? "Receipt" : "Document";

/** A photo of this phone, with what the office's side said of it since. @param {HeldFile} file @param {Fields | null} there */
function ownPhoto(file, there) {
  const label = NOT_TAKEN[there?.stage ?? ""] ?? fileState(file);
  const refused = file.state === "refused" || Boolean(NOT_TAKEN[there?.stage ?? ""]);
  const sent = file.state === "stored" ? "sent" : fileState(file).toLowerCase();
  return {
    id: file.id,
    picture: file.picture ?? "",
    label,
    said: commas(fileWords(file), refused ? `${label.toLowerCase()}: ${there?.note || file.detail || "not taken"}` : sent),
    refused,
  };
}

/** A photo that came from elsewhere: of the office, or of somebody else on this visit. @param {Fields} file */
function otherPhoto(file) {
  const bad = NOT_TAKEN[file.stage];
  const label = bad ?? (file.stage === "scanning" ? "Being checked" : PHASES[file.phase ?? ""]);
  const words = { id: file.id, picture: file.thumbnail_url || "", label, refused: Boolean(bad) };
  return { ...words, said: commas(file.phase ? `Photo ${file.phase}` : "Photo", bad ? `${bad.toLowerCase()}: ${file.note}` : file.name) };
}

/** All photos of a visit, in the order in which they were taken. @param {Held} held @param {string} visitId */
function photos(held, visitId) {
  const own = Object.values(held.files).filter((file) => file.visit_id === visitId && file.kind === "photo");
  const there = ofVisit(held, "files", visitId).filter((file) => file.kind === "photo" && !held.files[file.id]);
  const found = [...own.map((file) => ownPhoto(file, row(held, "files", file.id))), ...there.map(otherPhoto)];
  return found.sort((one, two) => (one.id < two.id ? -1 : 1));
}

/** @param {Held} held @param {string} visitId @param {number} now @param {string} zone */
function notes(held, visitId, now, zone) {
  return ofVisit(held, "notes", visitId)
    .sort((one, two) => ms(two.created_at) - ms(one.created_at))
    .map((note) => ({
      id: note.id,
      text: note.text,
      who: note.author_name || held.grant?.name || "You",
      when: Number.isNaN(ms(note.created_at)) ? "" : moment(ms(note.created_at), now, zone),
    }));
}

/** @param {Held} held @param {string} visitId */
const materials = (held, visitId) =>
  ofVisit(held, "materials", visitId).map((one) => ({
    id: one.id,
    name: one.name,
    quantity: [figure(one.quantity), one.unit].filter(Boolean).join(" "),
  }));

/** What became of a claim. @type {Record<string, {word: string, tint: string}>} */
const CLAIMS = {
  claimed: { word: "With the office", tint: "waiting" },
  approved: { word: "Approved", tint: "good" },
  rejected: { word: "Not approved", tint: "bad" },
};

/** @param {Held} held @param {string} visitId */
const expenses = (held, visitId) =>
  ofVisit(held, "expenses", visitId).map((one) => ({
    id: one.id,
    title: one.title,
    receipt: [one.receipt_id ? "With receipt" : "No receipt", one.decision].filter(Boolean).join(" · "),
    stage: CLAIMS[one.stage] ?? CLAIMS.claimed,
  }));

/** @param {Held} held @param {string} visitId */
const asks = (held, visitId) =>
  ofVisit(held, "tasks", visitId).map((one) => ({
    id: one.id,
    kind: ASKS[one.kind] ?? "Asked",
    text: one.text,
    stage: ANSWERS[one.stage] ?? ANSWERS.open,
  }));

/** @param {Held} held @param {Fields} visit @param {string} client @param {number} now @param {string} zone */
function signature(held, visit, client, now, zone) {
  const wanted = all(held, "checklist_items").filter((one) => one.visit_id === visit.id && one.kind === "signature");
  const open = wanted.find((one) => one.stage === "open");
  return {
    required: Boolean(open?.required),
    item_id: open?.id ?? "",
    hint: client ? `Hand the phone to ${client}` : "Hand the phone to the customer",
    rows: ofVisit(held, "signatures", visit.id).map((one) => ({
      id: one.id,
      name: one.name,
      when: Number.isNaN(ms(one.signed_at)) ? "" : moment(ms(one.signed_at), now, zone),
    })),
  };
}

/** @param {string} kind @param {string} label @param {string} icon @param {string} [arg] */
const act = (kind, label, icon, arg = "") => ({ kind, label, icon, arg });

/** The button for a step that is missing. @param {Fields} item */
function forStep(item) {
  if (item.kind === "photo") return act("camera", `Take ${inside(item.label)}`, "camera", item.id);
  if (item.kind === "signature") return act("sign", "Get the signature", "pen", item.id);
  if (item.kind === "check") return act("check", `${item.label}: done`, "check", item.id);
  return act("step", `Fill in ${inside(item.label)}`, "pen", item.id);
}

/** The bar at the foot: what is missing, the next act as the filled button, Finish beside it. @param {Held} held @param {Fields} visit */
function foot(held, visit) {
  const open = missing(held, visit.id);
  const words = UNDER_WAY.includes(visit.stage) && open.length ? `Before you finish: ${missingWords(open)}` : "";
  const base = { shown: !OVER.includes(visit.stage), words, phase: open[0] ? phaseOf(open[0].label) : "during" };
  if (visit.stage === "scheduled") return { ...base, first: act("arrive", "Start", "play"), second: act("depart", "On my way", "truck") };
  if (visit.stage === "en_route") return { ...base, first: act("arrive", "Start", "play"), second: act("", "", "") };
  const finish = act("finish", "Finish", "flag");
  if (visit.stage === "paused") return { ...base, first: act("resume", "Resume", "play"), second: finish };
  if (open.length) return { ...base, first: forStep(open[0]), second: finish };
  return { ...base, first: finish, second: act("", "", "") };
}

/** @param {Held} held @param {Fields} visit @param {number} now @param {string} zone */
function timer(held, visit, now, zone) {
  const { length, since } = worked(held, visit, now);
  const begun = !Number.isNaN(since);
  const day = begun && dayKey(since, zone) !== dayKey(now, zone);
  return {
    begun,
    text: begun ? span(length) : "",
    since: begun ? `since ${day ? moment(since, now, zone) : clock(since, zone)}` : "",
  };
}

/** The whole of /crew/visit, or null where this phone does not hold it. @param {Held} held @param {string} id @param {number} now */
export function visit(held, id, now) {
  const found = visitRow(held, id);
  if (!found) return null;
  const zone = zoneOf(held);
  const here = stop(held, found, now);
  return {
    stop: here,
    timer: timer(held, found, now, zone),
    over: OVER.includes(found.stage),
    steps: steps(held, id, zone),
    photos: photos(held, id),
    notes: notes(held, id, now, zone),
    materials: materials(held, id),
    expenses: expenses(held, id),
    asks: asks(held, id),
    signature: signature(held, found, here.client, now, zone),
    foot: foot(held, found),
  };
}
