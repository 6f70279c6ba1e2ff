// @ts-check
/** The only home of one member's stores on this phone: reading them, and each change of them as one transaction. */
import { answer, openDb, readAll, together } from "./db.js";
import { newId } from "./ids.js";

/** @typedef {import("./types.js").Mutation} Mutation */
/** @typedef {import("./types.js").Waiting} Waiting */
/** @typedef {import("./types.js").Attention} Attention */
/** @typedef {import("./types.js").HeldFile} HeldFile */
/** @typedef {import("./types.js").Result} Result */
/** @typedef {Attention & {key: string}} Noted */
/** @typedef {HeldFile & {thumb?: ArrayBuffer, tries?: number}} KeptFile */

export const SCHEMA = 2;
const ALL = ["meta", "rows", "outbox", "attention", "files"];

/** Opens a member's stores; `device_id` is used where they have none yet.
 * @param {string} member_id @param {string} device_id */
export async function openPhone(member_id, device_id) {
  const phone = new Phone(member_id, await openDb(member_id));
  await together(phone.db, ["meta"], async ({ meta }) => {
    if (!(await answer(meta.get("device_id")))) meta.put({ name: "device_id", value: device_id });
  });
  await phone.reload();
  return phone;
}

export class Phone {
  /** @param {string} member_id @param {IDBDatabase} db */
  constructor(member_id, db) {
    this.member_id = member_id;
    this.db = db;
    /** @type {Record<string, any>} */ this.meta = {};
    /** @type {import("./types.js").Rows} */ this.rows = {};
    /** @type {Waiting[]} */ this.outbox = [];
    /** @type {Noted[]} */ this.attention = [];
    /** @type {Record<string, KeptFile>} */ this.files = {};
  }

  /** Reads everything but the photos' bytes, as of one moment. */
  async reload() {
    const all = await readAll(this.db, ALL);
    this.meta = Object.fromEntries(all.meta.map((one) => [one.name, one.value]));
    this.rows = {};
    for (const { kind, id, fields, writers } of all.rows) (this.rows[kind] ??= {})[id] = { fields, writers };
    this.outbox = all.outbox;
    this.attention = all.attention;
    this.files = Object.fromEntries(all.files.map((one) => [one.id, one]));
  }

  /** The entries that still have to be sent, the oldest first. */
  unsent() {
    return this.outbox.filter((one) => !one.result);
  }

  /** @param {Record<string, any>} values */
  async remember(values) {
    await together(this.db, ["meta"], ({ meta }) => {
      for (const [name, value] of Object.entries(values)) meta.put({ name, value });
    });
    Object.assign(this.meta, values);
  }

  /** Writes things down that were done, numbered without a hole across all tabs; takes away what they came from.
   * @param {Omit<Mutation, "seq">[]} done
   * @param {string} [settles] the key of an attention entry that this decides
   * @returns {Promise<Mutation[]>} */
  async enqueue(done, settles = "") {
    const numbered = await together(this.db, ["meta", "outbox", "attention"], async ({ meta, outbox, attention }) => {
      let seq = (await answer(meta.get("next_seq")))?.value ?? 1;
      const made = done.map((one) => ({ ...one, seq: seq++ }));
      for (const one of made) outbox.add(one);
      meta.put({ name: "next_seq", value: seq });
      if (settles) attention.delete(settles);
      return made;
    });
    this.outbox = [...this.outbox, ...numbered];
    this.attention = this.attention.filter((one) => one.key !== settles);
    return numbered;
  }

  /** Keeps what became of entries. A refused one leaves the outbox and waits for its person; all in one transaction.
   * @param {Result[]} results */
  async settle(results) {
    const entries = new Map(this.outbox.map((one) => [one.seq, one]));
    await together(this.db, ["outbox", "attention"], ({ outbox, attention }) => {
      for (const result of results) {
        const entry = entries.get(result.seq);
        if (!entry || entry.result) continue;
        if (result.status === "rejected") outbox.delete(result.seq);
        else outbox.put({ ...entry, result });
        if (result.status === "rejected" || result.status === "parked") attention.put(noted(entry, result.status, result.detail));
      }
    });
    await this.reload();
  }

  /** Puts one aside that the server cannot read, and closes the hole that it leaves in the numbers.
   * @param {Waiting} culprit @param {string} words */
  async setAside(culprit, words) {
    await together(this.db, ["meta", "outbox", "attention"], async ({ meta, outbox, attention }) => {
      attention.put(noted(culprit, "unreadable", words));
      outbox.delete(culprit.seq);
      const later = (await answer(outbox.getAll())).filter((one) => one.seq > culprit.seq);
      for (const one of later) outbox.delete(one.seq);
      for (const one of later) outbox.put({ ...one, seq: one.seq - 1 });
      meta.put({ name: "next_seq", value: (await answer(meta.get("next_seq"))).value - 1 });
    });
    await this.reload();
  }

  /** Starts again as another device: what waits is numbered from 1, under the ids it always had, so nothing is done twice. */
  async becomeNewDevice() {
    const device_id = newId();
    await together(this.db, ["meta", "outbox"], async ({ meta, outbox }) => {
      const all = await answer(outbox.getAll());
      outbox.clear();
      let [seq, known] = [1, -all.length];
      for (const one of all) outbox.put({ ...one, seq: one.result ? known++ : seq++ });
      for (const [name, value] of Object.entries({ device_id, next_seq: seq, cursor: "" })) meta.put({ name, value });
    });
    await this.reload();
  }

  /** Takes in changes and where they end; entries named in `over` are part of the rows now.
   * @param {{kind: string, id: string, op: string, fields: any, writers: any}[]} changes
   * @param {string} cursor @param {{replace?: boolean, over?: number[]}} [how] */
  async takeIn(changes, cursor, { replace = false, over = [] } = {}) {
    await together(this.db, ["meta", "rows", "outbox"], ({ meta, rows, outbox }) => {
      if (replace) rows.clear();
      for (const { kind, id, op, fields, writers } of changes) {
        if (op === "drop") rows.delete([kind, id]);
        else rows.put({ kind, id, fields: fields ?? {}, writers: writers ?? {} });
      }
      for (const seq of over) outbox.delete(seq);
      meta.put({ name: "cursor", value: cursor });
    });
    await this.reload();
  }

  /** @param {string} key */
  async forget(key) {
    await together(this.db, ["attention"], ({ attention }) => { attention.delete(key); });
    this.attention = this.attention.filter((one) => one.key !== key);
  }

  /** Keeps a photo: what is known of it and its bytes, or neither.
   * @param {KeptFile} file @param {ArrayBuffer} bytes */
  async keepFile(file, bytes) {
    await together(this.db, ["files", "blobs"], ({ files, blobs }) => {
      files.put(file);
      blobs.put({ id: file.id, bytes });
    });
    this.files = { ...this.files, [file.id]: file };
  }

  /** Changes what is known of a photo; its bytes go only with `drop`.
   * @param {string} id @param {Partial<KeptFile>} values @param {{drop?: boolean}} [how] */
  async noteFile(id, values, { drop = false } = {}) {
    const kept = await together(this.db, ["files", "blobs"], async ({ files, blobs }) => {
      const known = await answer(files.get(id));
      if (!known) return null;
      files.put({ ...known, ...values });
      if (drop) blobs.delete(id);
      return { ...known, ...values };
    });
    if (kept) this.files = { ...this.files, [id]: kept };
  }

  /** @param {string} id */
  async dropFile(id) {
    await together(this.db, ["files", "blobs"], ({ files, blobs }) => {
      files.delete(id);
      blobs.delete(id);
    });
    const { [id]: _gone, ...rest } = this.files;
    this.files = rest;
  }

  /** @param {string} id @returns {Promise<ArrayBuffer | null>} */
  async bytes(id) {
    return together(this.db, ["blobs"], async ({ blobs }) => (await answer(blobs.get(id)))?.bytes ?? null, "readonly");
  }

  /** Empties what may be read. What was never taken by the server stays: unsent work, photos, and what needs a decision. */
  async wipe() {
    await together(this.db, ["meta", "rows", "outbox", "files", "attention"], async ({ meta, rows, outbox, files, attention }) => {
      rows.clear();
      for (const one of await answer(attention.getAll())) if (one.why === "parked") attention.delete(one.key); // the office has it
      for (const one of await answer(outbox.getAll())) if (one.result) outbox.delete(one.seq);
      for (const one of await answer(files.getAll())) if (one.state === "stored") files.delete(one.id);
      for (const name of ["cursor", "grant"]) meta.delete(name);
    });
    await this.reload();
  }

  /** Empties everything, whatever it is. */
  async empty() {
    await together(this.db, [...ALL, "blobs"], (stores) => {
      for (const store of Object.values(stores)) store.clear();
    });
    await this.reload();
  }
}

/** @param {Waiting} entry @param {Attention["why"]} why @param {string} detail @returns {Noted} */
function noted({ result: _result, ...mutation }, why, detail) {
  return { key: mutation.id, seq: mutation.seq, why, detail, mutation, at: new Date().toISOString() };
}
