// @ts-check
/** The only home of whose phone this is. It is on the disk before anything is saved for that person: localStorage is written
 * seconds later, and a browser that was killed before then opened without its person's day, though all of it was there. */
import { answer, openOwner, together } from "./db.js";

const KEY = "member_id";
const BEFORE = "ontrack-crew-member"; // where apps of before kept it

/** @returns {Promise<string | null>} nobody yet, or their member id */
export async function owner() {
  const found = await within(({ meta }) => answer(meta.get(KEY)));
  return found?.value ?? localStorage.getItem(BEFORE);
}

/** @param {string} member_id */
export async function keepOwner(member_id) {
  await within(({ meta }) => { meta.put({ name: KEY, value: member_id }); });
  localStorage.removeItem(BEFORE);
}

export async function forgetOwner() {
  await within(({ meta }) => { meta.delete(KEY); });
  localStorage.removeItem(BEFORE);
}

/** @template T @param {(stores: Record<string, IDBObjectStore>) => T | Promise<T>} work @returns {Promise<T>} */
async function within(work) {
  const db = await openOwner();
  try {
    return await together(db, ["meta"], work);
  } finally {
    db.close();
  }
}
