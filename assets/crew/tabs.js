// @ts-check
/** The only home of several tabs on one store: one syncs at a time, the others hear that something changed. */

/** Runs `work` when no other tab is at it.
 * @param {string} name @param {() => Promise<void>} work */
export async function alone(name, work) {
  // An old browser has no locks: the server answers a mutation once, whoever sends it.
  await (navigator.locks ? navigator.locks.request(name, work) : work());
}

/** A line to the other tabs of this phone.
 * @param {(member_id: string) => void} heard
 * @returns {(member_id: string) => void} tells them that a member's stores changed */
export function line(heard) {
  if (typeof BroadcastChannel === "undefined") return () => {};
  const channel = new BroadcastChannel("ontrack-crew");
  channel.onmessage = (message) => heard(String(message.data));
  /** @type {any} */ (channel).unref?.(); // in Node an open channel keeps the process
  return (member_id) => channel.postMessage(member_id);
}
