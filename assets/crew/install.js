// @ts-check
// The only home of getting the crew's app onto a phone: registers the worker, hears of newer versions, reloads when told.
//
// A newer version waits until a person asks for it: "ontrack:update" on window says so, with detail {waiting}. Whoever holds
// something half saved hears "ontrack:reload" and calls preventDefault().

const SCRIPT = "/crew/sw.js";
const SCOPE = "/crew"; // without a slash at its end: the router's own address of today has none
const PATIENCE_MS = 2000; // a worker that is asleep answers within it
const TAKES_OVER_MS = 5000; // a worker that other tabs keep busy may take minutes to go: the page is not to wait for that
const HOUR_MS = 3_600_000;

/** @type {ServiceWorkerRegistration | null} */
let found = null;
let isStarted = false;
let isWaiting = false;
let isReloading = false;
let looked = 0;

/** Whether a newer version is there and waits for a reload. */
export function waiting() {
  return isWaiting;
}

/** Registers the worker once the page is drawn; does nothing a second time, or where there are no workers. */
export function start() {
  if (isStarted || typeof window === "undefined" || !("serviceWorker" in navigator)) return;
  isStarted = true;
  // A page that had no worker when it was loaded gets its first one: nothing is newer than what it shows.
  let hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isReloading) location.reload();
    else if (hadOne) tell(true);
    hadOne = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - looked > HOUR_MS) void look();
  });
  addEventListener("online", () => void look());
  if (document.readyState === "complete") void look();
  else addEventListener("load", () => void look(), { once: true });
}

/** Asks the server for a newer version. Without a signal, or with the worker turned down, all stays as it is. */
export async function look() {
  looked = Date.now();
  try {
    if (found) await found.update();
    else watch((found = await navigator.serviceWorker.register(SCRIPT, { scope: SCOPE, updateViaCache: "none" })));
  } catch {
    looked = 0;
  }
}

/**
 * Loads the newest version that is there. Resolves to false where somebody has something half saved.
 * @returns {Promise<boolean>}
 */
export async function reload() {
  if (!dispatchEvent(new CustomEvent("ontrack:reload", { cancelable: true }))) return false;
  isReloading = true;
  const next = found?.waiting;
  if (!next) location.reload();
  next?.postMessage("take over");
  setTimeout(() => location.reload(), TAKES_OVER_MS);
  return true;
}

/**
 * The version of the app that this page runs in; "" where no worker answers in time.
 * @returns {Promise<string>}
 */
export function version() {
  const serving = typeof window === "undefined" ? null : navigator.serviceWorker?.controller;
  if (!serving) return Promise.resolve("");
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const late = setTimeout(() => resolve(""), PATIENCE_MS);
    port1.onmessage = (event) => {
      clearTimeout(late);
      resolve(String(event.data));
    };
    serving.postMessage("version", [port2]);
  });
}

/** @param {ServiceWorkerRegistration} registration */
function watch(registration) {
  if (registration.waiting && navigator.serviceWorker.controller) tell(true);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) tell(true);
    });
  });
}

/** @param {boolean} now */
function tell(now) {
  isWaiting = now;
  dispatchEvent(new CustomEvent("ontrack:update", { detail: { waiting: now } }));
}
