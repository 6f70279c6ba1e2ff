// @ts-check
/** The only home of the line that is never silent: on the air or not, and what is not sent yet. */

/** @typedef {import("../types.js").Held} Held */

/** Entries of the outbox that the server has not answered. @param {Held} held */
export const waiting = (held) => held.outbox.filter((entry) => !entry.result);

/** Photos and receipts whose bytes the server does not have. @param {Held} held */
export const filesWaiting = (held) =>
  Object.values(held.files).filter((file) => file.state === "phone" || file.state === "sending");

/** How many things are on this phone alone. @param {Held} held */
export const unsent = (held) => waiting(held).length + filesWaiting(held).length;

/** What a person has to decide, each once: a conflict may stand both among the rows and on the attention list. @param {Held} held */
export function needing(held) {
  const conflicts = Object.keys(held.rows.conflicts ?? {});
  const known = new Set(conflicts);
  return conflicts.length + held.attention.filter((one) => !one.conflict_id || !known.has(one.conflict_id)).length;
}

const TROUBLE = {
  sign_in: "Signed out",
  upgrade: "Newer app needed",
  wiped: "Emptied by the office",
  offline: "Offline",
  server: "No answer from the office",
  storage_full: "This phone is full",
  storage_blocked: "This browser keeps nothing",
  "": "",
};

/** The first words of the line. @param {Held} held */
function standing(held) {
  if (held.trouble) return TROUBLE[held.trouble];
  return held.online ? "Online" : "Offline";
}

/** @param {Held} held @param {number} count */
function saved(held, count) {
  if (!count) return held.online && !held.trouble ? "all sent" : "";
  if (held.online && held.doing === "syncing") return `sending ${count}`;
  return `${count} saved on this phone`;
}

/**
 * The line at the top of every page.
 * @param {Held} held
 * @returns {{words: string[], icon: string, tint: string, quiet: boolean, said: string}} `said`: the whole line, for a screen reader
 */
export function line(held) {
  if (!held.ready) return { words: ["Opening"], icon: "phone", tint: "idle", quiet: true, said: "Opening" };
  const count = unsent(held);
  const asks = needing(held);
  const bad = ["sign_in", "storage_full", "storage_blocked", "wiped", "upgrade"].includes(held.trouble);
  const words = [standing(held), saved(held, count), asks ? `${asks} ${asks === 1 ? "needs" : "need"} attention` : ""];
  const shown = words.filter(Boolean);
  return {
    words: shown,
    icon: asks || bad ? "attention" : held.online ? (count ? "sending" : "sent") : "offline",
    tint: asks || bad ? "waiting" : "idle",
    quiet: held.online && !count && !asks && !bad,
    said: shown.join(", "),
  };
}
