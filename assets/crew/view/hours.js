// @ts-check
/** The only home of a crew's hours: today's and the week's by kind, what runs now, and each stretch with its standing. */

import { DAY, all, clock, commas, dayKey, dayWords, ms, ofVisit, row, span, visitName, zoneOf } from "./words.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("./words.js").Fields} Fields */

export const KINDS = /** @type {const} */ (["travel", "work", "break"]);
/** @type {Record<string, string>} */
export const KIND_WORDS = { travel: "Travel", work: "Work", break: "Break" };

/** Stretches that count: one that a later entry corrects does not. @param {Fields[]} entries */
export function standing(entries) {
  const corrected = new Set(entries.map((one) => one.corrects_id).filter(Boolean));
  return entries.filter((one) => !corrected.has(one.id));
}

/** How long a stretch is, up to now where it runs. @param {Fields} entry @param {number} now */
export function length(entry, now) {
  const from = ms(entry.started_at);
  const until = entry.ended_at ? ms(entry.ended_at) : now;
  return Math.max(0, until - from);
}

/** The stretch that runs, the newest where there are several. @param {Held} held @returns {Fields | null} */
export function running(held) {
  const open = standing(all(held, "time_entries")).filter((one) => !one.ended_at);
  return open.sort((one, two) => ms(two.started_at) - ms(one.started_at))[0] ?? null;
}

/** How long was worked on a visit, in milliseconds, and since when; by its hours, else by when it was started.
 * @param {Held} held @param {Fields} visit @param {number} now */
export function worked(held, visit, now) {
  const entries = standing(ofVisit(held, "time_entries", visit.id)).filter((one) => one.kind === "work");
  const since = ms(visit.actual_start);
  if (entries.length) {
    const first = Math.min(...entries.map((one) => ms(one.started_at)));
    return { length: entries.reduce((sum, one) => sum + length(one, now), 0), since: first };
  }
  const until = visit.actual_end ? ms(visit.actual_end) : now;
  return { length: Number.isNaN(since) ? 0 : Math.max(0, until - since), since };
}

/** @param {Fields[]} entries @param {number} now */
function sums(entries, now) {
  /** @param {string} kind */
  const of = (kind) => entries.filter((one) => one.kind === kind).reduce((sum, one) => sum + length(one, now), 0);
  return KINDS.map((kind) => ({ id: kind, label: KIND_WORDS[kind], text: span(of(kind)) }));
}

/** @param {Fields} entry */
function standingWords(entry) {
  if (entry.locked) return { word: "Locked", tint: "idle" };
  if (entry.approved) return { word: "Approved", tint: "good" };
  if (!entry.ended_at) return { word: "Running", tint: "moving" };
  return entry.skewed ? { word: "Clock was off", tint: "waiting" } : { word: "", tint: "idle" };
}

/** @param {Held} held @param {Fields} entry @param {number} now @param {string} zone */
function entryRow(held, entry, now, zone) {
  const from = clock(ms(entry.started_at), zone);
  const until = entry.ended_at ? clock(ms(entry.ended_at), zone) : "now";
  const badge = standingWords(entry);
  return {
    id: entry.id,
    kind: KIND_WORDS[entry.kind] ?? entry.kind,
    span: span(length(entry, now)),
    hours: `${from} – ${until}`,
    what: commas(visitName(held, entry.visit_id), entry.corrects_id ? "corrected" : ""),
    stage: badge,
    tells: Boolean(badge.word),
    can_correct: Boolean(entry.ended_at) && !entry.locked,
  };
}

/** The Monday of a day, as a day. @param {number} at @param {string} zone */
function monday(at, zone) {
  const noon = Date.parse(`${dayKey(at, zone)}T12:00:00Z`);
  const since = (new Date(noon).getUTCDay() + 6) % 7;
  return new Date(noon - since * DAY).toISOString().slice(0, 10);
}

/** @param {Held} held @param {Fields[]} entries @param {number} now @param {string} zone */
function byDay(held, entries, now, zone) {
  /** @type {Map<string, Fields[]>} */
  const found = new Map();
  for (const entry of entries) {
    const key = dayKey(ms(entry.started_at), zone);
    found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return [...found].map(([key, rows]) => ({
    id: key,
    title: key === dayKey(now, zone) ? "Today" : dayWords(ms(rows[0].started_at), zone),
    rows: rows.map((entry) => entryRow(held, entry, now, zone)),
  }));
}

/** How far this phone's clock is off, in words; "" for less than two minutes. @param {Held} held */
export function clockWords(held) {
  if (!held.skewed) return "";
  const which = held.offset_ms > 0 ? "ahead" : "behind";
  return `The clock of this phone is ${span(Math.abs(held.offset_ms))} ${which}. Hours are put right by it, and the office sees that it was off.`;
}

/** The whole of /crew/time. @param {Held} held @param {number} now */
export function hours(held, now) {
  const zone = zoneOf(held);
  const first = monday(now, zone);
  const entries = standing(all(held, "time_entries")).sort((one, two) => ms(two.started_at) - ms(one.started_at));
  const week = entries.filter((one) => dayKey(ms(one.started_at), zone) >= first);
  const today = week.filter((one) => dayKey(ms(one.started_at), zone) === dayKey(now, zone));
  const on = running(held);
  return {
    today: sums(today, now),
    week: sums(week, now),
    running: Boolean(on),
    running_words: on ? `${KIND_WORDS[on.kind]}, ${span(length(on, now))}` : "Nothing is running",
    running_since: on ? `since ${clock(ms(on.started_at), zone)}` : "",
    running_where: on ? visitName(held, row(held, "visits", on.visit_id)?.id) : "",
    kinds: KINDS.map((kind) => ({ id: kind, label: KIND_WORDS[kind], on: on?.kind === kind })),
    days: byDay(held, week, now, zone),
    empty: !week.length,
    clock: clockWords(held),
  };
}
