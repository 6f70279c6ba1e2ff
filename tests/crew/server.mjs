// The server's side of docs/OFFLINE.md in memory, for tests of the phone's side; `Server.fetch` stands in for the browser's.
import { webcrypto } from "node:crypto";

const MOST = 100;
const MOST_BYTES = 256 * 1024;
const MEMBER = { member_id: "m-1", name: "Mateo Cruz", tenant: { name: "Summit", timezone: "America/Chicago", locale: "en-US" } };

export class Server {
  constructor() {
    this.me = MEMBER;
    this.devices = new Map(); // device id → {member, last, stored: Map(seq → {body, result})}
    this.done = new Map(); // mutation id → how often it was done
    this.order = []; // mutation ids as they were done
    this.rows = new Map(); // "kind id" → {kind, id, fields, writers}
    this.changes = []; // {n, kind, id}
    this.forgotten = 0;
    this.n = 0;
    this.status = "ok";
    this.lets = "in"; // "out": nobody can sign in; "go": and the person was let go
    this.refuses = new Map(); // kind of mutation → {status, code, detail}
    this.unreadable = (mutation) => mutation.args?.unreadable === true;
    this.uploads = new Map();
    this.calls = [];
    this.fault = () => null; // (name) → null | "before" | "after" | a status
    this.skew_ms = 0;
    this.fetch = this.fetch.bind(this);
  }

  put(kind, id, fields, writers = {}) {
    this.rows.set(`${kind} ${id}`, { kind, id, fields, writers });
    this.changes.push({ n: ++this.n, kind, id });
  }

  drop(kind, id) {
    this.rows.delete(`${kind} ${id}`);
    this.changes.push({ n: ++this.n, kind, id });
  }

  async fetch(address, given = {}) {
    const url = new URL(address, "http://phone.test");
    const name = url.pathname.split("/").slice(-1)[0];
    const what = url.pathname.includes("/uploads") ? `${given.method} upload` : name;
    this.calls.push(what);
    const fault = this.fault(what);
    if (fault === "before") throw new TypeError("no network");
    if (typeof fault === "number") return json(fault, { detail: `told to answer ${fault}` });
    const answer = await this.answer(what, url, given);
    if (fault === "after") throw new TypeError("no network");
    return answer;
  }

  async answer(what, url, given) {
    if (given.method === "POST" && given.headers["X-OnTrack-Request"] !== "1") return json(403, {});
    const body = what.endsWith("upload") ? given.body : given.body ? JSON.parse(given.body) : null;
    const key = what === "push" ? body.hand_in : what.endsWith("upload") && this.devices.has(given.headers["X-OnTrack-Device"]) && given.headers["X-OnTrack-Hand-In"];
    if (this.lets !== "in" && !(this.lets === "go" && key === "key")) return json(401, { detail: "Sign in." });
    if (what === "me") return json(200, this.me);
    if (what === "hello") return this.hello(body);
    if (what === "push") return this.push(body, given.body.length);
    if (what === "pull") return this.pull(url.searchParams);
    if (what === "snapshot") return json(200, { rows: this.cards([...this.rows.values()]), next: `${this.n}.a`, n: this.n });
    return this.upload(what, url.pathname.split("/").slice(-1)[0], given, body);
  }

  hello(body) {
    const known = this.devices.get(body.device_id);
    if (known && known.member !== this.me.member_id) return json(404, { detail: "This phone is another person's." });
    if (!known) this.devices.set(body.device_id, { member: this.me.member_id, last: 0, stored: new Map() });
    const grant = this.status === "wipe" ? null : { member_id: this.me.member_id, name: this.me.name, until: new Date(Date.now() + this.skew_ms + 72 * 3.6e6).toISOString() };
    const clock_offset_ms = Date.parse(body.clock.now) - (Date.now() + this.skew_ms);
    return json(200, { status: this.status, grant, server_time: new Date(Date.now() + this.skew_ms).toISOString(), clock_offset_ms, min_schema: 1, schema: 2, last_seq: this.devices.get(body.device_id).last, hand_in: "key" });
  }

  push(body, bytes) {
    if (bytes > MOST_BYTES || body.mutations.length > MOST) return json(413, { detail: "Too much at once." });
    if (body.mutations.some(this.unreadable)) return json(422, { detail: "That is no mutation." });
    const device = this.devices.get(body.device_id);
    if (!device) return json(404, { detail: "Say hello first." });
    const results = [];
    for (const one of body.mutations) {
      if (one.seq > device.last + 1) break;
      const said = JSON.stringify([one.id, one.kind, one.at, one.args, one.base]);
      if (one.seq <= device.last) {
        const old = device.stored.get(one.seq);
        if (old.said !== said) return json(409, { detail: "seq_reuse" });
        results.push(old.result);
        continue;
      }
      const result = { seq: one.seq, code: "", detail: "", conflict_id: null, server: null, ...this.perform(one) };
      device.stored.set(one.seq, { said, result });
      device.last = one.seq;
      results.push(result);
    }
    return json(200, { last_seq: device.last, results, n: this.n });
  }

  perform(one) {
    if (this.status === "wipe" || this.lets === "go") return { status: "parked", code: "revoked", detail: "Kept for the office." };
    if (this.done.has(one.id)) return { status: "duplicate" };
    const refused = this.refuses.get(one.kind);
    if (refused) return refused;
    this.done.set(one.id, (this.done.get(one.id) ?? 0) + 1);
    this.order.push(one.id);
    if (one.kind === "note.add") {
      this.put("notes", one.args.id, { visit_id: one.args.visit_id, text: one.args.text, author_name: this.me.name, created_at: one.at });
    }
    if (one.kind === "visit.move") {
      const row = this.rows.get(`visits ${one.args.visit_id}`);
      const to = { depart: "en_route", arrive: "on_site", pause: "paused", resume: "on_site", finish: "done" }[one.args.move];
      this.put("visits", one.args.visit_id, { ...row.fields, stage: to });
    }
    return { status: "applied" };
  }

  cards(rows) {
    return rows.map((row) => ({ n: this.n, op: "put", ...row }));
  }

  pull(asked) {
    const [since, scope] = (asked.get("cursor") ?? "").split(".");
    if (scope !== "a" || Number(since) < this.forgotten) return json(200, { changes: [], next: "", more: false, reset: true });
    const limit = Number(asked.get("limit"));
    const found = this.changes.filter((one) => one.n > Number(since));
    const page = found.slice(0, limit);
    const more = found.length > limit;
    const changes = page.map(({ n, kind, id }) => {
      const row = this.rows.get(`${kind} ${id}`);
      return row ? { n, op: "put", ...row } : { n, kind, id, op: "drop", fields: null, writers: null };
    });
    return json(200, { changes, next: `${more ? page.at(-1).n : this.n}.a`, more, reset: false });
  }

  async upload(what, id, given, body) {
    if (what === "POST upload") {
      const told = Object.fromEntries(given.headers["Upload-Metadata"].split(",").map((one) => one.split(" ")).map(([name, value]) => [name, Buffer.from(value, "base64").toString()]));
      const known = this.uploads.get(told.id) ?? { told, length: Number(given.headers["Upload-Length"]), bytes: Buffer.alloc(0), stored: false };
      this.uploads.set(told.id, known);
      return json(201, null, { "Upload-Offset": String(known.bytes.length) });
    }
    const known = this.uploads.get(id);
    if (!known) return json(404, {});
    if (what === "HEAD upload") {
      return json(200, null, { "Upload-Offset": String(known.bytes.length), "X-OnTrack-Stored": known.stored ? "1" : "0", "X-OnTrack-Stage": known.stored ? "clean" : "uploading" });
    }
    if (Number(given.headers["Upload-Offset"]) !== known.bytes.length) return json(409, {});
    const hash = Buffer.from(await webcrypto.subtle.digest("SHA-256", body)).toString("base64");
    if (given.headers["Upload-Checksum"] !== `sha256 ${hash}`) return json(460, {});
    known.bytes = Buffer.concat([known.bytes, Buffer.from(body)]);
    if (known.bytes.length === known.length) {
      const whole = Buffer.from(await webcrypto.subtle.digest("SHA-256", known.bytes)).toString("hex");
      if (whole === known.told.sha256) known.stored = true;
      else known.bytes = Buffer.alloc(0);
    }
    return json(204, null, { "Upload-Offset": String(known.bytes.length) });
  }
}

function json(status, body, headers = {}) {
  const empty = body === null || status === 204;
  return new Response(empty ? null : JSON.stringify(body), { status, headers });
}
