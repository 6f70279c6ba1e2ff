// @ts-check
/** What the crew's screens show for what the phone holds: words, order, and what can be pressed. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { NOTHING } from "../../assets/crew/local.js";
import { day } from "../../assets/crew/view/day.js";
import { hours } from "../../assets/crew/view/hours.js";
import { line } from "../../assets/crew/view/line.js";
import { sheet } from "../../assets/crew/view/sheets.js";
import { hashOf, signedWords } from "../../assets/crew/view/signing.js";
import { unsentPage } from "../../assets/crew/view/unsent.js";
import { view } from "../../assets/crew/view/view.js";
import { visit as visitPage } from "../../assets/crew/view/visit.js";
import { clock, dayKey, momentOf, size, span } from "../../assets/crew/view/words.js";
import { NOW, entry, file, held, mutation, step, visit } from "./held.mjs";

const ZONE = "America/Chicago";
/** @param {Record<string, any>} rows */
const holding = (rows) => held({ rows });
/** @param {string} path @param {import("../../assets/crew/types.js").Held} what @param {string} [search] */
const at = (path, what, search = "") => view(what, NOTHING, { path, search }, NOW, "0.4.0");

test("times are those of the company's zone, on both sides of a change of the clocks", () => {
  assert.equal(clock(Date.parse("2026-06-18T16:00:00Z"), ZONE), "11:00 AM");
  assert.equal(dayKey(Date.parse("2026-06-19T03:00:00Z"), ZONE), "2026-06-18");
  for (const iso of ["2026-06-18T16:00:00Z", "2026-01-05T02:30:00Z", "2026-03-08T15:00:00Z", "2026-11-01T18:00:00Z"]) {
    const moment = Date.parse(iso);
    const shown = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE }).format(moment);
    assert.equal(momentOf(dayKey(moment, ZONE), shown, ZONE), moment, iso);
  }
  assert.equal(momentOf("2026-11-01", "01:30", ZONE), Date.parse("2026-11-01T06:30:00Z"), "the first of the two");
  assert.ok(Number.isNaN(momentOf("", "11:00", ZONE)));
  assert.deepEqual([span(72 * 60_000), span(59_000), size(2_100_000), size(300)], ["1 h 12 min", "0 min", "2.1 MB", "1 KB"]);
});

test("the next stop is on top with all that is needed there, and what is going on stays on top", () => {
  const visits = {
    ...visit("v2", "2026-06-18T18:00:00Z", { stage: "on_site", title: "Now" }),
    ...visit("v1", "2026-06-18T13:00:00Z", { instructions: "Bring the hose" }),
    ...visit("v3", "2026-06-18T12:00:00Z", { stage: "done" }),
    ...visit("v4", "2026-06-16T12:00:00Z"),
    ...visit("v5", "2026-06-19T13:00:00Z"),
    ...visit("v6", "2026-06-25T13:00:00Z"),
    ...visit("v7", "2026-06-18T21:00:00Z", { stage: "cancelled" }),
  };
  const shown = day(holding({ visits }), NOW);
  assert.deepEqual([shown.title, shown.progress], ["Thursday, June 18", "1 of 3 done"]);
  assert.deepEqual([shown.next?.id, shown.next?.when, shown.next?.depart, shown.next?.arrive, shown.next?.finish], ["v2", "Now", "done", "done", "next"]);
  assert.deepEqual([shown.then, shown.over, shown.left].map((rows) => rows.map((one) => one.id)), [["v1"], ["v3"], ["v4"]]);
  assert.deepEqual(shown.days.map((one) => [one.title, one.rows[0].id]), [["Tomorrow, Friday, June 19", "v5"], ["Thursday, June 25", "v6"]]);
  delete (/** @type {any} */ (visits).v2);
  const next = day(holding({ visits }), NOW).next;
  assert.deepEqual([next?.window, next?.place, next?.client, next?.access, next?.instructions], ["8:00 AM – 10:00 AM", "905 Sheridan Road, Evanston", "Annika Lindqvist-Moore", "Side gate sticks.", ["Bring the hose"]]);
  assert.ok(next?.maps.endsWith("query=905%20Sheridan%20Road%2C%20Evanston%2C%20IL%2060202"));
});

test("the line is never silent", () => {
  const waiting = [mutation(1, "note.add", {}), mutation(2, "note.add", {}), { ...mutation(3, "note.add", {}), result: /** @type {any} */ ({}) }];
  /** @type {[Partial<import("../../assets/crew/types.js").Held>, string][]} */
  const cases = [
    [{}, "Online, all sent"],
    [{ online: false }, "Offline"],
    [{ online: false, outbox: waiting, files: { f: file({ id: "f" }) } }, "Offline, 3 saved on this phone"],
    [{ outbox: waiting, doing: "syncing" }, "Online, sending 2"],
    [{ trouble: "sign_in", outbox: waiting }, "Signed out, 2 saved on this phone"],
    [{ attention: [{ seq: 1, why: "rejected", detail: "", mutation: null, at: "" }] }, "Online, all sent, 1 needs attention"],
    [{ ready: false }, "Opening"],
  ];
  for (const [given, words] of cases) assert.equal(line(held(given)).said, words);
});

test("steps: what is required is named before finishing, and the next of them is the filled button", () => {
  const checklist_items = {
    ...step("i1", { label: "Ladder tied off", position: 1, stage: "done", answered_at: "2026-06-18T16:06:00Z" }),
    ...step("i2", { label: "New gutter hung, feet", kind: "number", position: 2, stage: "done", value: "64.0000" }),
    ...step("i3", { label: "Photo after, north side", kind: "photo", required: true, position: 3 }),
    ...step("i4", { label: "Magnet", required: true, position: 4 }),
    ...step("i5", { label: "Customer signature", kind: "signature", required: true, position: 5 }),
  };
  const visits = visit("v1", "2026-06-18T16:00:00Z", { stage: "on_site", actual_start: "2026-06-18T16:02:00Z" });
  const shown = visitPage(holding({ visits, checklist_items }), "v1", NOW);
  assert.ok(shown);
  assert.equal(shown.steps.progress, "2 of 4");
  assert.deepEqual(shown.steps.rows.map((one) => one.side), ["11:06 AM", "64", "Required", "Required"]);
  assert.equal(shown.foot.words, "Before you finish: photo after, north side, magnet, customer signature");
  assert.deepEqual([shown.foot.first.kind, shown.foot.first.label, shown.foot.first.arg, shown.foot.second.kind], ["camera", "Take photo after, north side", "i3", "finish"]);
  assert.deepEqual([shown.timer.text, shown.timer.since, shown.signature.required], ["12 min", "since 11:02 AM", true]);
  for (const id of ["i3", "i4", "i5"]) checklist_items[/** @type {"i3"} */ (id)].fields.stage = "done";
  const after = visitPage(holding({ visits, checklist_items }), "v1", NOW);
  assert.deepEqual([after?.foot.first.kind, after?.foot.second.kind, after?.foot.words], ["finish", "", ""]);
});

test("hours: a corrected stretch counts once, what runs counts to now, locked ones stay", () => {
  const time_entries = {
    ...entry("e1", { kind: "travel", started_at: "2026-06-18T13:00:00Z", ended_at: "2026-06-18T14:00:00Z" }),
    ...entry("e2", { kind: "travel", started_at: "2026-06-18T13:00:00Z", ended_at: "2026-06-18T13:30:00Z", corrects_id: "e1" }),
    ...entry("e3", { started_at: "2026-06-18T16:02:00Z" }),
    ...entry("e4", { started_at: "2026-06-15T13:00:00Z", ended_at: "2026-06-15T15:00:00Z", locked: true, approved: true }),
    ...entry("e5", { started_at: "2026-06-14T13:00:00Z", ended_at: "2026-06-14T15:00:00Z" }),
  };
  const shown = hours(holding({ time_entries, visits: visit("v1", "2026-06-18T16:00:00Z") }), NOW);
  assert.deepEqual(shown.today.map((one) => one.text), ["30 min", "12 min", "0 min"]);
  assert.deepEqual(shown.week.map((one) => one.text), ["30 min", "2 h 12 min", "0 min"], "Sunday was last week");
  assert.deepEqual([shown.running_words, shown.running_since, shown.running_where], ["Work, 12 min", "since 11:02 AM", "905 Sheridan Road"]);
  const rows = shown.days.flatMap((one) => one.rows);
  assert.deepEqual(rows.map((one) => [one.id, one.stage.word, one.can_correct]), [["e3", "Running", false], ["e2", "", true], ["e4", "Locked", false]]);
  assert.match(hours(held({ skewed: true, offset_ms: 14 * 60_000 }), NOW).clock, /^The clock of this phone is 14 min ahead/);
});

test("what became of a claim is told, with the office's words where it said no", () => {
  /** @param {string} stage @param {string} decision */
  const claim = (stage, decision) => ({ fields: { visit_id: "v1", title: "Parking", receipt_id: null, stage, decision, approved: false }, writers: {} });
  const expenses = { x1: claim("claimed", ""), x2: claim("approved", ""), x3: claim("rejected", "Not on this job") };
  const page = visitPage(holding({ visits: visit("v1", "2026-06-18T16:00:00Z"), expenses }), "v1", NOW);
  assert.deepEqual(page?.expenses.map((one) => [one.stage.word, one.receipt]), [
    ["With the office", "No receipt"], ["Approved", "No receipt"], ["Not approved", "No receipt · Not on this job"],
  ]);
});

test("everything that is not sent is told in words, whatever kind it is", () => {
  const kinds = {
    "visit.move": { visit_id: "v1", move: "depart" },
    "visit.ask_time": { visit_id: "v1", text: "They are away" },
    "visit.extra_work": { visit_id: "v1", text: "The gutter too?" },
    "visit.follow_up": { visit_id: "v1", text: "Paint it" },
    "visit.sign": { visit_id: "v1", name: "Ana Cole" },
    "note.add": { visit_id: "v1", text: "Dog is friendly" },
    "checklist.answer": { visit_id: "v1", item_id: "i1", outcome: "failed" },
    "time.start": { visit_id: "v1", kind: "travel" },
    "time.stop": { id: "e1" },
    "time.correct": { visit_id: "v1", kind: "work" },
    "material.use": { visit_id: "v1", name: "Ridge vent", quantity: "2.5000", unit: "ft" },
    "material.adjust": { visit_id: "v1", material_id: "x1", by: "-0.5" },
    "expense.claim": { visit_id: "v1", title: "Parking", amount: { amount_cents: 86421 } },
    "property.access_notes": { property_id: "p1", text: "Code 1234" },
    "conflict.decide": { conflict_id: "k1", use: true },
    "future.kind": {},
  };
  const rows = {
    visits: visit("v1", "2026-06-18T16:00:00Z"),
    checklist_items: step("i1", { label: "Magnet" }),
    time_entries: entry("e1", { kind: "break" }),
    materials: { x1: { fields: { visit_id: "v1", name: "Nails", quantity: "1.0000", unit: "box" }, writers: {} } },
  };
  const outbox = Object.entries(kinds).map(([kind, args], seq) => mutation(seq + 1, kind, args));
  const shown = unsentPage(held({ rows, outbox, files: { f: file({ id: "f" }) } }), NOW);
  const [road, texts] = ["905 Sheridan Road", shown.rows.map((one) => one.text)];
  assert.deepEqual(texts, [
    `On my way, ${road}`, `Another time asked for, “They are away”, ${road}`, `Extra work, “The gutter too?”, ${road}`, `Another visit asked for, “Paint it”, ${road}`,
    `Signature of Ana Cole, ${road}`, `Note, “Dog is friendly”, ${road}`, `Magnet: failed, ${road}`, `Travel begins, ${road}`, `Break ends, ${road}`, `Work corrected, ${road}`,
    `Material, 2.5 ft Ridge vent, ${road}`, `Nails, less by 0.5, ${road}`, `Expense, Parking, ${road}`, `How to get in, “Code 1234”, ${road}`, "My value is to stand",
    "A change of an older app", `Photo after, ${road}, 2.1 MB`,
  ]);
  assert.deepEqual(shown.rows.map((one) => one.where).slice(-2), ["11:05 AM, on this phone", "on this phone"]);
  assert.ok(!JSON.stringify(shown).includes("864"), "an amount stays out of the words");
});

test("a conflict shows both values, once; what the office has cannot be sent again", () => {
  const conflicts = { k1: { fields: { kind: "field", noun: "properties", row_id: "p1", field: "access_notes", lost: { value: "Code 1" }, kept: { value: "" } }, writers: {} } };
  const attention = [
    { seq: 4, why: /** @type {const} */ ("conflict"), detail: "", mutation: null, conflict_id: "k1", at: "" },
    { seq: 5, why: /** @type {const} */ ("rejected"), detail: "“Magnet” is open.", mutation: mutation(5, "note.add", { visit_id: "v1", text: "x" }), at: "" },
    { seq: 6, why: /** @type {const} */ ("parked"), detail: "", mutation: mutation(6, "note.add", { visit_id: "v1", text: "y" }), at: "" },
  ];
  const shown = unsentPage(held({ rows: { conflicts }, attention }), NOW);
  assert.deepEqual(shown.conflicts, [{ id: "k1", title: "How to get in, 905 Sheridan Road", mine: "Code 1", theirs: "Nothing" }]);
  assert.deepEqual(shown.attention.map((one) => [one.seq, one.can_retry, one.can_edit, one.away]), [[5, true, true, "Discard"], [6, false, false, "Seen"]]);
  assert.equal(at("/crew", held({ rows: { conflicts }, attention })).unsent, 3);
});

test("a page says why it shows nothing, and hides what is held when reading ran out", () => {
  const visits = visit("v1", "2026-06-18T16:00:00Z");
  /** @type {[Partial<import("../../assets/crew/types.js").Held>, string][]} */
  const cases = [
    [{ ready: false }, "loading"],
    [{ grant: null, online: false, trouble: "offline", contact_at: "" }, "never"],
    [{ grant: null, trouble: "sign_in" }, "signed_out"],
    [{ expired: true, online: false }, "expired"],
    [{ trouble: "wiped", grant: null }, "wiped"],
    [{ online: false, trouble: "offline" }, "full"],
  ];
  for (const [given, wanted] of cases) {
    const shown = at("/crew/", held({ ...given, rows: { visits } }));
    assert.equal(shown.status, wanted);
    assert.equal(shown.day === null, wanted !== "full");
  }
  assert.equal(at("/crew", holding({})).status, "empty");
  assert.equal(at("/crew/visit/", holding({ visits }), "?id=v1").visit_status, "full");
  assert.equal(at("/crew/visit", holding({ visits }), "?id=gone").visit_status, "nothing");
  assert.deepEqual(at("/crew", held({ trouble: "sign_in", rows: { visits } })).band.sign_in, true);
});

test("what is signed is every word that is shown, and its hash is that of the server", async () => {
  const rows = {
    visits: visit("v1", "2026-06-18T16:00:00Z", { stage: "on_site", actual_start: "2026-06-18T16:02:00Z" }),
    checklist_items: { ...step("i1", { label: "Magnet", stage: "done" }), ...step("i2", { label: "Feet", kind: "number", stage: "done", value: "64", position: 1 }) },
    materials: { x1: { fields: { visit_id: "v1", name: "Nails – 3″", quantity: "2.0000", unit: "box" }, writers: {} } },
  };
  const words = signedWords(holding(rows), "v1", NOW);
  for (const part of ["Gutter run, north side", "905 Sheridan Road, Evanston, IL 60202", "For Annika", "Crew: Mateo", "- Magnet: done", "- Feet: 64", "- 2 box Nails – 3″", "shown 11:14 AM"])
    assert.ok(words.includes(part), part);
  assert.equal(await hashOf(words), createHash("sha256").update(words, "utf8").digest("hex"));
});

test("each sheet has a title, a verb and fields, and none asks for a price", () => {
  const rows = { visits: visit("v1", "2026-06-18T16:00:00Z"), checklist_items: step("i1", { kind: "photo" }), time_entries: entry("e1", { ended_at: "2026-06-18T17:00:00Z" }), materials: { x1: { fields: { visit_id: "v1", name: "Nails", quantity: "1", unit: "" }, writers: {} } } };
  const attention = [{ seq: 7, why: /** @type {const} */ ("rejected"), detail: "", mutation: mutation(7, "note.add", { visit_id: "v1", text: "x" }), at: "" }];
  const args = { visit_id: "v1", item_id: "i1", entry_id: "e1", material_id: "x1", property_id: "p1", seq: 7, shown: "words", signer: "Annika" };
  for (const name of ["no_access", "note", "step", "material", "adjust", "expense", "sign", "extra_work", "follow_up", "ask_time", "access", "correct", "edit", "discard"]) {
    const shown = sheet(held({ rows, attention }), { ...NOTHING, asked: { name, args } }, NOW);
    assert.ok(shown.open && shown.title && shown.verb && shown.fields.length, name);
    assert.ok(!/price|cost/i.test(JSON.stringify(shown)), name);
  }
  assert.equal(sheet(held(), NOTHING, NOW).open, false);
  const correct = sheet(held({ rows }), { ...NOTHING, asked: { name: "correct", args } }, NOW);
  assert.deepEqual(correct.fields.map((one) => one.value), ["work", "2026-06-18", "11:02", "12:00", ""]);
});
