// The service worker's own rules, in a world of its own: what it answers for, what it keeps, and what it never keeps.

import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const SOURCE = readFileSync(new URL("../../assets/crew/sw.js", import.meta.url), "utf8");
const OFF = readFileSync(new URL("../../assets/crew/sw_off.js", import.meta.url), "utf8");
const SITE = "https://ontrack.example";
const FILES = { "/crew/": "today", "/crew/visit/": "visit", "/assets/a-1.js": "a one", "/fonts/inter.woff2": "font" };

/** @param {string} text */
const hashOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 32);

class FakeCache {
  /** @type {Map<string, Response>} */ kept = new Map();
  /** @param {any} asked @param {any} [how] */
  async match(asked, how = {}) {
    const wanted = new URL(typeof asked === "string" ? asked : asked.url, SITE);
    for (const [key, answer] of this.kept) {
      const there = new URL(key);
      if (how.ignoreSearch ? there.pathname === wanted.pathname : there.href === wanted.href) return answer.clone();
    }
    return undefined;
  }
  /** @param {string} key @param {Response} answer */
  async put(key, answer) {
    this.kept.set(new URL(key, SITE).href, answer);
  }
}

class FakeCaches {
  /** @type {Map<string, FakeCache>} */ all = new Map();
  /** @param {string} name */
  async open(name) {
    if (!this.all.has(name)) this.all.set(name, new FakeCache());
    return /** @type {FakeCache} */ (this.all.get(name));
  }
  async keys() {
    return [...this.all.keys()];
  }
  /** @param {string} name */
  async delete(name) {
    return this.all.delete(name);
  }
  /** @param {any} asked @param {any} how */
  async match(asked, how) {
    for (const cache of this.all.values()) {
      const found = await cache.match(asked, how);
      if (found) return found;
    }
    return undefined;
  }
}

/**
 * A worker with its list, a server that has `served`, and caches that may be an earlier worker's.
 * @param {{version?: string, files?: Record<string, string>, served?: Record<string, any>, caches?: FakeCaches, source?: string}} [given]
 */
function started({ version = "one", files = FILES, served = files, caches = new FakeCaches(), source = SOURCE } = {}) {
  /** @type {Record<string, (event: any) => void>} */ const heard = {};
  /** @type {string[]} */ const asked = [];
  const list = { version, files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, hashOf(text)])) };
  const world = { windows: [{ id: "tab" }], installing: null, isThere: true, isGone: false };
  const fetch = async (/** @type {any} */ what, /** @type {any} */ how) => {
    const path = new URL(typeof what === "string" ? what : what.url, SITE).pathname;
    asked.push(`${path} ${how?.cache ?? ""}`.trim());
    if (!world.isThere) throw new TypeError("Failed to fetch");
    const answer = typeof served[path] === "function" ? served[path](how) : served[path];
    if (answer === undefined) return new Response("nothing", { status: 404 });
    return answer instanceof Response ? answer : new Response(answer, { headers: { "x-policy": `of ${path}`, vary: "Origin" } });
  };
  const self = {
    location: new URL(SITE),
    addEventListener: (/** @type {string} */ name, /** @type {any} */ fn) => (heard[name] = fn),
    skipWaiting: async () => asked.push("skip waiting"),
    clients: { matchAll: async () => world.windows, claim: async () => asked.push("claim") },
    registration: { get installing() { return world.installing; }, unregister: async () => (world.isGone = true) },
  };
  const text = source.replace(/^const LIST = .*$/m, `const LIST = ${JSON.stringify(list)};`);
  vm.runInNewContext(text, { self, caches, fetch, Response, Request, Headers, URL, crypto: webcrypto, Object, JSON, Promise, Error, Uint8Array, Array });
  const tell = async (/** @type {string} */ name, /** @type {any} */ more = {}) => {
    /** @type {Promise<any>[]} */ const waits = [];
    /** @type {any} */ let answer;
    heard[name]({ waitUntil: (/** @type {any} */ one) => waits.push(one), respondWith: (/** @type {any} */ one) => (answer = one), ...more });
    const result = await answer;
    await Promise.all(waits);
    return result;
  };
  const get = (/** @type {string} */ path, /** @type {any} */ { mode = "cors", method = "GET", site = SITE } = {}) =>
    tell("fetch", { request: { url: site + path, mode, method } });
  const open = (/** @type {string} */ path) => get(path, { mode: "navigate" });
  const ready = async () => {
    await tell("install");
    await tell("activate");
    asked.length = 0;
  };
  return { tell, get, open, ready, asked, caches, world };
}

test("every page of the list is opened without the network, with and without slash and query", async () => {
  const worker = started();
  await worker.ready();
  worker.world.isThere = false;
  for (const path of ["/crew", "/crew/", "/crew/?from=icon", "/crew?x"]) assert.equal(await (await worker.open(path)).text(), "today");
  for (const path of ["/crew/visit", "/crew/visit/?id=1"]) assert.equal(await (await worker.open(path)).text(), "visit");
  assert.deepEqual(worker.asked, []);
});

test("a page comes out of the cache with the headers that it was sent with, but not with those of the way", async () => {
  const worker = started();
  await worker.ready();
  const { headers } = await worker.open("/crew/");
  assert.equal(headers.get("x-policy"), "of /crew/");
  assert.equal(headers.get("vary"), null);
});

test("it answers for nothing but pages, chunks and listed files", async () => {
  const worker = started();
  await worker.ready();
  const left = ["/api/sync/v1/pull", "/auth/sign-in", "/files/1", "/portal/", "/_event", "/dev/outbox", "/ui.css", "/crew/sw.js"];
  for (const path of left) assert.equal(await worker.get(path), undefined, path);
  for (const path of ["/auth/sign-out", "/", "/crewmates", "/portal/"]) assert.equal(await worker.open(path), undefined, path);
  assert.equal(await worker.get("/crew/"), undefined, "a page that is fetched and not gone to");
  assert.equal(await worker.get("/assets/a-1.js", { method: "POST" }), undefined);
  assert.equal(await worker.get("/assets/a-1.js", { site: "https://other.example" }), undefined);
  assert.equal(await (await worker.get("/assets/a-1.js")).text(), "a one");
});

test("what differs from the list is not kept and the worker is not installed", async () => {
  const wrong = {
    "a sign-in page": new Response("sign in"),
    "a failure": new Response("today", { status: 500 }),
    "half of it": new Response("tod"),
  };
  for (const [words, answer] of Object.entries(wrong)) {
    const worker = started({ served: { ...FILES, "/crew/": () => answer.clone() } });
    await assert.rejects(worker.tell("install"), /not what the list names/, words);
    const kept = [...(await worker.caches.open("ontrack-crew-app-one")).kept.keys()];
    assert.ok(!kept.some((key) => key.includes("/crew/?v") || key.includes(".complete")), words);
  }
});

test("a redirect is an error, never followed", async () => {
  /** @type {string[]} */ const modes = [];
  const worker = started({ served: { ...FILES, "/crew/": (/** @type {any} */ how) => (modes.push(`${how.redirect} ${how.credentials}`), "today") } });
  await worker.tell("install");
  assert.deepEqual(modes, ["error same-origin"]);
});

test("a stale copy on the way is asked past", async () => {
  const worker = started({ served: { ...FILES, "/assets/a-1.js": (/** @type {any} */ how) => (how.cache === "reload" ? "a one" : "stale") } });
  await worker.tell("install");
  assert.ok(worker.asked.includes("/assets/a-1.js reload"));
});

test("an update fetches pages and what has changed, and an install that was cut off goes on", async () => {
  const first = started();
  await first.ready();
  const files = { ...FILES, "/fonts/inter.woff2": "another font", "/assets/b-2.js": "b" };
  const cut = started({ version: "two", files, served: { ...files, "/assets/b-2.js": undefined }, caches: first.caches });
  await assert.rejects(cut.tell("install"));
  const again = started({ version: "two", files, caches: first.caches });
  await again.tell("install");
  assert.ok(!cut.asked.some((one) => one.startsWith("/assets/a-1.js")), "the same in both versions");
  assert.deepEqual(again.asked, ["/assets/b-2.js default"], "the rest was there from before");
  assert.equal((await again.caches.keys()).length, 2);
});

test("what an install left unfinished goes when another version comes, the version in use stays", async () => {
  const first = started();
  await first.ready();
  const broken = started({ version: "two", served: {}, caches: first.caches });
  await assert.rejects(broken.tell("install"));
  await (await first.caches.open("somebody's else")).put("/x", new Response("x"));
  await started({ version: "three", caches: first.caches }).tell("install");
  assert.deepEqual(await first.caches.keys(), ["ontrack-crew-app-one", "somebody's else", "ontrack-crew-app-three"]);
});

test("an earlier version's files stay as long as a page of it is open", async () => {
  const first = started();
  await first.ready();
  const next = started({ version: "two", files: { "/crew/": "newer" }, caches: first.caches });
  next.world.windows = [{ id: "of before" }];
  await next.ready();
  assert.equal(await (await next.get("/assets/a-1.js")).text(), "a one");
  next.world.windows = [{ id: "loaded anew" }];
  assert.equal(await (await next.open("/crew/")).text(), "newer");
  assert.deepEqual(await next.caches.keys(), ["ontrack-crew-app-two"]);
});

test("caches that cannot be read never stand in the way of the network", async () => {
  const worker = started();
  await worker.ready();
  worker.caches.open = async () => {
    throw new Error("storage is broken");
  };
  assert.equal(await (await worker.open("/crew/")).text(), "today");
  assert.equal(await (await worker.get("/assets/a-1.js")).text(), "a one");
});

test("what was lost from the cache is put back", async () => {
  const worker = started();
  await worker.ready();
  await worker.caches.delete("ontrack-crew-app-one");
  assert.equal(await (await worker.open("/crew/")).text(), "today");
  worker.world.isThere = false;
  assert.equal(await (await worker.open("/crew/")).text(), "today");
});

test("an address that is not of the app leads to today without the network, and to the server with it", async () => {
  const worker = started({ served: { ...FILES, "/crew/new/": "of the server", "/crew/new": "of the server" } });
  await worker.ready();
  assert.equal(await (await worker.open("/crew/new")).text(), "of the server");
  worker.world.isThere = false;
  assert.equal((await worker.open("/crew/new").catch((/** @type {any} */ failure) => failure)).constructor.name, "TypeError");
});

test("it waits until it is told to take over", async () => {
  const worker = started();
  await worker.tell("install");
  assert.ok(!worker.asked.includes("skip waiting"));
  await worker.tell("message", { data: "take over", ports: [] });
  assert.ok(worker.asked.includes("skip waiting"));
});

test("without a list it answers for nothing", async () => {
  const worker = started({ version: "", files: {} });
  assert.equal(await worker.open("/crew/"), undefined);
});

test("switched off, it takes over at once, empties its caches alone and goes", async () => {
  const first = started();
  await first.ready();
  await first.caches.open("another part's");
  const off = started({ source: OFF, caches: first.caches });
  await off.tell("install");
  await off.tell("activate");
  assert.deepEqual(off.asked, ["skip waiting"]);
  assert.deepEqual(await off.caches.keys(), ["another part's"]);
  assert.ok(off.world.isGone);
});
