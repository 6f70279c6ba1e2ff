// @ts-check
/** The only home of what pressing something does: one or more entries for the outbox, through engine.js. Words go to local.js. */

import * as engine from "./engine.js";
import { newId } from "./ids.js";
import * as install from "./install.js";
import { ask, close, remember, say } from "./local.js";
import { running } from "./view/hours.js";
import { missing, missingWords, phaseOf } from "./view/steps.js";
import { row } from "./view/words.js";

/** @typedef {import("./types.js").HeldFile} HeldFile */

/** @param {unknown} error */
const wordsOf = (error) => (error instanceof Error && error.message ? error.message : "It could not be saved on this phone.");

/** Does something, and says what went wrong. @param {() => Promise<void>} work @returns {Promise<boolean>} whether it worked */
export async function careful(work) {
  try {
    await work();
    return true;
  } catch (error) {
    say(wordsOf(error), "bad");
    return false;
  }
}

/** What ends the stretch of time that runs, and begins another where `kind` names one.
 * @param {string} kind travel, work, break or "" @param {string} [visitId] */
function hoursTo(kind, visitId) {
  const on = running(engine.held());
  const stop = on ? [{ kind: "time.stop", args: { id: on.id } }] : [];
  return kind ? [...stop, { kind: "time.start", args: { id: newId(), kind, ...(visitId ? { visit_id: visitId } : {}) } }] : stop;
}

/** Which hours a move begins; "" ends what runs. @type {Record<string, string>} */
const HOURS = { depart: "travel", arrive: "work", pause: "break", resume: "work", finish: "", no_access: "" };

/** A move of a visit with the hours that go with it: both are kept, or neither. @param {string} visitId @param {string} move @param {string} [reason] */
export async function moveVisit(visitId, move, reason) {
  const args = { visit_id: visitId, move, ...(reason ? { reason } : {}) };
  await engine.actAll([{ kind: "visit.move", args }, ...hoursTo(HOURS[move], visitId)]);
}

/** One of the large buttons. Finishing with steps open says which. @param {string} visitId @param {string} name */
export async function move(visitId, name) {
  const open = name === "finish" ? missing(engine.held(), visitId) : [];
  if (open.length) return void say(`Before you finish: ${missingWords(open)}`, "waiting");
  await careful(() => moveVisit(visitId, name));
}

/** Whether steps are missing before a visit can be finished. @param {string} visitId */
export const blocked = (visitId) => missing(engine.held(), visitId).length > 0;

/** Starts one kind of hours, or ends it where it runs. @param {string} kind */
export async function time(kind) {
  const on = running(engine.held());
  await careful(async () => void (await engine.actAll(hoursTo(on?.kind === kind ? "" : kind, on?.visit_id))));
}

/** @param {string} visitId @param {string} itemId @param {Record<string, string>} answer */
export const answer = (visitId, itemId, answer) =>
  engine.act("checklist.answer", { id: newId(), visit_id: visitId, item_id: itemId, ...answer });

/** Ticks a step. @param {string} visitId @param {string} itemId */
export async function check(visitId, itemId) {
  await careful(async () => void (await answer(visitId, itemId, { outcome: "done" })));
}

/** @param {File} file @param {string} visitId @param {HeldFile["kind"]} kind @param {HeldFile["phase"]} phase */
export const keep = (file, visitId, kind, phase) => engine.addFile({ visit_id: visitId, blob: file, kind, phase, name: file.name });

/** Keeps photos that were taken, and answers the step that asked for one. @param {File[]} files @param {string} visitId @param {string} itemId */
export async function photos(files, visitId, itemId) {
  const held = engine.held();
  const item = row(held, "checklist_items", itemId);
  const stands = row(held, "visits", visitId)?.stage;
  const phase = item ? phaseOf(item.label) : stands === "on_site" || stands === "paused" ? "during" : stands === "done" ? "after" : "before";
  await careful(async () => {
    for (const [at, file] of files.entries()) {
      const kept = await keep(file, visitId, "photo", phase);
      if (item && at === 0) await answer(visitId, item.id, { outcome: "done", value: kept.id });
    }
    if (files.length) say(files.length === 1 ? "Photo saved on this phone" : `${files.length} photos saved on this phone`);
  });
}

/** Which of two values is to stand. @param {string} conflictId @param {boolean} use */
export async function decide(conflictId, use) {
  await careful(async () => {
    await engine.act("conflict.decide", { conflict_id: conflictId, use });
    const shown = engine.held().attention.find((one) => one.conflict_id === conflictId);
    if (shown) await engine.discard(shown.seq, use ? "Mine was used" : "The other one stands");
  });
}

/** Sends something again. @param {number} seq @param {string} fileId */
export async function retry(seq, fileId) {
  await careful(async () => void (await (fileId ? engine.retryFile(fileId) : engine.retry(seq))));
}

/** What the office has anyhow goes without a question; all else asks why. @param {number} seq @param {string} fileId @param {string} words @param {boolean} parked */
export async function away(seq, fileId, words, parked) {
  if (!parked) return ask("discard", { seq, file_id: fileId, words });
  await careful(async () => void (await engine.discard(seq, "Seen")));
}

/** Loads the newer app; what was done is in the stores already. */
export const reload = () => careful(async () => void (await install.reload()));

export const syncNow = () => careful(async () => void (await engine.syncNow()));

/** Empties this phone and posts the form that signs out; asks first where something would be lost.
 * @param {HTMLFormElement} form @param {boolean} sure */
export async function leave(form, sure) {
  await careful(async () => {
    const { unsent } = await engine.signOut({ anyway: sure });
    if (unsent && !sure) return ask("leave", {});
    close();
    form.submit();
  });
}

export { ask, close, remember };
