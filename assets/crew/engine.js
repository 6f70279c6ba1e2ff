// @ts-check
/** The one door of the crew's screens: what this phone holds, what can be done on it, and when it talks to the server. */
import { Away, Refused, call } from "./api.js";
import { putRight, reading } from "./clock.js";
import { isFull } from "./db.js";
import { shown } from "./effects.js";
import { newId, sha256, toHex } from "./ids.js";
import { forgetOwner, keepOwner, owner } from "./owner.js";
import { SCHEMA, openPhone } from "./phone.js";
import { version } from "./install.js";
import { forgetPicture, picture, shownPicture, thumbnail } from "./photos.js";
import { meet, pull, push, waiting } from "./sync.js";
import { alone, line } from "./tabs.js";
import { upload } from "./uploads.js";

/** @typedef {import("./types.js").Held} Held */
/** @typedef {import("./types.js").Mutation} Mutation */
/** @typedef {import("./types.js").HeldFile} HeldFile */
/** @typedef {import("./phone.js").Phone} Phone */

const EVERY_MS = 60_000;
const FIRST_MS = 1000;
const LONGEST_MS = 300_000;
const LONGEST_UNHEARD_MS = 20_000; // without a signal a try reaches nobody, and the browser may not say when there is one
const SKEW_MS = 120_000;

/** @type {Held} */
export const NOTHING = Object.freeze({
  ready: false, rows: {}, outbox: [], attention: [], files: {}, grant: null, tenant: null, expired: false, online: false, doing: "idle",
  trouble: "", contact_at: "", offset_ms: 0, skewed: false, persisted: null, update: false, version: "",
});
/** @type {Phone | null} */ let phone = null;
/** @type {Held} */ let now = NOTHING;
/** @type {Promise<void> | null} */ let opening = null;
/** @type {Set<() => void>} */ const listeners = new Set();
/** @type {Pick<Held, "online" | "doing" | "trouble" | "persisted" | "update" | "version">} */
let state = { online: false, doing: "idle", trouble: "", persisted: null, update: false, version: "" };
let failures = 0;
/** @type {any} */ let timer = null;
let again = false;
let closed = false;
/** @type {Promise<void> | null} */ let running = null;
/** @type {any} */ let ticking = null;
/** @type {(member_id: string) => void} */ let tell = () => {};

/** What this phone holds; the same object until something changes. */
export function held() {
  return now;
}

/** @param {() => void} listener @returns {() => void} */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens the stores of the person this phone is of, and starts to sync. More calls change nothing. */
export function open() {
  opening ??= start();
  return opening;
}

async function start() {
  tell = line(async (member_id) => {
    if (closed || phone?.member_id !== member_id) return;
    try {
      const { contact_at } = phone.meta;
      await phone.reload();
      if (phone.meta.contact_at !== contact_at) reachedElsewhere();
      else draw();
    } catch { /* the stores were closed meanwhile: whoever opens them reads them */ }
  });
  try {
    const who = await owner();
    if (who) phone = await openPhone(who, newId());
  } catch (error) {
    state.trouble = isFull(error) ? "storage_full" : "storage_blocked";
  }
  state.persisted = (await navigator.storage?.persisted?.()) ?? null;
  if (state.persisted === false) navigator.storage.persist().then((kept) => draw({ persisted: kept }), () => {});
  draw();
  const installed = () => void version().then((found) => draw({ version: found }));
  installed();
  navigator.serviceWorker?.addEventListener("controllerchange", installed);
  addEventListener("online", () => void syncNow());
  addEventListener("offline", () => draw({ online: false }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) void syncNow(); });
  ticking = setInterval(() => { if (!document.hidden && state.doing === "idle") void syncNow(); }, EVERY_MS);
  void syncNow();
}

/** Another tab has spoken with the server: this one need not wait until its own next try. */
function reachedElsewhere() {
  failures = 0;
  clearTimeout(timer);
  draw(state.doing === "backoff" ? { online: true, doing: "idle", trouble: "" } : { online: true });
}

/** Draws the next picture and tells the screens. @param {Partial<typeof state>} [more] */
function draw(more = {}) {
  state = { ...state, ...more };
  const grant = phone?.meta.grant ?? null;
  const offset_ms = phone?.meta.offset_ms ?? 0;
  const expired = grant !== null && putRight(offset_ms) > Date.parse(grant.until);
  now = Object.freeze({
    ...state,
    ready: phone !== null || opening !== null,
    rows: phone && grant && !expired ? shown(phone.rows, phone.outbox, grant.name) : {},
    outbox: phone?.unsent() ?? [],
    attention: phone?.attention ?? [],
    files: phone ? Object.fromEntries(Object.values(phone.files).map((one) => [one.id, pictured(one)])) : {},
    grant, tenant: phone?.meta.tenant ?? null, expired, offset_ms,
    contact_at: phone?.meta.contact_at ?? "",
    skewed: Math.abs(offset_ms) >= SKEW_MS,
  });
  for (const listener of listeners) listener();
}

/** @param {import("./phone.js").KeptFile} file @returns {HeldFile} */
function pictured({ thumb, tries: _tries, ...file }) {
  if (thumb) return { ...file, picture: picture(file.id, thumb, "image/jpeg") };
  const known = shownPicture(file.id);
  if (known) return { ...file, picture: known };
  return file.state === "stored" ? { ...file, picture: `/files/${file.id}?variant=thumbnail` } : file;
}

/** @returns {Phone} */
function here() {
  if (!phone) throw new Error("This phone has not been signed in yet. Connect once, then it works without a signal.");
  return phone;
}

/** Writes things down that were done, all or none; resolves when they are saved on this phone.
 * @param {{kind: string, args: Record<string, any>, base?: Record<string, string | null>}[]} done
 * @param {string} [settles] the attention entry that this decides
 * @returns {Promise<Mutation[]>} */
export async function actAll(done, settles = "") {
  const mine = here();
  const made = done.map(({ kind, args, base }) => ({
    id: newId(), kind, ...reading(), offset_ms: mine.meta.offset_ms, schema: SCHEMA, args, base: base ?? seen(kind, args),
  }));
  try {
    const kept = await mine.enqueue(made, settles);
    changed();
    void syncNow();
    return kept;
  } catch (error) {
    throw saving(error);
  }
}

/** @param {string} kind @param {Record<string, any>} args @param {{base?: Record<string, string | null>}} [more] @returns {Promise<Mutation>} */
export async function act(kind, args, { base } = {}) {
  return (await actAll([{ kind, args, base }]))[0];
}

/** The kinds of mutation that write a plain value, and where that value stands. @type {Record<string, [string, string, string]>} */
const PLAIN = { "property.access_notes": ["properties", "property_id", "access_notes"], "contact.phone": ["contacts", "contact_id", "phone"] };

/** Which value of a field the person saw, for a mutation that writes a plain value.
 * @param {string} kind @param {Record<string, any>} args @returns {Record<string, string | null>} */
function seen(kind, args) {
  if (!(kind in PLAIN)) return {};
  const [noun, key, field] = PLAIN[kind];
  return { [field]: now.rows[noun]?.[args[key]]?.writers[field] ?? null };
}

/** Keeps a photo on this phone and sends it when there is a signal.
 * @param {{visit_id: string, blob: Blob, kind?: HeldFile["kind"], phase?: HeldFile["phase"], name?: string}} given
 * @returns {Promise<HeldFile>} */
export async function addFile({ visit_id, blob, kind = "photo", phase = "", name = "" }) {
  const mine = here();
  const small = thumbnail(blob); // drawn while the bytes are hashed and saved: it is to be seen at once
  const bytes = await blob.arrayBuffer();
  const id = newId();
  /** @type {import("./phone.js").KeptFile} */
  const file = {
    id, visit_id, kind, phase, type: blob.type, size: bytes.byteLength, sent: 0, state: "phone",
    name: name || `photo-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.jpg`,
    sha256: toHex(await sha256(bytes)),
    taken_at: new Date(putRight(mine.meta.offset_ms ?? 0)).toISOString(),
  };
  try {
    await mine.keepFile(file, bytes);
  } catch (error) {
    throw saving(error);
  }
  changed();
  void small.then(async (thumb) => {
    if (thumb) picture(id, thumb, "image/jpeg");
    else if (blob.type.startsWith("image/")) picture(id, blob, blob.type);
    changed();
    if (thumb) await mine.noteFile(id, { thumb });
  }).catch(() => {}).finally(() => void syncNow());
  return pictured(file);
}

/** @param {any} error */
function saving(error) {
  if (!isFull(error)) return error instanceof Error ? error : new Error("This phone could not save it. Nothing was changed.");
  draw({ trouble: "storage_full" });
  return new Error("This phone is full, so it was not saved. Make room (photos, apps), then do it again.");
}

/** The attention entry of a mutation's number. @param {number} seq */
function entry(seq) {
  const found = here().attention.find((one) => one.seq === seq);
  if (!found) throw new Error("That was decided already.");
  return found;
}

/** Tries a refused thing again as it was. @param {number} seq */
export async function retry(seq) {
  const { mutation, key } = entry(seq);
  if (mutation) await actAll([{ kind: mutation.kind, args: mutation.args }], key);
}

/** Does a refused thing with other words or values. @param {number} seq @param {Record<string, any>} args */
export async function edit(seq, args) {
  const { mutation, key } = entry(seq);
  if (mutation) await actAll([{ kind: mutation.kind, args: { ...mutation.args, ...args } }], key);
}

/** Gives a refused thing up; the office reads what it was and why. A reason is needed.
 * @param {number} seq @param {string} reason */
export async function discard(seq, reason) {
  const { mutation, key, why } = entry(seq);
  const visit_id = mutation?.args.visit_id;
  if (why === "parked" || !visit_id) {
    await here().forget(key);
    changed();
    return;
  }
  if (!reason.trim()) throw new Error("Say why: the office reads it.");
  const text = `Given up on the phone (${mutation.kind}): ${reason.trim()}${mutation.args.text ? `\n${mutation.args.text}` : ""}`.slice(0, 4000);
  await actAll([{ kind: "note.add", args: { id: newId(), visit_id, text } }], key);
}

/** @param {string} id */
export async function retryFile(id) {
  await here().noteFile(id, { state: "phone", detail: undefined });
  changed();
  void syncNow();
}

/** Gives a photo up that was refused. @param {string} id @param {string} reason */
export async function discardFile(id, reason) {
  const file = here().files[id];
  if (!file) return;
  if (!reason.trim()) throw new Error("Say why: the office reads it.");
  await actAll([{ kind: "note.add", args: { id: newId(), visit_id: file.visit_id, text: `Photo “${file.name}” was given up on the phone: ${reason.trim()}` } }]);
  await here().dropFile(id);
  forgetPicture(id);
  changed();
}

function changed() {
  draw();
  if (phone) tell(phone.member_id);
}

/** Talks to the server now; where that is under way already, once more at its end. Resolves when it is over, however it ended. */
export function syncNow() {
  again = true;
  running ??= whole().finally(() => { running = null; });
  return running;
}

async function whole() {
  clearTimeout(timer);
  draw({ doing: "syncing" });
  try {
    await alone("ontrack-crew-sync", async () => {
      await phone?.reload(); // another tab may have been at it
      for (again = true; again && !closed; ) {
        again = false;
        await once();
      }
    });
    failures = 0;
    draw({ doing: "idle" });
  } catch (error) {
    if (!closed) failed(error);
  }
}

async function once() {
  let met;
  try {
    met = await meet(phone);
  } catch (error) {
    if (await handedIn(error)) return;
    throw error;
  }
  if (met.phone && met.phone !== phone) {
    await keepOwner(met.phone.member_id);
    phone = met.phone;
  }
  const { status, grant, clock_offset_ms, server_time } = met.said;
  if (!phone) return draw({ online: true, trouble: "wiped" });
  await phone.remember({ contact_at: server_time, offset_ms: clock_offset_ms, ...(grant ? { grant } : {}), ...(met.said.hand_in ? { hand_in: met.said.hand_in } : {}) });
  draw({ online: true, trouble: status === "upgrade" ? "upgrade" : "" });
  await push(phone, changed);
  if (status === "wipe") return emptied(phone);
  await pull(phone, changed);
  if (!(await upload(phone, changed))) later(FIRST_MS * 3);
  changed();
}

/** Empties this phone of what may be read; photos are facts and come all the same, whoever may read what is here.
 * @param {Phone} left @param {{hand_in?: string}} [more] @throws {Away | Refused} */
async function emptied(left, more = {}) {
  await left.wipe();
  draw({ online: true, trouble: "wiped" });
  if (!(await upload(left, changed, more))) later(FIRST_MS * 3);
  await left.wipe();
  changed();
}

/** Nobody is signed in. Where its person was let go, the server keeps this phone's work for the office all the same, and the
 * phone is emptied of what may be read; where they can sign in it says so, and everything stays.
 * @param {any} error @returns {Promise<boolean>} whether it was taken */
async function handedIn(error) {
  const hand_in = phone?.meta.hand_in;
  if (!(error instanceof Refused) || error.status !== 401 || !phone || !hand_in) return false;
  try {
    await call("/push", { device_id: phone.meta.device_id, schema: SCHEMA, mutations: [], hand_in });
    await push(phone, changed, { hand_in });
    await emptied(phone, { hand_in });
  } catch (refused) {
    if (refused instanceof Refused) return false;
    throw refused;
  }
  return true;
}

/** @param {number} ms */
function later(ms) {
  clearTimeout(timer);
  if (closed) return;
  timer = setTimeout(() => void syncNow(), ms);
  timer?.unref?.();
}

/** Whatever went wrong, everything stays where it is. @param {any} error */
function failed(error) {
  failures += 1;
  const longest = error instanceof Away && !error.reached ? LONGEST_UNHEARD_MS : LONGEST_MS;
  const wait = Math.min(longest, FIRST_MS * 2 ** Math.min(failures - 1, 9)) * (0.5 + Math.random());
  if (error instanceof Refused) draw({ doing: "idle", online: true, trouble: error.status === 401 ? "sign_in" : "server" });
  else if (error instanceof Away) draw({ doing: "backoff", online: error.reached, trouble: error.reached ? "server" : "offline" });
  else draw({ doing: "backoff", trouble: isFull(error) ? "storage_full" : "server" });
  if (!(error instanceof Refused && error.status === 401)) later(wait);
}

/** How much would be lost, or 0 and this phone forgets its person. `anyway` after the person said so.
 * @param {{anyway?: boolean}} [how] @returns {Promise<{unsent: number}>} */
export async function signOut({ anyway = false } = {}) {
  if (!phone) return { unsent: 0 };
  await phone.reload();
  const unsent = waiting(phone);
  if (unsent > 0 && !anyway) return { unsent };
  if (unsent === 0) await phone.empty(); // what is not sent stays in its person's own stores until they are back
  await forgetOwner();
  phone.db.close();
  phone = null;
  draw();
  return { unsent: 0 };
}

/** Ends this page's part: nothing is sent or drawn by it any more. What is kept stays. */
export function close() {
  closed = true;
  clearTimeout(timer);
  clearInterval(ticking);
  phone?.db.close();
  listeners.clear();
}

/** A newer app is installed and waits. @param {boolean} update */
export function setUpdate(update) {
  draw({ update });
}
