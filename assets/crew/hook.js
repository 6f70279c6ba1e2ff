// @ts-check
/** The only home of the door between the pages and the module: `useCrew()` is the whole picture, `crewActions` what can be pressed. */

import { useEffect, useSyncExternalStore } from "react";
import { useLocation, useNavigate } from "react-router";

import * as acts from "./acts.js";
import { submit } from "./answers.js";
import * as engine from "./engine.js";
import { waiting } from "./install.js";
import { NOTHING as FORGOTTEN, remembered, watch } from "./local.js";
import { signedWords } from "./view/signing.js";
import { view } from "./view/view.js";

const UNOPENED = engine.held();
const TICK = 15_000;

/** @type {{held: unknown, local: unknown, path: string, search: string, minute: number, view: ReturnType<typeof view>} | null} */
let drawn = null;
/** @type {import("react-router").NavigateFunction | null} */
let go = null;

/** Server time, as well as this phone knows it. */
const now = () => Date.now() - engine.held().offset_ms;

if (typeof window !== "undefined") addEventListener("ontrack:update", () => engine.setUpdate(waiting()));

/** @param {() => void} listener */
function everyMinute(listener) {
  const timer = setInterval(listener, TICK);
  return () => clearInterval(timer);
}

/** The picture, worked out once for all the pieces of a page that draw from it. */
export function useCrew() {
  const held = useSyncExternalStore(engine.subscribe, engine.held, () => UNOPENED);
  const local = useSyncExternalStore(watch, remembered, () => FORGOTTEN);
  const minute = useSyncExternalStore(everyMinute, () => Math.floor(now() / 60_000), () => 0);
  const { pathname: path, search } = useLocation();
  const navigate = useNavigate();
  useEffect(() => {
    go = navigate;
    void engine.open();
    if (waiting()) engine.setUpdate(true);
  }, [navigate]);
  const same = drawn && drawn.held === held && drawn.local === local && drawn.path === path && drawn.search === search && drawn.minute === minute;
  if (!same || !drawn) drawn = { held, local, path, search, minute, view: view(held, local, { path, search }, now()) };
  return drawn.view;
}

export const crewActions = {
  ...acts,
  submit,
  /** Opens the sheet for a signature with the words that stand now; they are what is hashed. @param {string} visitId @param {string} itemId @param {string} signer */
  sign: (visitId, itemId, signer) =>
    acts.ask("sign", { visit_id: visitId, item_id: itemId, signer, shown: signedWords(engine.held(), visitId, now()) }),
  /** The filled button of a visit's foot, and the one beside it. @param {string} visitId @param {string} kind @param {string} arg @param {string} signer */
  next: (visitId, kind, arg, signer) => {
    if (kind === "sign") return crewActions.sign(visitId, arg, signer);
    if (kind === "check") return acts.check(visitId, arg);
    return kind === "step" ? acts.ask("step", { item_id: arg }) : acts.move(visitId, kind);
  },
  /** The form that signs out waits until this phone is emptied. @param {Event} event */
  leaving: (event) => {
    event.preventDefault();
    const form = /** @type {HTMLElement} */ (event.target).closest("form");
    if (form) return acts.leave(form, false);
  },
  /** Finishing from the day's card with steps open leads to the visit. @param {string} visitId @param {string} name @param {string} href */
  moveOrShow: (visitId, name, href) => (name === "finish" && acts.blocked(visitId) ? go?.(href) : acts.move(visitId, name)),
};
