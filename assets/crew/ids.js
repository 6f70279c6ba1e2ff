// @ts-check
/** The only home of ids and hashes made on the phone. */

/** An id in the order of time (UUID, version 7; RFC 9562).
 * @param {number} [now] milliseconds since 1970
 * @returns {string} */
export function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = Math.max(0, Math.floor(now));
  for (let at = 5; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {Uint8Array} bytes @returns {string} */
export function toHex(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of bytes.
 * @param {BufferSource} bytes
 * @returns {Promise<Uint8Array>} */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** SHA-256 of words as UTF-8, in hex.
 * @param {string} text
 * @returns {Promise<string>} */
export async function hashOf(text) {
  return toHex(await sha256(new TextEncoder().encode(text)));
}

/** Bytes in base64, as headers carry them.
 * @param {Uint8Array} bytes @returns {string} */
export function base64(bytes) {
  let text = "";
  for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text);
}
