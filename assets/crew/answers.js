// @ts-check
/** The only home of what becomes of a sheet's answers: they are checked here, then kept by engine.js, then the sheet closes. */

import { answer, keep, leave, moveVisit } from "./acts.js";
import * as engine from "./engine.js";
import { newId } from "./ids.js";
import { close, remember, remembered, say } from "./local.js";
import { phaseOf } from "./view/steps.js";
import { hashOf } from "./view/signing.js";
import { DAY, all, momentOf, row, zoneOf } from "./view/words.js";

/** @typedef {Record<string, any>} Args */
/**
 * @typedef {object} Given
 * @property {(name: string) => string} text of a field, trimmed
 * @property {File | null} photo
 */

/** What a person can put right; its words stand in the sheet. */
class Wrong extends Error {}

/** @param {boolean} good @param {string} words */
function must(good, words) {
  if (!good) throw new Wrong(words);
}

/** A quantity as it was typed, with a point. @param {string} text */
function quantity(text) {
  const found = text.replace(",", ".");
  must(/^\d{1,8}(\.\d{1,4})?$/.test(found) && Number(found) > 0, "Enter a quantity, such as 2 or 0.5.");
  return found;
}

/** @param {Given} given */
function stretch(given) {
  const zone = zoneOf(engine.held());
  const from = momentOf(given.text("day"), given.text("from"), zone);
  let until = momentOf(given.text("day"), given.text("until"), zone);
  must(!Number.isNaN(from) && !Number.isNaN(until), "Enter a day and both times.");
  if (until <= from) until += DAY;
  return { from, until };
}

/** A moment as this phone's clock would have shown it: the office's system takes the phone's offset away again. @param {number} at */
const byThisClock = (at) => new Date(at + engine.held().offset_ms).toISOString();

/** @param {Args} args @param {Given} given */
async function step(args, given) {
  const held = engine.held();
  const item = row(held, "checklist_items", args.item_id);
  if (!item) return;
  const outcome = given.text("outcome") || "done";
  const reason = given.text("reason");
  must(outcome === "done" || reason !== "", "Say why: the office reads it.");
  let value = outcome === "done" ? given.text("value").slice(0, 4000) : "";
  if (outcome === "done" && item.kind === "number") {
    value = value.replace(",", ".");
    must(/^-?\d+(\.\d+)?$/.test(value), "Enter a number.");
  }
  if (outcome === "done" && item.kind === "photo") {
    must(Boolean(given.photo || item.value), "Take the photo.");
    value = given.photo ? (await keep(given.photo, item.visit_id, "photo", phaseOf(item.label))).id : item.value;
  }
  must(outcome !== "done" || item.kind === "check" || value !== "", "Write the answer.");
  await answer(item.visit_id, item.id, { outcome, ...(value ? { value } : {}), ...(reason ? { reason } : {}) });
}

/** @param {string} kind @returns {(args: Args, given: Given) => Promise<void>} */
const asked = (kind) => async (args, given) => {
  must(given.text("text") !== "", "Write what is needed.");
  const photo = given.photo ? await keep(given.photo, args.visit_id, "photo", "during") : null;
  await engine.act(kind, { id: newId(), visit_id: args.visit_id, text: given.text("text"), ...(photo ? { photo_id: photo.id } : {}) });
};

/** @param {Args} args @param {Given} given */
async function expense(args, given) {
  must(given.text("title") !== "", "Write what it was for.");
  const currency = engine.held().grant?.currency;
  const amount = given.text("amount").replace(",", ".");
  must(amount === "" || /^\d{1,8}(\.\d{1,2})?$/.test(amount), "Enter an amount, such as 12.50, or leave it empty.");
  const receipt = given.photo ? await keep(given.photo, args.visit_id, "receipt", "") : null;
  await engine.act("expense.claim", {
    id: newId(),
    visit_id: args.visit_id,
    title: given.text("title").slice(0, 200),
    ...(amount && currency ? { amount: { amount_cents: Math.round(Number(amount) * 100), currency } } : {}),
    ...(receipt ? { receipt_id: receipt.id } : {}),
  });
}

/** @param {Args} args @param {Given} given */
async function sign(args, given) {
  const kind = given.text("signature_kind") === "typed" ? "typed" : "drawn";
  const name = (kind === "typed" && given.text("signature_text")) || given.text("name");
  const strokes = kind === "drawn" ? JSON.parse(given.text("signature_strokes") || "[]") : null;
  must(name !== "", "Enter the name of who signs.");
  must(kind === "drawn" ? strokes.length > 0 : given.text("signature_text") !== "", "Sign in the box.");
  const id = newId();
  const shown = String(args.shown);
  const signed = { id, visit_id: args.visit_id, kind, name: name.slice(0, 200), ...(strokes ? { strokes } : {}), shown, hash: await hashOf(shown) };
  const step = args.item_id ? [{ kind: "checklist.answer", args: { id: newId(), visit_id: args.visit_id, item_id: args.item_id, outcome: "done", value: id } }] : [];
  await engine.actAll([{ kind: "visit.sign", args: signed }, ...step]);
}

/** @param {Args} args @param {Given} given */
async function correct(args, given) {
  const { from, until } = stretch(given);
  must(given.text("reason") !== "", "Say why: the office reads it.");
  const old = row(engine.held(), "time_entries", args.entry_id);
  await engine.act("time.correct", {
    id: newId(),
    kind: given.text("kind"),
    started_at: byThisClock(from),
    ended_at: byThisClock(until),
    reason: given.text("reason"),
    ...(old?.visit_id ? { visit_id: old.visit_id } : {}),
    ...(old ? { corrects_id: old.id } : {}),
  });
}

/** @param {Args} args @param {Given} given */
async function askTime(args, given) {
  const { from, until } = stretch(given);
  must(given.text("text") !== "", "Say why: the office reads it.");
  await engine.act("visit.ask_time", {
    id: newId(),
    visit_id: args.visit_id,
    text: given.text("text"),
    planned_start: new Date(from).toISOString(),
    planned_end: new Date(until).toISOString(),
  });
}

/** @param {Args} args @param {Given} given */
async function edit(args, given) {
  const found = engine.held().attention.find((one) => one.seq === args.seq);
  if (!found?.mutation) return;
  /** @type {Args} */
  const changed = { ...found.mutation.args };
  for (const name of ["text", "name", "title", "quantity", "unit", "value", "reason"])
    if (typeof changed[name] === "string") changed[name] = name === "quantity" ? quantity(given.text(name)) : given.text(name);
  await engine.edit(args.seq, changed);
}

/** @type {Record<string, (args: Args, given: Given) => Promise<unknown>>} */
const DO = {
  no_access: (args, given) => {
    must(given.text("reason") !== "", "Say what happened: the office reads it.");
    return moveVisit(args.visit_id, "no_access", given.text("reason"));
  },
  note: (args, given) => {
    must(given.text("text") !== "", "Write the note.");
    return engine.act("note.add", { id: newId(), visit_id: args.visit_id, text: given.text("text") });
  },
  step,
  material: async (args, given) => {
    must(given.text("name") !== "", "Write what was used.");
    const name = given.text("name").slice(0, 200);
    const unit = given.text("unit") || all(engine.held(), "stock").find((one) => one.name === name)?.unit || "";
    const body = { name, quantity: quantity(given.text("quantity")), unit: unit.slice(0, 20) };
    await engine.act("material.use", { id: newId(), visit_id: args.visit_id, ...body });
  },
  adjust: async (args, given) => {
    const by = quantity(given.text("quantity"));
    const less = given.text("way") === "less";
    const there = row(engine.held(), "materials", args.material_id);
    must(!less || Number(by) <= Number(there?.quantity ?? 0), `There is less of it than that: ${Number(there?.quantity ?? 0)}.`);
    await engine.act("material.adjust", { visit_id: args.visit_id, material_id: args.material_id, by: less ? `-${by}` : by });
  },
  expense,
  sign,
  extra_work: asked("visit.extra_work"),
  follow_up: asked("visit.follow_up"),
  ask_time: askTime,
  phone: (args, given) => {
    must(/\d{3}/.test(given.text("text")), "Enter a phone number.");
    return engine.act("contact.phone", { contact_id: args.contact_id, phone: given.text("text").slice(0, 40) });
  },
  access: (args, given) => engine.act("property.access_notes", { property_id: args.property_id, text: given.text("text").slice(0, 2000) }),
  correct,
  edit,
  discard: async (args, given) => {
    must(given.text("reason") !== "", "Say why.");
    await (args.file_id ? engine.discardFile(args.file_id, given.text("reason")) : engine.discard(args.seq, given.text("reason")));
  },
  leave: async () => {
    const form = document.querySelector("form[data-sign-out]");
    if (form instanceof HTMLFormElement) await leave(form, true);
  },
};

/** @param {FormData} data @returns {Given} */
function given(data) {
  const photo = data.get("photo");
  return {
    text: (name) => String(data.get(name) ?? "").trim(),
    photo: photo instanceof File && photo.size > 0 ? photo : null,
  };
}

/** Keeps the answers of the sheet that is open; what is wrong stands in it, and nothing is half kept. @param {FormData} data */
export async function submit(data) {
  const { asked, busy } = remembered();
  if (!asked || busy) return;
  remember({ busy: true, error: "" });
  try {
    await DO[asked.name](asked.args, given(data));
    close();
    if (asked.name !== "discard" && asked.name !== "leave") say("Saved on this phone");
  } catch (error) {
    remember({ busy: false, error: error instanceof Error && error.message ? error.message : "It could not be saved on this phone." });
  }
}
