// @ts-check
/** The only home of the order of a sync: hello, push, pull (docs/OFFLINE.md). Every step may be cut off at any point. */
import { Refused, call } from "./api.js";
import { newId } from "./ids.js";
import { version } from "./install.js";
import { SCHEMA, openPhone } from "./phone.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./types.js").Waiting} Waiting */
/** @typedef {"" | "sign_in" | "upgrade" | "wiped" | "server"} Trouble */

const MOST = 100;
const MOST_BYTES = 240 * 1024; // the server takes 256 KB, envelope included
const PAGE = 500;
const ME = "/api/v1/me";

/** What is told of this phone. @returns {Promise<Record<string, boolean | number | null>>} */
async function storage() {
  const told = navigator.storage;
  const room = told?.estimate ? await told.estimate() : {};
  const persisted = told?.persisted ? await told.persisted() : null;
  return { persisted, usage: room.usage ?? null, quota: room.quota ?? null };
}

/** @param {string} device_id @param {number} count of what waits */
async function hello(device_id, count) {
  const told = { device_id, app_version: await version(), schema: SCHEMA, storage: await storage(), waiting: count };
  const clock = { now: new Date().toISOString(), tz: Intl.DateTimeFormat().resolvedOptions().timeZone || "" }; // read last: it is compared
  return call("/hello", { ...told, clock });
}

/** Finds out whose phone it is now, by asking the server; a person who is new here gets stores of their own.
 * @param {Phone | null} phone the stores that are open
 * @returns {Promise<{phone: Phone | null, said: any}>} no phone where nobody is signed in who works on visits
 * @throws {import("./api.js").Away | Refused} */
export async function meet(phone) {
  if (phone?.meta.tenant) {
    try {
      return { phone, said: await hello(phone.meta.device_id, waiting(phone)) };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
    }
  }
  const me = await call(ME); // a first time, or another person than before
  if (!me.member_id) return { phone: null, said: { status: "wipe" } };
  const theirs = phone && phone.member_id === me.member_id ? phone : await openPhone(me.member_id, newId());
  if (theirs === phone && phone.meta.tenant) await theirs.becomeNewDevice(); // known as another person's: a copied store
  const { name, timezone, locale } = me.tenant;
  await theirs.remember({ tenant: { name, timezone, locale } });
  return { phone: theirs, said: await hello(theirs.meta.device_id, waiting(theirs)) };
}

/** How much of a person's work the server does not have yet. @param {Phone} phone */
export function waiting(phone) {
  return phone.unsent().length + Object.values(phone.files).filter((one) => one.state !== "stored").length;
}

/** Sends what waits, the oldest first, until nothing does.
 * @param {Phone} phone
 * @param {() => void} changed called after each step that the screen should show
 * @param {{hand_in?: string}} [more] the key for a phone on which nobody can sign in any more
 * @throws {import("./api.js").Away | Refused} */
export async function push(phone, changed, more = {}) {
  let most = MOST;
  for (let fresh = 0; phone.unsent().length > 0; ) {
    const batch = packed(phone.unsent(), most);
    try {
      const said = await call("/push", { device_id: phone.meta.device_id, schema: SCHEMA, mutations: batch.map(bare), ...more });
      if (said.results.length > 0) {
        await phone.settle(said.results);
        most = Math.min(MOST, most * 2);
      } else if (fresh++ > 1) {
        throw new Refused(409, "The server and this phone do not agree on what was sent.");
      } else {
        await phone.becomeNewDevice(); // the server counts elsewhere: it was restored, or this store was
        await meet(phone);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 409 && fresh++ < 2) {
        await phone.becomeNewDevice();
        await meet(phone);
      } else if ((error.status === 413 || error.status === 422) && batch.length > 1) {
        most = Math.ceil(batch.length / 2);
      } else if (error.status === 413 || error.status === 422) {
        await phone.setAside(batch[0], error.message);
        most = MOST;
      } else throw error;
    }
    changed();
  }
}

/** @param {Waiting} entry */
function bare({ result: _result, ...mutation }) {
  return mutation;
}

/** @param {Waiting[]} waiting @param {number} most */
function packed(waiting, most) {
  let bytes = 0;
  const fits = waiting.slice(0, most).filter((one) => (bytes += new TextEncoder().encode(JSON.stringify(one)).length + 1) <= MOST_BYTES);
  return fits.length > 0 ? fits : waiting.slice(0, 1);
}

/** Fetches what changed, or everything where the server says so.
 * @param {Phone} phone @param {() => void} changed
 * @throws {import("./api.js").Away | Refused} */
export async function pull(phone, changed) {
  const over = phone.outbox.filter((one) => one.result).map((one) => one.seq);
  const device = `device_id=${phone.meta.device_id}`;
  for (let more = true; more; ) {
    const cursor = phone.meta.cursor ?? "";
    const said = cursor ? await call(`/pull?${device}&cursor=${encodeURIComponent(cursor)}&limit=${PAGE}`) : { reset: true };
    if (said.reset) {
      const all = await call(`/snapshot?${device}`);
      await phone.takeIn(all.rows, all.next, { replace: true, over });
      more = false;
    } else {
      more = said.more;
      if (said.changes.length || said.next !== cursor || over.length) {
        await phone.takeIn(said.changes, said.next, { over: more ? [] : over });
      }
    }
    changed();
  }
}
