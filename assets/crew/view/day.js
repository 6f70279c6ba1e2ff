// @ts-check
/** The only home of the crew's day: the next stop with all that is needed there, the rest of today, and two weeks. */

import { missing } from "./steps.js";
import { DAY, all, around, clock, dayKey, dayWords, longPlace, ms, row, shortDay, shortPlace, zoneOf } from "./words.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("./words.js").Fields} Fields */

const MAPS = "https://www.google.com/maps/search/?api=1&query=";
export const OVER = ["done", "no_access", "cancelled"];
export const UNDER_WAY = ["en_route", "on_site", "paused"];
/** @type {Record<string, {word: string, tint: string}>} */
export const STAGES = {
  unscheduled: { word: "Unscheduled", tint: "idle" },
  scheduled: { word: "Scheduled", tint: "planned" },
  en_route: { word: "On the way", tint: "moving" },
  on_site: { word: "On site", tint: "moving" },
  paused: { word: "Paused", tint: "waiting" },
  done: { word: "Done", tint: "good" },
  no_access: { word: "No access", tint: "bad" },
  cancelled: { word: "Cancelled", tint: "idle" },
};
/** On my way, Start, Finish: done, next (filled), open (can be pressed), later. @type {Record<string, [string, string, string]>} */
const BUTTONS = {
  scheduled: ["next", "open", "later"],
  en_route: ["done", "next", "later"],
  on_site: ["done", "done", "next"],
  paused: ["done", "done", "open"],
  done: ["done", "done", "done"],
};

/** @param {Fields} visit */
export const stage = (visit) => STAGES[visit.stage] ?? { word: visit.stage, tint: "idle" };

/** @param {Fields} visit */
const start = (visit) => ms(visit.planned_start);

/** "11:00 AM – 1:00 PM", with the day before it where that is another one. @param {Fields} visit @param {number} now @param {string} zone */
export function window(visit, now, zone) {
  const from = start(visit);
  if (Number.isNaN(from)) return "No time yet";
  const until = ms(visit.planned_end);
  const hours = Number.isNaN(until) ? clock(from, zone) : `${clock(from, zone)} – ${clock(until, zone)}`;
  return dayKey(from, zone) === dayKey(now, zone) ? hours : `${shortDay(from, zone)}, ${hours}`;
}

/** Digits of a phone number, as tel: takes them. @param {string} [phone] */
const digits = (phone) => (phone ?? "").replace(/[^\d+]/g, "");

/** Whom to call: the first contact of the client with a number, else the first. @param {Held} held @param {Record<string, any> | null} client */
function contactOf(held, client) {
  const people = all(held, "contacts").filter((one) => one.client_id === client?.id);
  people.sort((one, two) => Number(two.is_primary) - Number(one.is_primary) || (one.id < two.id ? -1 : 1));
  return people.find((one) => one.phone) ?? people[0] ?? null;
}

/** "With Ana Diaz, Bo Lind": who else goes. @param {Held} held @param {Fields} visit */
function company(held, visit) {
  const others = (visit.crew ?? []).filter((/** @type {{id: string}} */ one) => one.id !== held.grant?.member_id);
  return others.length ? `With ${others.map((/** @type {{name: string}} */ one) => one.name).join(", ")}` : "";
}

/** All that is needed at one stop. @param {Held} held @param {Fields} visit @param {number} now */
export function stop(held, visit, now) {
  const zone = zoneOf(held);
  const { job, place, client } = around(held, visit);
  const [depart, arrive, finish] = BUTTONS[visit.stage] ?? ["later", "later", "later"];
  const contact = contactOf(held, client);
  const phone = digits(contact?.phone);
  const said = new Set([visit.instructions, job?.instructions].filter(Boolean));
  return {
    id: visit.id,
    href: `/crew/visit?id=${visit.id}`,
    title: visit.title || job?.title || "Visit",
    place: shortPlace(place) || "No address yet",
    maps: place ? MAPS + encodeURIComponent(longPlace(place)) : "",
    client: client?.name ?? "",
    warning: client?.do_not_service ? "The office marked this client: do no work. Call first." : "",
    tel: phone && `tel:${phone}`,
    sms: phone && `sms:${phone}`,
    contact_id: contact?.id ?? "",
    company: company(held, visit),
    when: UNDER_WAY.includes(visit.stage) ? "Now" : "Next stop",
    window: window(visit, now, zone),
    stage: stage(visit),
    access: place?.access_notes ?? "",
    property_id: place?.id ?? "",
    instructions: [...said].map(String),
    depart,
    arrive,
    finish: finish === "next" && missing(held, visit.id).length ? "open" : finish,
    can_pause: visit.stage === "on_site",
    can_resume: visit.stage === "paused",
    can_skip: ["scheduled", "en_route", "on_site"].includes(visit.stage),
  };
}

/** @param {Held} held @param {Fields} visit @param {string} time */
function shortRow(held, visit, time) {
  const { job, place } = around(held, visit);
  const badge = stage(visit);
  return {
    id: visit.id,
    href: `/crew/visit?id=${visit.id}`,
    time,
    title: visit.title || job?.title || "Visit",
    place: shortPlace(place),
    stage: badge,
    tells: badge.tint !== "planned",
  };
}

/** @param {Held} held @param {string} today @param {string} zone */
function sorted(held, today, zone) {
  const visits = all(held, "visits")
    .filter((visit) => visit.planned_start && visit.stage !== "cancelled" && visit.stage !== "unscheduled")
    .sort((one, two) => start(one) - start(two) || (one.id < two.id ? -1 : 1));
  /** @param {Fields} visit */
  const key = (visit) => dayKey(start(visit), zone);
  return {
    here: visits.filter((visit) => UNDER_WAY.includes(visit.stage) || key(visit) === today),
    left: visits.filter((visit) => visit.stage === "scheduled" && key(visit) < today),
    coming: visits.filter((visit) => visit.stage === "scheduled" && key(visit) > today),
  };
}

/** The days after today, each with its visits. @param {Held} held @param {Fields[]} visits @param {number} now @param {string} zone */
function days(held, visits, now, zone) {
  /** @type {Map<string, Fields[]>} */
  const byDay = new Map();
  for (const visit of visits) {
    const key = dayKey(start(visit), zone);
    byDay.set(key, [...(byDay.get(key) ?? []), visit]);
  }
  const tomorrow = dayKey(now + DAY, zone);
  return [...byDay].map(([key, found]) => ({
    id: key,
    title: (key === tomorrow ? "Tomorrow, " : "") + dayWords(start(found[0]), zone),
    rows: found.map((visit) => shortRow(held, visit, clock(start(visit), zone))),
  }));
}

/** The visit that is on top: what is going on, else the first that is not over. @param {Fields[]} here */
const next = (here) =>
  here.find((visit) => UNDER_WAY.includes(visit.stage)) ?? here.find((visit) => !OVER.includes(visit.stage));

/** The whole of /crew. @param {Held} held @param {number} now */
export function day(held, now) {
  const zone = zoneOf(held);
  const today = dayKey(now, zone);
  const { here, left, coming } = sorted(held, today, zone);
  const top = next(here);
  const over = here.filter((visit) => OVER.includes(visit.stage));
  /** @param {Fields} visit */
  const byClock = (visit) => shortRow(held, visit, clock(start(visit), zone));
  return {
    title: dayWords(now, zone),
    progress: here.length ? `${over.length} of ${here.length} done` : "",
    has_next: Boolean(top),
    next: top ? stop(held, top, now) : null,
    then: here.filter((visit) => visit !== top && !OVER.includes(visit.stage)).map(byClock),
    over: over.map(byClock),
    left: left.map((visit) => shortRow(held, visit, shortDay(start(visit), zone))),
    days: days(held, coming, now, zone),
    empty: !here.length && !left.length && !coming.length,
  };
}

/** A visit of this phone, or null. @param {Held} held @param {string} id */
export const visitRow = (held, id) => row(held, "visits", id);
