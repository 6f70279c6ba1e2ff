// @ts-check
/** The only home of how moments, lengths, sizes and places become words. Times are shown in the company's zone. */

/** @typedef {import("../types.js").Held} Held */
/** @typedef {Record<string, any> & {id: string}} Fields */

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** @type {Map<string, Intl.DateTimeFormat>} */
const FORMATS = new Map();

/** @param {string} zone @param {Intl.DateTimeFormatOptions} options */
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  let found = FORMATS.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
    FORMATS.set(key, found);
  }
  return found;
}

/** The company's zone, or the phone's own where it is not known. @param {Held} held @returns {string} */
export function zoneOf(held) {
  return held.grant?.zone || Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Milliseconds of an ISO moment; NaN for nothing. @param {string | null | undefined} iso */
export const ms = (iso) => (iso ? Date.parse(iso) : NaN);

/** "11:00 AM". @param {number} at @param {string} zone */
export function clock(at, zone) {
  return format(zone, { hour: "numeric", minute: "2-digit" }).format(at).replace(/\s/g, " ");
}

/** "Thursday, June 18". @param {number} at @param {string} zone */
export const dayWords = (at, zone) => format(zone, { weekday: "long", month: "long", day: "numeric" }).format(at);

/** "Jun 18". @param {number} at @param {string} zone */
export const shortDay = (at, zone) => format(zone, { month: "short", day: "numeric" }).format(at);

/** "Thu, Jun 18, 11:00 AM", without the day where it is today. @param {number} at @param {number} now @param {string} zone */
export function moment(at, now, zone) {
  if (dayKey(at, zone) === dayKey(now, zone)) return clock(at, zone);
  return `${format(zone, { weekday: "short", month: "short", day: "numeric" }).format(at)}, ${clock(at, zone)}`;
}

/** "2026-06-18": the day that it is there; sorts as text. @param {number} at @param {string} zone */
export function dayKey(at, zone) {
  const parts = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  /** @param {string} type */
  const of = (type) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")}`;
}

/** "11:00", as a time field takes it. @param {number} at @param {string} zone */
export const fieldTime = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

/**
 * The moment that a day and a time of day are in a zone, in milliseconds; NaN where one of them is none. In the hour that a
 * change of the clocks repeats, the first of both.
 * @param {string} day "2026-06-18" @param {string} time "11:00" @param {string} zone
 */
export function momentOf(day, time, zone) {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wanted)) return NaN;
  /** @param {number} at */
  const shownAs = (at) => Date.parse(`${dayKey(at, zone)}T${fieldTime(at, zone)}:00Z`);
  let at = wanted - (shownAs(wanted) - wanted);
  at -= shownAs(at) - wanted;
  const before = at - 60 * MINUTE;
  return shownAs(before) === wanted ? before : at;
}

/** "1 h 12 min". @param {number} length milliseconds */
export function span(length) {
  const minutes = Math.max(0, Math.floor(length / MINUTE));
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** "2.1 MB". @param {number} bytes */
export function size(bytes) {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(bytes / 1000))} KB`;
}

/** "3 photos". @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** A figure without the zeros that a decimal column adds: "64.0000" → "64". @param {unknown} value */
export function figure(value) {
  const text = String(value ?? "");
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}

/** The first letter small, so that a label can stand in a sentence. @param {string} label */
export const inside = (label) => (/^[A-Z][a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label);

/** A row with its id, or null. @param {Held} held @param {string} kind @param {string | null | undefined} id @returns {Fields | null} */
export function row(held, kind, id) {
  const found = id ? held.rows[kind]?.[id] : undefined;
  return found && id ? { ...found.fields, id } : null;
}

/** Every row of a kind. @param {Held} held @param {string} kind @returns {Fields[]} */
export function all(held, kind) {
  return Object.entries(held.rows[kind] ?? {}).map(([id, found]) => ({ ...found.fields, id }));
}

/** Rows of a visit, the oldest first where ids tell. @param {Held} held @param {string} kind @param {string} visitId */
export function ofVisit(held, kind, visitId) {
  const found = all(held, kind).filter((one) => one.visit_id === visitId);
  return found.sort((one, two) => (one.id < two.id ? -1 : 1));
}

/** Job, property and client of a visit. @param {Held} held @param {Fields | null} visit */
export function around(held, visit) {
  const job = row(held, "jobs", visit?.job_id);
  const place = row(held, "properties", job?.property_id);
  return { job, place, client: row(held, "clients", job?.client_id ?? place?.client_id) };
}

/** "905 Sheridan Road, 2B, Evanston". @param {Record<string, any> | null} place */
export const shortPlace = (place) => [place?.street, place?.unit, place?.city].filter(Boolean).join(", ");

/** The whole address, as a map looks it up. @param {Record<string, any> | null} place */
export function longPlace(place) {
  const region = [place?.region, place?.postal_code].filter(Boolean).join(" ");
  return [shortPlace(place), region].filter(Boolean).join(", ");
}

/** What a visit is called in a list: its street, else its title. @param {Held} held @param {string | undefined} visitId */
export function visitName(held, visitId) {
  const visit = row(held, "visits", visitId);
  const { place } = around(held, visit);
  return place?.street || visit?.title || "";
}

/** The rest of a sentence behind a comma, where there is one. @param {...string} parts */
export const commas = (...parts) => parts.filter(Boolean).join(", ");
