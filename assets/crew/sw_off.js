// @ts-check
/// <reference lib="webworker" />
// The only home of the kill switch: what the server serves as the crew's worker while ONTRACK_CREW_WORKER is off. It takes
// over at once, empties the app's caches and goes. What waits to be sent lies in IndexedDB and stays there.

const leaving = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

leaving.addEventListener("install", (event) => event.waitUntil(leaving.skipWaiting()));
leaving.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name.startsWith("ontrack-crew-app-")) await caches.delete(name);
  }
  await leaving.registration.unregister();
}
