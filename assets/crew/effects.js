// @ts-check
/** The only home of what the screen shows of things that were done here and are not in the server's rows yet. */

/** @typedef {import("./types.js").Rows} Rows */
/** @typedef {import("./types.js").Waiting} Waiting */
/** @typedef {{rows: Rows, at: string, id: string, args: Record<string, any>, me: string}} Case */

/** Where a visit stands after a move (models/visits.py has the rule; the server has the last word). */
export const MOVES = {
  depart: { from: ["scheduled"], to: "en_route" },
  arrive: { from: ["scheduled", "en_route"], to: "on_site" },
  pause: { from: ["on_site"], to: "paused" },
  resume: { from: ["paused"], to: "on_site" },
  finish: { from: ["on_site", "paused"], to: "done" },
  no_access: { from: ["scheduled", "en_route", "on_site"], to: "no_access" },
};
/** @type {Record<string, string>} */
const OUTCOMES = { done: "done", failed: "failed", not_applicable: "not_applicable" };

/** The server's rows with every waiting entry on top, in the order in which things were done.
 * Entries that the server refused or put aside have no effect.
 * @param {Rows} server
 * @param {Waiting[]} waiting
 * @param {string} me the name to show beside own notes
 * @returns {Rows} */
export function shown(server, waiting, me = "") {
  /** @type {Rows} */ const rows = Object.fromEntries(Object.entries(server).map(([kind, held]) => [kind, { ...held }]));
  for (const one of waiting) {
    const status = one.result?.status;
    const effect = EFFECTS[one.kind];
    if (!effect || (status && status !== "applied" && status !== "duplicate")) continue;
    if (one.result?.code === "already_past") continue;
    effect({ rows, at: rightTime(one), id: one.id, args: one.args, me });
  }
  return rows;
}

/** When it happened, by the server's clock as it was last measured.
 * @param {Waiting} one */
export function rightTime(one) {
  const at = Date.parse(one.at) - (one.offset_ms ?? 0);
  return Number.isFinite(at) ? new Date(at).toISOString() : one.at;
}

/** @param {Case} one @param {string} kind @param {string} id @param {Record<string, any>} fields @param {Record<string, any>} [writers] */
function change(one, kind, id, fields, writers = {}) {
  const held = one.rows[kind]?.[id];
  if (held) one.rows[kind][id] = { fields: { ...held.fields, ...fields }, writers: { ...held.writers, ...writers } };
}

/** @param {Case} one @param {string} kind @param {string} id @param {Record<string, any>} fields */
function add(one, kind, id, fields) {
  one.rows[kind] ??= {};
  one.rows[kind][id] ??= { fields: { ...fields, mine: true }, writers: {} };
}

/** @param {string} kind @param {boolean} dated */
function task(kind, dated = false) {
  /** @param {Case} one */
  return (one) => add(one, "tasks", one.args.id, {
    visit_id: one.args.visit_id, kind, text: one.args.text, stage: "open", due_on: null,
    ...(dated ? { planned_start: one.args.planned_start } : {}),
  });
}

/** @type {Record<string, (one: Case) => void>} */
const EFFECTS = {
  "visit.move": (one) => {
    const move = MOVES[/** @type {keyof typeof MOVES} */ (one.args.move)];
    const visit = one.rows.visits?.[one.args.visit_id];
    if (!move || !visit || !move.from.includes(visit.fields.stage)) return;
    /** @type {Record<string, any>} */ const fields = { stage: move.to };
    if (one.args.move === "depart") fields.departed_at = one.at;
    if (one.args.move === "arrive") fields.actual_start = visit.fields.actual_start ?? one.at;
    if (move.to === "done" || move.to === "no_access") fields.actual_end = one.at;
    change(one, "visits", one.args.visit_id, fields, { stage: one.id });
  },
  "note.add": (one) => add(one, "notes", one.args.id, {
    visit_id: one.args.visit_id, text: one.args.text, author_name: one.me, created_at: one.at,
  }),
  "checklist.answer": (one) => change(one, "checklist_items", one.args.item_id, {
    stage: OUTCOMES[one.args.outcome ?? "done"], value: one.args.value ?? "", answered_at: one.at,
  }),
  "time.start": (one) => add(one, "time_entries", one.args.id, {
    visit_id: one.args.visit_id ?? null, kind: one.args.kind, started_at: one.at, ended_at: null,
    skewed: false, corrects_id: null, approved: false, locked: false,
  }),
  "time.stop": (one) => {
    const entry = one.rows.time_entries?.[one.args.id];
    if (entry && !entry.fields.ended_at) {
      change(one, "time_entries", one.args.id, { ended_at: one.at < entry.fields.started_at ? entry.fields.started_at : one.at });
    }
  },
  "time.correct": (one) => add(one, "time_entries", one.args.id, {
    visit_id: one.args.visit_id ?? null, kind: one.args.kind, started_at: one.args.started_at, ended_at: one.args.ended_at,
    skewed: false, corrects_id: one.args.corrects_id ?? null, approved: false, locked: false,
  }),
  "material.use": (one) => add(one, "materials", one.args.id, {
    visit_id: one.args.visit_id, name: one.args.name, quantity: String(one.args.quantity ?? 1), unit: one.args.unit ?? "",
  }),
  "material.adjust": (one) => {
    const held = one.rows.materials?.[one.args.material_id];
    if (held) change(one, "materials", one.args.material_id, { quantity: sum(held.fields.quantity, one.args.by) });
  },
  "expense.claim": (one) => add(one, "expenses", one.args.id, {
    visit_id: one.args.visit_id, title: one.args.title, receipt_id: one.args.receipt_id ?? null, stage: "claimed", decision: "", approved: false,
  }),
  "visit.sign": (one) => add(one, "signatures", one.args.id, {
    visit_id: one.args.visit_id, kind: one.args.kind, name: one.args.name, document_hash: one.args.hash, signed_at: one.at,
  }),
  "visit.extra_work": task("extra_work"),
  "visit.follow_up": task("follow_up"),
  "visit.ask_time": task("reschedule", true),
  "property.access_notes": (one) => change(one, "properties", one.args.property_id, { access_notes: one.args.text }, { access_notes: one.id }),
  "contact.phone": (one) => change(one, "contacts", one.args.contact_id, { phone: one.args.phone }, { phone: one.id }),
  "conflict.decide": (one) => {
    if (one.rows.conflicts) delete one.rows.conflicts[one.args.conflict_id];
  },
};

/** Two decimal numbers added without the errors of binary fractions; up to four places, as the server keeps.
 * @param {string | number} first @param {string | number} second */
export function sum(first, second) {
  const total = Math.round(Number(first) * 10000) + Math.round(Number(second) * 10000);
  return String(total / 10000);
}
