// @ts-check
/** The only home of IndexedDB: one database per member, one that says whose phone it is, and transactions that count once they
 * are complete. */

export const PREFIX = "ontrack-crew-";
const OWNER = "ontrack-crew";
const VERSION = 1;
/** Store → its key. `files` tells of photos, `blobs` holds their bytes. @type {Record<string, string | string[]>} */
const STORES = { meta: "name", rows: ["kind", "id"], outbox: "seq", attention: "key", files: "id", blobs: "id" };

/** Opens (and makes, the first time) a member's database.
 * @param {string} member_id */
export const openDb = (member_id) => opened(PREFIX + member_id, STORES);

/** Opens (and makes, the first time) the database that says whose phone this is. */
export const openOwner = () => opened(OWNER, { meta: "name" });

/** @param {string} name @param {Record<string, string | string[]>} stores @returns {Promise<IDBDatabase>} */
function opened(name, stores) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(stores)) asked.result.createObjectStore(store, { keyPath });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new DOMException("Another page holds an older store open", "BlockedError"));
  });
}

/** A request's answer.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>} */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs `work` in one transaction and resolves with what it returned once all of it is on the disk; all or nothing.
 * `work` awaits nothing but requests of the transaction.
 * @template T
 * @param {IDBDatabase} db
 * @param {string[]} names
 * @param {(stores: Record<string, IDBObjectStore>) => T | Promise<T>} work
 * @param {"readwrite" | "readonly"} [mode]
 * @returns {Promise<T>}
 */
export function together(db, names, work, mode = "readwrite") {
  return new Promise((resolve, reject) => {
    /** @type {T} */ let value;
    /** @type {any} */ let fault = null;
    const open = db.transaction(names, mode, { durability: "strict" });
    open.oncomplete = () => resolve(value);
    open.onabort = () => reject(fault ?? open.error ?? new DOMException("The store refused", "AbortError"));
    const stores = Object.fromEntries(names.map((name) => [name, open.objectStore(name)]));
    Promise.resolve()
      .then(() => work(stores))
      .then((made) => { value = made; })
      .catch((error) => {
        fault = error;
        try { open.abort(); } catch { reject(error); }
      });
  });
}

/** Every row of some stores, as of one moment.
 * @param {IDBDatabase} db
 * @param {string[]} names
 * @returns {Promise<Record<string, any[]>>} */
export function readAll(db, names) {
  return together(db, names, async (stores) => {
    const found = await Promise.all(names.map((name) => answer(stores[name].getAll())));
    return Object.fromEntries(names.map((name, at) => [name, found[at]]));
  }, "readonly");
}

/** Whether an error says that the phone's storage is full.
 * @param {any} error */
export function isFull(error) {
  return error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
}
