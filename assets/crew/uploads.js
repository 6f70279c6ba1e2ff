// @ts-check
/** The only home of sending photos: tus 1.0 in parts with a checksum each. Bytes go when the server says it has them all. */
import { Away, Refused, send } from "./api.js";
import { base64, sha256 } from "./ids.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./phone.js").KeptFile} KeptFile */

const TUS = { "Tus-Resumable": "1.0.0" };
const SMALL = 256 * 1024;
const LARGE = 1024 * 1024;
const SLOW_MS = 4000;
const TRIES = 5;

/** Sends every photo that waits, the oldest first; one that is refused waits for its person and blocks no other.
 * @param {Phone} phone
 * @param {() => void} changed
 * @returns {Promise<boolean>} whether all of them are stored
 * @throws {Away | Refused} no signal; 401 */
export async function upload(phone, changed) {
  let all = true;
  const waiting = Object.values(phone.files).filter((one) => one.state === "phone" || one.state === "sending");
  for (const file of waiting.sort((a, b) => (a.taken_at < b.taken_at ? -1 : 1))) {
    try {
      all = (await sendOne(phone, file, changed)) && all;
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error;
      await phone.noteFile(file.id, { state: "refused", detail: error.message });
      changed();
    }
  }
  return all;
}

/** @param {Phone} phone @param {KeptFile} file @param {() => void} changed */
async function sendOne(phone, file, changed) {
  const bytes = await phone.bytes(file.id);
  if (!bytes) {
    await phone.noteFile(file.id, { state: "refused", detail: "This phone no longer has the bytes of it." });
    return true;
  }
  let stands = (await ask(file.id)) ?? (await begin(file));
  let part = SMALL;
  for (let tries = 0; stands.offset < bytes.byteLength && tries < TRIES; ) {
    const began = performance.now();
    const piece = bytes.slice(stands.offset, stands.offset + part);
    const next = await patch(file.id, stands.offset, piece);
    tries = next === null || next <= stands.offset ? tries + 1 : 0;
    stands = next === null ? ((await ask(file.id)) ?? (await begin(file))) : { ...stands, offset: next };
    part = performance.now() - began < SLOW_MS ? Math.min(LARGE, part * 2) : SMALL;
    await phone.noteFile(file.id, { state: "sending", sent: stands.offset });
    changed();
  }
  if (stands.offset < bytes.byteLength) throw new Away("The photo does not get through.", true);
  stands = (await ask(file.id)) ?? stands;
  if (stands.stage === "infected" || stands.stage === "failed") throw new Refused(422, "The server does not take this file.");
  if (stands.stored) await phone.noteFile(file.id, { state: "stored", sent: bytes.byteLength }, { drop: true });
  changed();
  return stands.stored;
}

/** Where an upload stands; null where the server knows none.
 * @param {string} id
 * @returns {Promise<{offset: number, stored: boolean, stage: string} | null>} */
async function ask(id) {
  const answer = await send(`/uploads/${id}`, { method: "HEAD", headers: TUS });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Refused(answer.status, words(answer.status));
  return {
    offset: Number(answer.headers.get("Upload-Offset") ?? 0),
    stored: answer.headers.get("X-OnTrack-Stored") === "1",
    stage: answer.headers.get("X-OnTrack-Stage") ?? "",
  };
}

/** @param {KeptFile} file */
async function begin(file) {
  const told = {
    id: file.id, noun: "visits", row_id: file.visit_id, filename: file.name, sha256: file.sha256, kind: file.kind,
    phase: file.phase, taken_at: file.taken_at,
  };
  const metadata = Object.entries(told)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`)
    .join(",");
  const headers = { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": metadata };
  const answer = await send("/uploads", { method: "POST", headers });
  if (!answer.ok) throw new Refused(answer.status, await said(answer));
  return { offset: Number(answer.headers.get("Upload-Offset") ?? 0), stored: false, stage: "uploading" };
}

/** Sends one part; null where the server stands elsewhere or the part came broken, so that one has to ask.
 * @param {string} id @param {number} offset @param {ArrayBuffer} piece
 * @returns {Promise<number | null>} */
async function patch(id, offset, piece) {
  const headers = {
    ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset),
    "Upload-Checksum": `sha256 ${base64(await sha256(piece))}`,
  };
  const answer = await send(`/uploads/${id}`, { method: "PATCH", headers, body: piece }, 120_000);
  if ([404, 409, 423, 460].includes(answer.status)) return null;
  if (!answer.ok) throw new Refused(answer.status, await said(answer));
  return Number(answer.headers.get("Upload-Offset") ?? 0);
}

/** @param {Response} answer */
async function said(answer) {
  const body = await answer.json().catch(() => ({}));
  return body.detail || words(answer.status);
}

/** @param {number} status */
function words(status) {
  return status === 410 ? "The server gave this photo up or it was taken back." : `The server answered ${status}.`;
}
