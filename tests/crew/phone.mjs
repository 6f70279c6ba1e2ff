// A phone for tests: the browser's things that the module uses, and a fresh copy of the module for every start of the app.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";

const kept = new Map();
globalThis.localStorage ??= {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, String(value)),
  removeItem: (name) => void kept.delete(name),
};
globalThis.addEventListener ??= () => {};
globalThis.document ??= { hidden: true, addEventListener: () => {} };
if (!globalThis.navigator.storage) Object.defineProperty(globalThis.navigator, "storage", { value: undefined, configurable: true });
let starts = 0;
const running = [];

/** A phone that was never used. */
export function unpack() {
  kill();
  globalThis.indexedDB = new IDBFactory();
}

/** Ends every page at once, whatever it was at. Browsers write localStorage seconds later: a battery is pulled before that. */
export function kill() {
  while (running.length) running.pop().close();
  kept.clear();
}

/** Starts the app as if its page was just loaded; what was in memory is gone, but for pages that stay open `beside` it. */
export async function start(server, { beside = false } = {}) {
  if (!beside) kill();
  globalThis.fetch = server.fetch;
  const app = await import(`../../assets/crew/engine.js?start=${++starts}`);
  running.push(app);
  await app.open();
  return app;
}

/** Syncs until nothing more waits to be tried. */
export async function settled(app) {
  for (const until = performance.now() + 5000; performance.now() < until; ) {
    await app.syncNow();
    if (app.held().doing === "idle") return app.held();
  }
  throw new Error(`never settled: ${JSON.stringify(app.held().trouble)}`);
}

/** Numbers that come again with the same seed. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
