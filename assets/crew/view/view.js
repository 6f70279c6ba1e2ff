// @ts-check
/** The only home of the whole picture: what the phone holds, where one is and what time it is, as the one object that pages draw. */

import { day } from "./day.js";
import { hours } from "./hours.js";
import { line, needing, unsent } from "./line.js";
import { more } from "./more.js";
import { sheet } from "./sheets.js";
import { unsentPage } from "./unsent.js";
import { visit } from "./visit.js";

/** @typedef {import("../types.js").Held} Held */
/** @typedef {import("../local.js").Local} Local */

/** How the pages of the day stand: loading, full, empty, or why nothing can be shown. @param {Held} held */
export function status(held) {
  if (!held.ready) return "loading";
  if (held.trouble === "wiped") return "wiped";
  if (held.grant && held.expired) return "expired";
  if (held.grant) return "full";
  if (held.trouble === "sign_in") return "signed_out";
  if (held.trouble === "storage_blocked" || held.trouble === "storage_full") return "blocked";
  if (held.trouble || !held.online) return held.doing === "syncing" && !held.trouble ? "loading" : "never";
  return "loading";
}

/** A band over the page where something is in the way of sending. @param {Held} held @param {string} stands */
function band(held, stands) {
  if (stands !== "full") return { words: "", sign_in: false };
  if (held.trouble === "sign_in") return { words: "You are signed out. Your work is kept on this phone and sent after you sign in.", sign_in: true };
  if (held.trouble === "upgrade") return { words: "This app is too old to send. Reload it where there is a signal.", sign_in: false };
  if (held.trouble === "storage_full") return { words: "This phone is full: new work cannot be saved. Free some space.", sign_in: false };
  return { words: "", sign_in: false };
}

/** @param {URLSearchParams} query @param {string} name */
const asked = (query, name) => query.get(name) ?? "";

/**
 * The view.
 * @param {Held} held
 * @param {Local} local
 * @param {{path: string, search: string}} where
 * @param {number} now server time, in milliseconds
 */
export function view(held, local, where, now) {
  const stands = status(held);
  const open = stands === "full";
  const path = where.path.replace(/\/$/, "");
  const today = open && path === "/crew" ? day(held, now) : null;
  const here = open && path === "/crew/visit" ? visit(held, asked(new URLSearchParams(where.search), "id"), now) : null;
  return {
    status: today?.empty ? "empty" : stands,
    line: line(held),
    band: band(held, stands),
    unsent: unsent(held) + needing(held),
    update: held.ready && held.update && !local.asked,
    said: local.said,
    sheet: held.ready ? sheet(held, local, now) : sheet(held, { ...local, asked: null }, now),
    day: today,
    rest_status: stands,
    visit_status: open ? (here ? "full" : "nothing") : stands,
    visit: here,
    hours: open && path === "/crew/time" ? hours(held, now) : null,
    waits: held.ready && path === "/crew/unsent" ? unsentPage(held, now) : null,
    more: held.ready && path === "/crew/more" ? more(held, now) : null,
  };
}
