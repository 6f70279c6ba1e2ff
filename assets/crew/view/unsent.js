// @ts-check
/** The only home of what is on this phone alone, in words: what waits, what a person must decide, and both values of a conflict. */

import { STAGES } from "./day.js";
import { KIND_WORDS } from "./hours.js";
import { filesWaiting, waiting } from "./line.js";
import { commas, figure, moment, ms, row, size, visitName, zoneOf } from "./words.js";
import { fileWords } from "./visit.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("../types.js").Mutation} Mutation */
/** @typedef {import("../types.js").Attention} Attention */
/** @typedef {import("./words.js").Fields} Fields */

/** @type {Record<string, string>} */
const MOVES = {
  depart: "On my way",
  arrive: "Started",
  pause: "Paused",
  resume: "Resumed",
  finish: "Finished",
  no_access: "Nobody home, no access",
};

/** @param {string} text */
const quoted = (text) => (text ? `“${text.length > 60 ? `${text.slice(0, 57)}…` : text}”` : "");

/** @param {Held} held @param {Record<string, any>} args */
function answerWords(held, args) {
  const label = row(held, "checklist_items", args.item_id)?.label ?? "A step";
  if (args.outcome === "failed") return `${label}: failed`;
  return args.outcome === "not_applicable" ? `${label}: not applicable` : `${label}: done`;
}

/** What each kind says of itself. @type {Record<string, (args: Record<string, any>, held: Held) => string>} */
const SAYS = {
  "visit.move": (args) => MOVES[args.move] ?? args.move,
  "visit.ask_time": (args) => commas("Another time asked for", quoted(args.text)),
  "visit.extra_work": (args) => commas("Extra work", quoted(args.text)),
  "visit.follow_up": (args) => commas("Another visit asked for", quoted(args.text)),
  "visit.sign": (args) => `Signature of ${args.name}`,
  "note.add": (args) => commas("Note", quoted(args.text)),
  "checklist.answer": (args, held) => answerWords(held, args),
  "time.start": (args) => `${KIND_WORDS[args.kind] ?? "Time"} begins`,
  "time.stop": (args, held) => `${KIND_WORDS[row(held, "time_entries", args.id)?.kind ?? ""] ?? "Time"} ends`,
  "time.correct": (args) => `${KIND_WORDS[args.kind] ?? "Time"} corrected`,
  "material.use": (args) => commas("Material", [figure(args.quantity), args.unit, args.name].filter(Boolean).join(" ")),
  "material.adjust": (args, held) => `${row(held, "materials", args.material_id)?.name ?? "Material"}, ${Number(args.by) > 0 ? "more" : "less"} by ${figure(args.by).replace("-", "")}`,
  "expense.claim": (args) => `Expense, ${args.title}`,
  "contact.phone": (args) => commas("Phone number", quoted(args.phone)),
  "property.access_notes": (args) => commas("How to get in", quoted(args.text)),
  "conflict.decide": (args) => (args.use ? "My value is to stand" : "The other value is to stand"),
};

/** Which place a mutation is about. @param {Held} held @param {Mutation} mutation */
function placeOf(held, mutation) {
  const { args } = mutation;
  const place = row(held, "properties", args.property_id);
  const entry = row(held, "time_entries", mutation.kind === "time.stop" ? args.id : null);
  return place?.street ?? visitName(held, args.visit_id ?? entry?.visit_id);
}

/** One thing that was done, in words. @param {Held} held @param {Mutation} mutation */
export function mutationWords(held, mutation) {
  const says = SAYS[mutation.kind];
  return commas(says ? says(mutation.args, held) : "A change of an older app", placeOf(held, mutation));
}

/** What waits and is sent by itself. @param {Held} held @param {number} now @param {string} zone */
function unsentRows(held, now, zone) {
  const done = waiting(held).map((one) => ({
    id: `m${one.seq}`,
    text: mutationWords(held, one),
    where: commas(Number.isNaN(ms(one.at)) ? "" : moment(ms(one.at), now, zone), "on this phone"),
  }));
  const files = filesWaiting(held).map((file) => ({
    id: file.id,
    text: commas(fileWords(file), visitName(held, file.visit_id), size(file.size)),
    where: file.state === "sending" ? `sending, ${Math.floor((100 * file.sent) / Math.max(1, file.size))} %` : "on this phone",
  }));
  return [...done, ...files];
}

/** @type {Record<string, string>} */
const WHY = {
  rejected: "The office's system refused it.",
  parked: "The office has it and decides.",
  conflict: "Somebody else changed it meanwhile.",
  unreadable: "It could not be read by the office's system.",
  photo: "This photo was not taken.",
  storage: "This phone could not keep it.",
};
const EDITABLE = ["note.add", "checklist.answer", "material.use", "expense.claim", "visit.extra_work", "visit.follow_up", "visit.move", "property.access_notes", "time.correct"];

/** @param {Held} held @param {Attention} one */
function attentionRow(held, one) {
  const file = one.file_id ? held.files[one.file_id] : undefined;
  const what = one.mutation ? mutationWords(held, one.mutation) : file ? commas(fileWords(file), visitName(held, file.visit_id), size(file.size)) : "A change";
  const parked = one.why === "parked";
  const move = one.mutation?.kind === "visit.move" && !one.mutation.args.reason;
  return {
    id: one.file_id ? `f${one.file_id}` : `m${one.seq}`,
    seq: one.seq,
    file_id: one.file_id ?? "",
    text: what,
    why: one.detail || (WHY[one.why] ?? ""),
    can_retry: !parked && one.why !== "conflict",
    can_edit: !parked && one.why !== "conflict" && !move && EDITABLE.includes(one.mutation?.kind ?? ""),
    away: parked ? "Seen" : "Discard",
    parked,
  };
}

/** @param {Record<string, any>} value @param {string} field */
function valueWords(value, field) {
  if (field === "stage") return value.move ? (MOVES[value.move] ?? value.move) : (STAGES[value.stage ?? value.value]?.word ?? String(value.value ?? ""));
  return String(value.value ?? "") || "Nothing";
}

/** @type {Record<string, string>} */
const FIELDS = { stage: "How the visit stands", access_notes: "How to get in", phone: "Phone number" };

/** @param {Held} held @param {Fields} one */
function conflictRow(held, one) {
  const about = row(held, one.noun, one.row_id);
  const where = one.noun === "visits" ? visitName(held, one.row_id) : (about?.street ?? about?.name ?? "");
  return {
    id: one.id,
    title: commas(FIELDS[one.field] ?? "A value", where),
    mine: valueWords(one.lost ?? {}, one.field),
    theirs: valueWords(one.kept ?? {}, one.field),
  };
}

/** The whole of /crew/unsent. @param {Held} held @param {number} now */
export function unsentPage(held, now) {
  const conflicts = Object.entries(held.rows.conflicts ?? {}).map(([id, found]) => conflictRow(held, { ...found.fields, id }));
  const known = new Set(conflicts.map((one) => one.id));
  const attention = held.attention.filter((one) => !one.conflict_id || !known.has(one.conflict_id)).map((one) => attentionRow(held, one));
  const rows = unsentRows(held, now, zoneOf(held));
  return {
    rows,
    attention,
    conflicts,
    words: rows.length ? "Sent by itself when there is a signal. Keep the app open for photos." : "",
    empty: !rows.length && !attention.length && !conflicts.length,
  };
}
