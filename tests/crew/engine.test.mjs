// The engine against a server in memory: what is saved stays, what is sent is done once, what fails is told.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { kill, settled, start, unpack } from "./phone.mjs";
import { Server } from "./server.mjs";

let server;
const VISIT = "v-1";
const note = (id, text = id) => ["note.add", { id, visit_id: VISIT, text }];

beforeEach(() => {
  unpack();
  server = new Server();
  server.put("visits", VISIT, { title: "Gutters", stage: "scheduled", job_id: "j-1" });
  server.put("properties", "p-1", { access_notes: "Ring" }, { access_notes: "w-1" });
});

const loaded = async () => {
  const app = await start(server);
  await settled(app);
  return app;
};

test("a first start loads the day", async () => {
  const app = await loaded();
  assert.equal(app.held().rows.visits[VISIT].fields.title, "Gutters");
  assert.equal(app.held().grant.name, "Mateo Cruz");
  assert.equal(app.held().tenant.timezone, "America/Chicago");
});

test("what is done without a signal shows at once, survives a restart and is sent once", async () => {
  let app = await loaded();
  server.fault = () => "before";
  await app.act("visit.move", { visit_id: VISIT, move: "depart" });
  await app.act(...note("n-1"));
  assert.equal(app.held().rows.visits[VISIT].fields.stage, "en_route");
  assert.equal(app.held().outbox.length, 2);
  app = await start(server);
  assert.equal(app.held().rows.visits[VISIT].fields.stage, "en_route");
  assert.equal(app.held().rows.notes["n-1"].fields.author_name, "Mateo Cruz");
  server.fault = () => null;
  await settled(app);
  assert.equal(app.held().outbox.length, 0);
  assert.equal(app.held().rows.visits[VISIT].fields.stage, "en_route");
  assert.deepEqual([...server.done.values()], [1, 1]);
});

test("all that is written is on the disk before it counts", async (t) => {
  const asked = [];
  const real = IDBDatabase.prototype.transaction;
  t.after(() => { IDBDatabase.prototype.transaction = real; });
  IDBDatabase.prototype.transaction = function (names, mode, how) {
    if (mode === "readwrite") asked.push(how?.durability);
    return real.call(this, names, mode, how);
  };
  const app = await loaded();
  await app.act(...note("n-1"));
  await app.addFile({ visit_id: VISIT, blob: new Blob(["one"], { type: "image/jpeg" }) });
  await settled(app);
  await app.signOut();
  assert.ok(asked.length > 8);
  assert.deepEqual(new Set(asked), new Set(["strict"]));
});

test("whose phone it is survives a battery that is pulled at once, and a person who left", async () => {
  let app = await loaded();
  server.fault = () => "before";
  app = await start(server);
  assert.equal(app.held().grant.name, "Mateo Cruz");
  await app.signOut();
  app = await start(server);
  assert.equal(app.held().grant, null);
});

test("a phone on which an app of before kept its person opens as theirs", async () => {
  let app = await loaded();
  server.fault = () => "before";
  kill();
  await new Promise((done) => { indexedDB.deleteDatabase("ontrack-crew").onsuccess = done; });
  localStorage.setItem("ontrack-crew-member", "m-1");
  app = await start(server, { beside: true });
  assert.equal(app.held().grant.name, "Mateo Cruz");
});

test("a lost answer is harmless", async () => {
  const app = await loaded();
  let lose = true;
  server.fault = (what) => (what === "push" && lose ? ((lose = false), "after") : null);
  await app.act(...note("n-1"));
  await settled(app);
  assert.deepEqual([...server.done.values()], [1]);
  assert.equal(app.held().outbox.length, 0);
});

test("an effect stays until the rows have it: nothing flickers between push and pull", async () => {
  const app = await loaded();
  server.fault = (what) => (what === "pull" ? "before" : null);
  await app.act(...note("n-1"));
  await app.syncNow();
  assert.equal(server.done.size, 1);
  assert.equal(app.held().outbox.length, 0, "it is sent");
  assert.ok(app.held().rows.notes["n-1"], "and still shown");
  server.fault = () => null;
  await settled(app);
  assert.ok(app.held().rows.notes["n-1"]);
  assert.equal(app.held().rows.notes["n-1"].fields.mine, undefined, "now it is the server's");
});

test("a refusal waits for its person and blocks nothing", async () => {
  const app = await loaded();
  server.refuses.set("expense.claim", { status: "rejected", code: "invalid", detail: "No such visit." });
  await app.act("expense.claim", { id: "e-1", visit_id: VISIT, title: "Nails" });
  await app.act(...note("n-1"));
  await settled(app);
  assert.equal(app.held().outbox.length, 0);
  const [one] = app.held().attention;
  assert.equal(one.detail, "No such visit.");
  assert.equal(app.held().rows.expenses, undefined);
  server.refuses.clear();
  await app.edit(one.seq, { title: "Roofing nails" });
  await settled(app);
  assert.equal(app.held().attention.length, 0);
  assert.equal(server.done.size, 2);
});

test("giving up needs a reason, and the office reads it", async () => {
  const app = await loaded();
  server.refuses.set("material.use", { status: "rejected", code: "invalid", detail: "No." });
  await app.act("material.use", { id: "m-1", visit_id: VISIT, name: "Hinge" });
  await settled(app);
  const [one] = app.held().attention;
  await assert.rejects(app.discard(one.seq, " "), /Say why/);
  await app.discard(one.seq, "Was the wrong house");
  await settled(app);
  assert.equal(app.held().attention.length, 0);
  const texts = [...server.rows.values()].map((row) => row.fields.text ?? "");
  assert.ok(texts.some((text) => text.includes("Was the wrong house")));
});

test("one that the server cannot read is put aside and the others go on", async () => {
  const app = await loaded();
  server.fault = () => "before";
  for (let at = 0; at < 9; at++) await app.act(...note(`n-${at}`));
  await app.act("note.add", { id: "bad", visit_id: VISIT, text: "x", unreadable: true });
  for (let at = 10; at < 15; at++) await app.act(...note(`n-${at}`));
  server.fault = () => null;
  await settled(app);
  assert.equal(server.done.size, 14);
  assert.equal(app.held().attention.length, 1);
  assert.equal(app.held().attention[0].why, "unreadable");
});

test("a signed-off session keeps everything and asks to sign in", async () => {
  const app = await loaded();
  server.fault = () => 401;
  await app.act(...note("n-1"));
  await app.syncNow();
  assert.equal(app.held().trouble, "sign_in");
  assert.equal(app.held().outbox.length, 1);
  server.fault = () => null;
  await settled(app);
  assert.equal(app.held().trouble, "");
  assert.equal(server.done.size, 1);
});

test("a revoked phone brings its work first, then holds nothing", async () => {
  const app = await loaded();
  server.fault = () => "before";
  for (let at = 0; at < 20; at++) await app.act(...note(`n-${at}`));
  server.fault = () => null;
  server.status = "wipe";
  await settled(app);
  assert.equal(app.held().trouble, "wiped");
  assert.deepEqual(app.held().rows, {});
  assert.equal([...server.devices.values()][0].stored.size, 20);
  assert.equal(app.held().attention.length, 0);
  assert.equal(app.held().outbox.length, 0);
});

test("a copied or restored store becomes another device, and nothing is done twice", async () => {
  const app = await loaded();
  server.fault = (what) => (what === "push" ? "after" : null);
  await app.act(...note("n-1"));
  await app.syncNow();
  const [device] = server.devices.values();
  device.stored.get(1).said = "something else";
  server.fault = () => null;
  await app.act(...note("n-2"));
  await settled(app);
  assert.equal(server.devices.size, 2);
  assert.deepEqual([...server.done.values()], [1, 1]);
  assert.equal(app.held().outbox.length, 0);
});

test("a server that lost the newest days is brought them again", async () => {
  const app = await loaded();
  await app.act(...note("n-1"));
  await settled(app);
  server.devices.clear();
  await app.act(...note("n-2"));
  await settled(app);
  assert.equal(server.done.size, 2);
  assert.equal(app.held().outbox.length, 0);
});

test("another person has stores of their own; the first one's work waits for them", async () => {
  let app = await loaded();
  server.fault = () => "before";
  await app.act(...note("n-1"));
  server.fault = () => null;
  const first = server.me;
  server.me = { ...first, member_id: "m-2", name: "Ana" };
  app = await start(server);
  await settled(app);
  assert.equal(app.held().grant.name, "Ana");
  assert.equal(app.held().outbox.length, 0);
  assert.equal(server.done.size, 0);
  server.me = first;
  app = await start(server);
  await settled(app);
  assert.equal(app.held().grant.name, "Mateo Cruz");
  assert.equal(server.done.size, 1);
});

test("a reset loads everything anew, with what waits on top", async () => {
  const app = await loaded();
  server.drop("visits", VISIT);
  server.put("visits", "v-2", { title: "Roof", stage: "scheduled" });
  server.forgotten = server.n;
  server.changes = [];
  server.n += 1;
  await settled(app);
  assert.deepEqual(Object.keys(app.held().rows.visits), ["v-2"]);
});

test("two tabs: numbers without a hole, each sees what the other did", async () => {
  const first = await loaded();
  const second = await start(server, { beside: true });
  server.fault = () => "before";
  await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 ? first : second).act(...note(`n-${at}`))));
  server.fault = () => null;
  await settled(first);
  await settled(second);
  assert.equal(server.done.size, 10);
  assert.deepEqual([...server.devices.values()].at(0).last, 10);
});

test("a full phone says so, and nothing is half written", async () => {
  const app = await loaded();
  const real = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
  try {
    await assert.rejects(app.act(...note("n-1")), /full/);
  } finally {
    IDBObjectStore.prototype.add = real;
  }
  assert.equal(app.held().trouble, "storage_full");
  await app.act(...note("n-2"));
  await settled(app);
  assert.equal(server.done.size, 1);
});

test("photos come through in parts, whatever is cut, and go when the server has them", async () => {
  const app = await loaded();
  const bytes = new Uint8Array(900_000).map((_, at) => (at * 31) % 251);
  let call = 0;
  server.fault = (what) => (what.endsWith("upload") && ++call % 3 === 0 ? (call % 2 ? "after" : "before") : null);
  const file = await app.addFile({ visit_id: VISIT, blob: new Blob([bytes], { type: "image/heic" }), phase: "before" });
  for (let tries = 0; tries < 60 && app.held().files[file.id].state !== "stored"; tries++) {
    await app.syncNow();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(app.held().files[file.id].state, "stored");
  const upload = server.uploads.get(file.id);
  assert.ok(upload.bytes.equals(Buffer.from(bytes)));
  assert.equal(upload.told.phase, "before");
  assert.equal(upload.told.row_id, VISIT);
});

test("a refused photo waits for its person and keeps its bytes", async () => {
  const app = await loaded();
  server.fault = (what) => (what === "POST upload" ? 413 : null);
  const file = await app.addFile({ visit_id: VISIT, blob: new Blob(["x"], { type: "image/png" }) });
  await settled(app);
  assert.equal(app.held().files[file.id].state, "refused");
  server.fault = () => null;
  await app.retryFile(file.id);
  await settled(app);
  assert.equal(app.held().files[file.id].state, "stored");
});

test("a note on the gate says whose words its writer saw", async () => {
  const app = await loaded();
  server.fault = () => "before";
  const first = await app.act("property.access_notes", { property_id: "p-1", text: "Key under the pot" });
  const second = await app.act("property.access_notes", { property_id: "p-1", text: "Key is gone" });
  assert.deepEqual(first.base, { access_notes: "w-1" });
  assert.deepEqual(second.base, { access_notes: first.id });
});

test("a clock that is off is measured, and what happened is put right", async () => {
  server.skew_ms = -2 * 365 * 86_400_000;
  const app = await loaded();
  assert.equal(app.held().skewed, true);
  assert.equal(app.held().expired, false);
  const made = await app.act(...note("n-1"));
  assert.ok(Math.abs(made.offset_ms + server.skew_ms) < 5000);
});

test("signing out says what would stay behind, and wipes what was all sent", async () => {
  const app = await loaded();
  server.fault = () => "before";
  await app.act(...note("n-1"));
  assert.deepEqual(await app.signOut(), { unsent: 1 });
  server.fault = () => null;
  await settled(app);
  assert.deepEqual(await app.signOut(), { unsent: 0 });
  assert.deepEqual(app.held().rows, {});
  const next = await start(server);
  server.fault = () => 401;
  assert.deepEqual(next.held().rows, {});
});

test("a session that ended keeps everything until its person is back", async () => {
  const app = await loaded();
  server.lets = "out";
  await app.act(...note("n-1"));
  await app.syncNow();
  assert.equal(app.held().trouble, "sign_in");
  assert.equal(app.held().outbox.length, 1);
  server.lets = "in";
  await settled(app);
  assert.deepEqual([...server.done.values()], [1]);
});

test("the phone of somebody who was let go hands its work in and forgets what may be read", async () => {
  const app = await loaded();
  server.fault = () => "before";
  await app.act(...note("n-1"));
  server.fault = () => null;
  server.lets = "go";
  await app.syncNow();
  assert.equal(app.held().trouble, "wiped");
  assert.deepEqual(app.held().rows, {});
  assert.equal(app.held().outbox.length, 0);
  assert.equal(server.done.size, 0, "it waits for the office");
  assert.equal([...server.devices.values()][0].last, 1, "which has it");
});

test("photos of a person who was let go come too, and go on where they broke off", async () => {
  const app = await loaded();
  server.fault = () => "before";
  const photo = await app.addFile({ visit_id: VISIT, blob: new Blob(["roof"], { type: "image/jpeg" }), name: "roof.jpg" });
  server.lets = "go";
  server.fault = (what) => (what === "PATCH upload" ? "before" : null);
  await app.syncNow();
  assert.deepEqual(app.held().rows, {});
  assert.equal(app.held().files[photo.id].state, "phone", "its bytes are nowhere else");
  server.fault = () => null;
  await app.syncNow();
  assert.equal(server.uploads.get(photo.id).stored, true);
  assert.deepEqual(app.held().files, {});
  assert.equal(app.held().trouble, "wiped");
});

test("a phone that was signed off brings its photos too, and keeps what does not get through", async () => {
  const app = await loaded();
  server.fault = () => "before";
  const photo = await app.addFile({ visit_id: VISIT, blob: new Blob(["roof"], { type: "image/jpeg" }), name: "roof.jpg" });
  await app.syncNow();
  server.status = "wipe";
  server.fault = (what) => (what === "PATCH upload" ? "before" : null);
  await app.syncNow();
  assert.deepEqual(app.held().rows, {});
  assert.equal(app.held().files[photo.id].state, "phone", "its bytes are nowhere else");
  server.fault = () => null;
  await app.syncNow();
  assert.equal(server.uploads.get(photo.id).stored, true);
  assert.deepEqual(app.held().files, {});
  assert.equal(app.held().trouble, "wiped");
});

test("a phone that was signed off and found again is a new one once its person signs out and in", async () => {
  const app = await loaded();
  const [lost] = server.devices.keys();
  server.status = "wipe";
  await settled(app);
  assert.deepEqual(await app.signOut(), { unsent: 0 });
  server.status = "ok";
  const again = await start(server);
  await settled(again);
  const [, found] = server.devices.keys();
  assert.ok(found && found !== lost);
  assert.equal(again.held().trouble, "");
  assert.ok(again.held().rows.visits[VISIT]);
});
