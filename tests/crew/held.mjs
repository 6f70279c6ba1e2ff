// @ts-check
/** Held objects as the tests of the screens want them: one company in Chicago, one crew member, 18 June 2026, 11:00. */

/** @typedef {import("../../assets/crew/types.js").Held} Held */
/** @typedef {import("../../assets/crew/types.js").HeldFile} HeldFile */

export const NOW = Date.parse("2026-06-18T16:14:00Z"); // 11:14 AM in Chicago

/** @param {Record<string, any>} fields @param {Record<string, string | null>} [writers] */
const row = (fields, writers = {}) => ({ fields, writers });

/** @param {string} id @param {string} start @param {Record<string, any>} [more] */
export const visit = (id, start, more = {}) => ({
  [id]: row({
    job_id: "job1",
    title: "Gutter run, north side",
    stage: "scheduled",
    planned_start: start,
    planned_end: new Date(Date.parse(start) + 2 * 3_600_000).toISOString(),
    departed_at: null,
    actual_start: null,
    actual_end: null,
    instructions: "",
    version: 1,
    ...more,
  }),
});

/** @param {string} id @param {Record<string, any>} more */
export const step = (id, more) => ({
  [id]: row({ visit_id: "v1", kind: "check", label: id, required: false, position: 0, stage: "open", value: "", answered_at: null, ...more }),
});

/** @param {string} id @param {Record<string, any>} more */
export const entry = (id, more) => ({
  [id]: row({ visit_id: "v1", kind: "work", started_at: "2026-06-18T16:02:00Z", ended_at: null, skewed: false, corrects_id: null, approved: false, locked: false, ...more }),
});

/** @param {Partial<HeldFile> & {id: string}} more @returns {HeldFile} */
export const file = (more) => ({
  visit_id: "v1", kind: "photo", phase: "after", name: "a.jpg", type: "image/jpeg", size: 2_100_000, sha256: "", taken_at: "", state: "phone", sent: 0, ...more,
});

/** @param {Partial<Held>} [more] @returns {Held} */
export const held = (more = {}) => ({
  ready: true,
  outbox: [],
  attention: [],
  files: {},
  grant: { member_id: "m1", name: "Mateo", until: "2026-06-21T00:00:00Z", zone: "America/Chicago", currency: "USD" },
  expired: false,
  online: true,
  doing: "idle",
  trouble: "",
  contact_at: "2026-06-18T16:00:00Z",
  offset_ms: 0,
  skewed: false,
  persisted: true,
  update: false,
  ...more,
  rows: {
    jobs: { job1: row({ number: "J-1", title: "Gutters", stage: "open", client_id: "c1", property_id: "p1", instructions: "" }) },
    properties: {
      p1: row({ client_id: "c1", street: "905 Sheridan Road", unit: "", city: "Evanston", region: "IL", postal_code: "60202", country: "US", access_notes: "Side gate sticks." }),
    },
    clients: { c1: row({ name: "Annika Lindqvist-Moore", do_not_service: false }) },
    ...more.rows,
  },
});

/** @param {number} seq @param {string} kind @param {Record<string, any>} args */
export const mutation = (seq, kind, args) => ({ seq, id: `mutation-${seq}`, kind, at: "2026-06-18T16:05:00Z", tz: "America/Chicago", schema: 2, args, base: {} });
