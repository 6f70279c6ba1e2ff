// @ts-check
/** The only home of which photos of this phone are sent, and when one may go: bytes go when the server says it has them all. */
import { Away, Refused } from "./api.js";
import { begin, sendRest } from "./tus.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./phone.js").KeptFile} KeptFile */

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
  const stands = await sendRest(file.id, bytes, () => announce(file), async (offset) => {
    await phone.noteFile(file.id, { state: "sending", sent: offset });
    changed();
  });
  if (stands.stored) await phone.noteFile(file.id, { state: "stored", sent: bytes.byteLength }, { drop: true });
  changed();
  return stands.stored;
}

/** @param {KeptFile} file */
function announce(file) {
  const told = {
    id: file.id, noun: "visits", row_id: file.visit_id, filename: file.name, sha256: file.sha256, kind: file.kind,
    phase: file.phase, taken_at: file.taken_at,
  };
  return begin(told, file.size);
}
