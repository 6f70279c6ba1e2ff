// @ts-check
/// <reference lib="webworker" />
// The only home of what keeps the crew's app startable without a signal: the service worker. It holds the files of the app
// and nobody's data; the stores of engine.js are none of its business. A classic script: modules are not known everywhere.
//
// Every file is kept under its path and the hash of its content, so an update fetches what has changed, and nothing that
// differs from the list (a sign-in page, a proxy's notice, half of an answer) is ever kept. All of the list is there, or the
// worker is not installed and the one before goes on.

/** @type {{version: string, files: Record<string, string>}} path → hash; written after the build, see embedded/crew_app.py */
const LIST = { version: "", files: {} };

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const OURS = "ontrack-crew-app-";
const MINE = OURS + LIST.version;
const COMPLETE = "/crew/.complete"; // in a cache that holds all of its list
const BEFORE = "/crew/.before"; // the pages and caches that were there when this version took over
const HOME = "/crew/";
const LANES = 4;
const EXACTLY = { ignoreVary: true };
const NOT_KEPT = ["content-encoding", "content-length", "transfer-encoding", "vary", "set-cookie"];

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
  if (event.data === "version") event.ports[0]?.postMessage(LIST.version);
});
worker.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path) event.respondWith(answer(event, path));
});

/** The path that a request is answered for; "" where it is left alone. @param {Request} request */
function pathOf(request) {
  const address = new URL(request.url);
  if (!LIST.version || request.method !== "GET" || address.origin !== worker.location.origin) return "";
  if (request.mode === "navigate") return pageOf(address.pathname);
  const isListed = Object.hasOwn(LIST.files, address.pathname) && !isPage(address.pathname);
  return isListed || address.pathname.startsWith("/assets/") ? address.pathname : "";
}

/** A crew page's address with its slash at the end, and without its query. @param {string} path */
function pageOf(path) {
  const page = path.endsWith("/") ? path : `${path}/`;
  return page.startsWith(HOME) ? page : "";
}

/** @param {string} path */
function isPage(path) {
  return path.endsWith("/");
}

/** @param {string} path */
function keyOf(path) {
  return `${path}?v=${LIST.files[path]}`;
}

/** From the cache; where that fails in any way, from the network. @param {FetchEvent} event @param {string} path */
async function answer(event, path) {
  const kept = await find(path).catch(() => undefined);
  if (kept && isPage(path)) event.waitUntil(tidy());
  if (kept) return kept;
  if (Object.hasOwn(LIST.files, path)) event.waitUntil(keep(path).catch(() => undefined));
  try {
    return await fetch(event.request);
  } catch (failure) {
    if (!isPage(path) || path === HOME) throw failure;
    return Response.redirect(HOME, 302);
  }
}

/** Of this version, or a chunk that a page of an earlier version asks for. @param {string} path */
async function find(path) {
  if (!Object.hasOwn(LIST.files, path)) return caches.match(path, { ...EXACTLY, ignoreSearch: true });
  return (await caches.open(MINE)).match(keyOf(path), EXACTLY);
}

async function install() {
  for (const name of await names()) {
    if (name !== MINE && !(await (await caches.open(name)).match(COMPLETE))) await caches.delete(name);
  }
  const left = Object.keys(LIST.files).values();
  const lane = async () => {
    for (const path of left) await keep(path);
  };
  // Each lane goes as far as it can, so that the next try has less to fetch.
  for (const end of await Promise.allSettled(Array.from({ length: LANES }, lane))) {
    if (end.status === "rejected") throw end.reason;
  }
  await (await caches.open(MINE)).put(COMPLETE, new Response(LIST.version));
}

/** Has a file in the cache of this version: from an earlier one where it is the same. @param {string} path */
async function keep(path) {
  const mine = await caches.open(MINE);
  const key = keyOf(path);
  if (await mine.match(key, EXACTLY)) return;
  // A page's headers name its scripts and change with the server's rules, so pages are fetched anew.
  const same = isPage(path) ? undefined : await caches.match(key, EXACTLY);
  await mine.put(key, same ?? (await fetched(path)));
}

/** The file as the list names it, never what another address answered. @param {string} path */
async function fetched(path) {
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const got = await fetch(path, { cache, credentials: "same-origin", redirect: "error" });
    const bytes = await got.arrayBuffer();
    if (got.status === 200 && (await hashOf(bytes)) === LIST.files[path]) {
      const headers = new Headers(got.headers);
      for (const name of NOT_KEPT) headers.delete(name);
      return new Response(bytes, { headers });
    }
  }
  throw new Error(`${path} is not what the list names`);
}

/** The first 32 hex digits of the SHA-256. @param {ArrayBuffer} bytes */
async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function activate() {
  const others = (await names()).filter((name) => name !== MINE);
  const isNewerComing = Boolean(worker.registration.installing);
  const before = { pages: await pages(), caches: isNewerComing ? [] : others };
  await (await caches.open(MINE)).put(BEFORE, new Response(JSON.stringify(before)));
  await worker.clients.claim();
  await tidy();
}

/** Deletes the caches of earlier versions as soon as no page of theirs is open. */
async function tidy() {
  const note = await (await caches.open(MINE)).match(BEFORE);
  const before = note ? await note.json() : { pages: [], caches: [] };
  const open = await pages();
  if (open.some((id) => before.pages.includes(id))) return;
  for (const name of before.caches) await caches.delete(name);
}

/** The names of our caches. */
async function names() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS));
}

/** The ids of the open pages; a page that is loaded anew gets another one. */
async function pages() {
  const found = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return found.map((page) => page.id);
}
