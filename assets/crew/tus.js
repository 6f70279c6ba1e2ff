// @ts-check
/** The only home of tus 1.0 in the browser: one file in parts with a checksum each, taken up where the server stands. */
import { Away, Refused, send } from "./api.js";
import { base64, sha256 } from "./ids.js";

/** @typedef {{offset: number, stored: boolean, stage: string}} Stands where an upload stands on the server */

const TUS = { "Tus-Resumable": "1.0.0" };
const SMALL = 256 * 1024;
const LARGE = 1024 * 1024;
const SLOW_MS = 4000;
const TRIES = 5;

/** Sends what the server does not have yet; says after each part how far it is.
 * @param {string} id
 * @param {ArrayBuffer} bytes
 * @param {() => Promise<Stands>} announce says that the file is coming, where the server does not know it
 * @param {(offset: number) => void | Promise<void>} told
 * @param {Record<string, string>} [more] headers of every call
 * @returns {Promise<Stands>}
 * @throws {Away | Refused} no signal; not taken */
export async function sendRest(id, bytes, announce, told, more = {}) {
  let stands = await announce(); // the same again finds the same upload, however far it is
  let part = SMALL;
  for (let tries = 0; stands.offset < bytes.byteLength && tries < TRIES; ) {
    const began = performance.now();
    const piece = bytes.slice(stands.offset, stands.offset + part);
    const next = await patch(id, stands.offset, piece, more);
    tries = next === null || next <= stands.offset ? tries + 1 : 0;
    stands = next === null ? ((await ask(id, more)) ?? (await announce())) : { ...stands, offset: next };
    part = performance.now() - began < SLOW_MS ? Math.min(LARGE, part * 2) : SMALL;
    await told(stands.offset);
  }
  if (stands.offset < bytes.byteLength) throw new Away("The file does not get through.", true);
  stands = (await ask(id, more)) ?? stands;
  if (stands.stage === "infected" || stands.stage === "failed") throw new Refused(422, "The server does not take this file.");
  return stands;
}

/** Where an upload stands; null where the server knows none.
 * @param {string} id
 * @param {Record<string, string>} more
 * @returns {Promise<Stands | null>} */
async function ask(id, more) {
  const answer = await send(`/uploads/${id}`, { method: "HEAD", headers: { ...TUS, ...more } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Refused(answer.status, words(answer.status));
  return {
    offset: Number(answer.headers.get("Upload-Offset") ?? 0),
    stored: answer.headers.get("X-OnTrack-Stored") === "1",
    stage: answer.headers.get("X-OnTrack-Stage") ?? "",
  };
}

/** Says what is coming. @param {Record<string, string>} told @param {number} size @param {Record<string, string>} [more]
 * @returns {Promise<Stands>} */
export async function begin(told, size, more = {}) {
  const metadata = Object.entries(told)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`)
    .join(",");
  const headers = { ...TUS, ...more, "Upload-Length": String(size), "Upload-Metadata": metadata };
  const answer = await send("/uploads", { method: "POST", headers });
  if (!answer.ok) throw new Refused(answer.status, await said(answer));
  return { offset: Number(answer.headers.get("Upload-Offset") ?? 0), stored: false, stage: "uploading" };
}

/** Sends one part; null where the server stands elsewhere or the part came broken, so that one has to ask.
 * @param {string} id @param {number} offset @param {ArrayBuffer} piece @param {Record<string, string>} more
 * @returns {Promise<number | null>} */
async function patch(id, offset, piece, more) {
  const headers = {
    ...TUS, ...more, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset),
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
  return status === 410 ? "The server gave this file up or it was taken back." : `The server answered ${status}.`;
}
