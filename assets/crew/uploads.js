// @ts-check
/** The only home of which photos of this phone are sent, and when one may go: bytes go when the server says it has them all. */
import { Away, Refused } from "./api.js";
import { begin, sendRest } from "./tus.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./phone.js").KeptFile} KeptFile */

/** Sends every photo that waits, the oldest first; one that is refused waits for its person and blocks no other.
 * @param {Phone} phone
 * @param {() => void} changed
 * @param {{hand_in?: string}} [more] the key for a phone on which nobody can sign in any more
 * @returns {Promise<boolean>} whether all of them are stored
 * @throws {Away | Refused} no signal; 401 */
export async function upload(phone, changed, { hand_in } = {}) {
  /** @type {Record<string, string>} */
  const proof = hand_in ? { "X-OnTrack-Hand-In": hand_in, "X-OnTrack-Device": phone.meta.device_id } : {};
  let all = true;
  const waiting = Object.values(phone.files).filter((one) => one.state === "phone" || one.state === "sending");
  for (const file of waiting.sort((a, b) => (a.taken_at < b.taken_at ? -1 : 1))) {
    try {
      all = (await sendOne(phone, file, changed, proof)) && all;
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) throw error;
      await phone.noteFile(file.id, { state: "refused", detail: error.message });
      changed();
    }
  }
  return all;
}

/** @param {Phone} phone @param {KeptFile} file @param {() => void} changed @param {Record<string, string>} proof */
async function sendOne(phone, file, changed, proof) {
  const bytes = await phone.bytes(file.id);
  if (!bytes) {
    await phone.noteFile(file.id, { state: "refused", detail: "This phone no longer has the bytes of it." });
    return true;
  }
  const stands = await sendRest(file.id, bytes, () => announce(file, proof), async (offset) => {
    await phone.noteFile(file.id, { state: "sending", sent: offset });
    changed();
  }, proof);
  if (stands.stored) await phone.noteFile(file.id, { state: "stored", sent: bytes.byteLength }, { drop: true });
  changed();
  return stands.stored;
}

/** @param {KeptFile} file @param {Record<string, string>} proof */
function announce(file, proof) {
  const told = {
    id: file.id, noun: "visits", row_id: file.visit_id, filename: file.name, sha256: file.sha256, kind: file.kind,
    phase: file.phase, taken_at: file.taken_at,
  };
  return begin(told, file.size, proof);
}
