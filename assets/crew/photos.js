// @ts-check
/** The only home of what is made of a photo on the phone: its hash and a small picture. The bytes themselves stay as they are. */

const EDGE = 480;

/** A small JPEG of a picture; null where this browser cannot read it (HEIC outside of Apple's).
 * @param {Blob} blob @returns {Promise<ArrayBuffer | null>} */
export async function thumbnail(blob) {
  if (typeof createImageBitmap === "undefined" || !blob.type.startsWith("image/")) return null;
  try {
    const whole = await createImageBitmap(blob, { resizeWidth: EDGE, resizeQuality: "medium" });
    const canvas = new OffscreenCanvas(whole.width, whole.height);
    /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(whole, 0, 0);
    whole.close();
    return await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })).arrayBuffer();
  } catch {
    return null;
  }
}

/** @type {Map<string, string>} */
const shownAs = new Map();

/** An address for an <img> of a small picture or the photo itself; one per file, until `forgetPicture`.
 * @param {string} id @param {BlobPart} part @param {string} type */
export function picture(id, part, type) {
  let address = shownAs.get(id);
  if (!address && typeof URL.createObjectURL === "function") {
    address = URL.createObjectURL(new Blob([part], { type }));
    shownAs.set(id, address);
  }
  return address ?? "";
}

/** The address that a file's picture has already, or nothing. @param {string} id */
export const shownPicture = (id) => shownAs.get(id) ?? "";

/** @param {string} id */
export function forgetPicture(id) {
  const address = shownAs.get(id);
  if (address) URL.revokeObjectURL(address);
  shownAs.delete(id);
}
