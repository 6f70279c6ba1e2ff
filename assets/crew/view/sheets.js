// @ts-check
/** The only home of what is asked in a sheet over the page: its title, its fields and its verb. What is done with the answers: acts.js. */

import { KINDS, KIND_WORDS } from "./hours.js";
import { unsent } from "./line.js";
import { mutationWords } from "./unsent.js";
import { DAY, all, dayKey, fieldTime, figure, ms, plural, row, visitName, zoneOf } from "./words.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("../local.js").Asked} Asked */
/**
 * @typedef {object} FieldView
 * @property {string} name
 * @property {string} label
 * @property {string} kind text, long, number, phone, date, time, select, signature or camera
 * @property {string} value
 * @property {string} help
 * @property {boolean} required
 * @property {{value: string, label: string}[]} options of a select, or suggestions of a text
 *
 * @typedef {object} Sheet
 * @property {string} title
 * @property {string} [text]
 * @property {string} [shown] words that are signed
 * @property {FieldView[]} fields
 * @property {string} verb
 * @property {boolean} [danger]
 */

/** @param {string} name @param {string} label @param {string} kind @param {Partial<FieldView>} [more] @returns {FieldView} */
const field = (name, label, kind, more = {}) => ({ name, label, kind, value: "", help: "", required: false, options: [], ...more });

/** @param {string} label @param {Partial<FieldView>} [more] */
const reason = (label, more = {}) => field("reason", label, "long", { required: true, ...more });

/** @param {[string, string][]} pairs */
const options = (pairs) => pairs.map(([value, label]) => ({ value, label }));

/** @param {Held} held @param {string} key */
function known(held, key) {
  const found = new Set(["stock", "materials"].flatMap((kind) => all(held, kind).map((one) => String(one[key] ?? ""))));
  return [...found].filter(Boolean).sort().map((value) => ({ value, label: value }));
}

const OUTCOMES = options([["done", "Done"], ["not_applicable", "Not applicable"], ["failed", "Failed"]]);
const UNITS = ["pcs", "ft", "m", "box", "bag", "roll", "gal", "hour"];

/** @param {Held} held @param {Asked} asked @returns {Sheet} */
function step(held, asked) {
  const item = row(held, "checklist_items", asked.args.item_id);
  const kind = item?.kind ?? "check";
  const value = String(item?.value ?? "");
  const fields = [field("outcome", "How did it go?", "select", { value: item?.stage === "open" ? "done" : (item?.stage ?? "done"), options: OUTCOMES })];
  if (kind === "number") fields.push(field("value", item?.label ?? "", "number", { value: figure(value) }));
  if (kind === "text") fields.push(field("value", item?.label ?? "", "long", { value }));
  if (kind === "photo") fields.push(field("photo", "Photo", "camera"));
  fields.push(reason("Why not", { required: false, help: "Where it does not apply or failed." }));
  return { title: item?.label ?? "Step", fields, verb: "Save answer" };
}

/** @param {Held} held @param {Asked} asked @param {number} now @returns {Sheet} */
function correct(held, asked, now) {
  const zone = zoneOf(held);
  const entry = row(held, "time_entries", asked.args.entry_id);
  const from = entry ? ms(entry.started_at) : now - 60 * 60_000;
  const until = entry?.ended_at ? ms(entry.ended_at) : now;
  return {
    title: entry ? "Correct these hours" : "Add hours",
    text: entry ? "What was written down first stays beside it, for the office." : "",
    fields: [
      field("kind", "Kind", "select", { value: entry?.kind ?? "work", options: KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind] })) }),
      field("day", "Day", "date", { value: dayKey(from, zone), required: true }),
      field("from", "From", "time", { value: fieldTime(from, zone), required: true }),
      field("until", "Until", "time", { value: fieldTime(until, zone), required: true }),
      reason("Why"),
    ],
    verb: entry ? "Correct hours" : "Add hours",
  };
}

/** @param {Held} held @param {Asked} asked @param {number} now @returns {Sheet} */
function askTime(held, asked, now) {
  const zone = zoneOf(held);
  const visit = row(held, "visits", asked.args.visit_id);
  const from = ms(visit?.planned_start);
  const until = ms(visit?.planned_end);
  return {
    title: "Ask for another time",
    text: "The office plans the visits. It gets your wish.",
    fields: [
      field("day", "Day", "date", { value: dayKey(now + DAY, zone), required: true }),
      field("from", "From", "time", { value: Number.isNaN(from) ? "09:00" : fieldTime(from, zone), required: true }),
      field("until", "Until", "time", { value: Number.isNaN(until) ? "11:00" : fieldTime(until, zone), required: true }),
      field("text", "Why", "long", { required: true }),
    ],
    verb: "Ask the office",
  };
}

/** What of a mutation can be put right by hand. @param {Record<string, any>} args @returns {FieldView[]} */
function argFields(args) {
  /** @type {[string, string, string][]} */
  const rows = [["text", "Words", "long"], ["name", "What", "text"], ["title", "What for", "text"], ["quantity", "How much", "number"], ["unit", "Unit", "text"], ["value", "Answer", "text"], ["reason", "Why", "long"]];
  return rows.filter(([name]) => typeof args[name] === "string").map(([name, label, kind]) => field(name, label, kind, { value: args[name] }));
}

/** @param {Held} held @param {Asked} asked @returns {Sheet} */
function edit(held, asked) {
  const found = held.attention.find((one) => one.seq === asked.args.seq);
  const mutation = found?.mutation;
  return {
    title: "Put it right",
    text: mutation ? `${mutationWords(held, mutation)}. ${found?.detail ?? ""}` : "",
    fields: mutation ? argFields(mutation.args) : [],
    verb: "Save and send again",
  };
}

/** @type {Record<string, (held: Held, asked: Asked, now: number) => Sheet>} */
const SHEETS = {
  no_access: (held, asked) => ({
    title: "Nobody home, no access",
    text: `${visitName(held, asked.args.visit_id)}. The office reads it and plans the visit again.`,
    fields: [reason("What happened?")],
    verb: "No access",
    danger: true,
  }),
  note: () => ({ title: "Note for the office", fields: [field("text", "Note", "long", { required: true })], verb: "Add note" }),
  step,
  material: (held) => ({
    title: "Material used",
    fields: [
      field("name", "What", "text", { required: true, options: known(held, "name") }),
      field("quantity", "How much", "number", { value: "1", required: true }),
      field("unit", "Unit", "text", { options: UNITS.map((unit) => ({ value: unit, label: unit })) }),
    ],
    verb: "Add material",
  }),
  adjust: (held, asked) => ({
    title: row(held, "materials", asked.args.material_id)?.name ?? "Material",
    text: "It is added to what is there, or taken from it.",
    fields: [
      field("way", "More or less", "select", { value: "more", options: options([["more", "More"], ["less", "Less"]]) }),
      field("quantity", "By how much", "number", { value: "1", required: true }),
    ],
    verb: "Change quantity",
  }),
  expense: (held) => ({
    title: "Expense",
    text: "A claim, until the office approves it.",
    fields: [
      field("title", "What for", "text", { required: true }),
      ...(held.grant?.currency ? [field("amount", `Paid, in ${held.grant.currency}`, "number", { help: "Optional where the receipt says it." })] : []),
      field("photo", "Receipt", "camera"),
    ],
    verb: "Claim expense",
  }),
  sign: (held, asked) => ({
    title: "Customer signature",
    text: "Hand the phone over. These words are signed:",
    shown: asked.args.shown,
    fields: [
      field("name", "Name", "text", { value: asked.args.signer ?? "", required: true }),
      field("signature", "Signature", "signature"),
    ],
    verb: "Sign",
  }),
  extra_work: () => ({
    title: "Extra work",
    text: "The office asks the customer. Nothing is agreed yet.",
    fields: [field("text", "What is needed?", "long", { required: true }), field("photo", "Photo", "camera")],
    verb: "Ask the office",
  }),
  follow_up: () => ({
    title: "Another visit",
    text: "The office plans it.",
    fields: [field("text", "What is left to do?", "long", { required: true }), field("photo", "Photo", "camera")],
    verb: "Ask the office",
  }),
  ask_time: askTime,
  phone: (held, asked) => {
    const person = row(held, "contacts", asked.args.contact_id);
    return {
      title: `Phone of ${person?.name ?? "the customer"}`,
      text: "For everybody who calls after you.",
      fields: [field("text", "Phone number", "phone", { value: person?.phone ?? "", required: true })],
      verb: "Save number",
    };
  },
  access: (held, asked) => ({
    title: "How to get in",
    text: "For everybody who comes here after you.",
    fields: [field("text", "Gate, dog, key, water", "long", { value: row(held, "properties", asked.args.property_id)?.access_notes ?? "" })],
    verb: "Save note",
  }),
  correct,
  edit,
  discard: (held, asked) => ({
    title: "Discard it",
    text: `${asked.args.words ?? ""}. It is taken off this phone; the office reads that it was given up, and why.`,
    fields: [reason("Why")],
    verb: "Discard",
    danger: true,
  }),
  leave: (held) => ({
    title: "Sign out before all is sent",
    text: `${plural(unsent(held) + held.attention.length, "thing is", "things are")} on this phone alone. They stay on it and are sent when you sign in here again; nobody at the office sees them until then.`,
    fields: [],
    verb: "Sign out anyway",
    danger: true,
  }),
};

/** The sheet that is open, ready to be drawn. @param {Held} held @param {import("../local.js").Local} local @param {number} now */
export function sheet(held, local, now) {
  const { asked } = local;
  const found = asked ? SHEETS[asked.name]?.(held, asked, now) : undefined;
  return {
    open: Boolean(found),
    name: asked?.name ?? "",
    title: found?.title ?? "",
    text: found?.text ?? "",
    shown: found?.shown ?? "",
    fields: found?.fields ?? [],
    verb: found?.verb ?? "",
    danger: found?.danger ?? false,
    error: local.error,
    busy: local.busy,
  };
}
