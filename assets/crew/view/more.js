// @ts-check
/** The only home of the page More: who, the last word from the office, what this browser keeps, and the way out. */

import { unsent } from "./line.js";
import { moment, ms, plural, zoneOf } from "./words.js";

/** @typedef {import("../types.js").Held} Held */

/** @param {Held} held */
function storage(held) {
  if (held.trouble === "storage_full") return "This phone is full. Free some space, or new work cannot be saved.";
  if (held.trouble === "storage_blocked") return "This browser keeps nothing. Leave private browsing, or use another browser.";
  if (held.persisted) return "This browser keeps your work until it is sent.";
  if (held.persisted === false) return "This browser may clear unsent work when the phone runs out of space. Add the app to the home screen, and send often.";
  return "This browser does not say how long it keeps your work. Send often.";
}

/** The whole of /crew/more. @param {Held} held @param {number} now */
export function more(held, now) {
  const zone = zoneOf(held);
  const count = unsent(held) + held.attention.length;
  const contact = ms(held.contact_at);
  const until = ms(held.grant?.until);
  return {
    name: held.grant?.name ?? "",
    facts: [
      { label: "Last word from the office", value: Number.isNaN(contact) ? "Never" : moment(contact, now, zone) },
      { label: "Readable without a signal", value: Number.isNaN(until) ? "Not yet" : `until ${moment(until, now, zone)}` },
      { label: "Kept on this phone", value: storage(held) },
      { label: "Times are shown in", value: zone.replaceAll("_", " ") },
      { label: "App", value: held.version || "not installed" },
    ],
    leave_words: count ? `${plural(count, "thing is", "things are")} on this phone alone. ${count === 1 ? "It stays" : "They stay"} here and ${count === 1 ? "is" : "are"} sent when you sign in on this phone again.` : "",
    leave_count: count,
    can_leave: held.online,
    update: held.update,
    update_words: count ? "New version. Reload when your work is sent, or now: it is kept." : "New version.",
  };
}
