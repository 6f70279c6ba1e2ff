import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Away } from "../crew/api.js";
import { newId, sha256, toHex } from "../crew/ids.js";
import { begin, sendRest } from "../crew/tus.js";

const PICTURE = /^image\/|\.(jpe?g|png|hei[cf]|webp|gif)$/i;
const LARGEST = 25 * 1024 * 1024;
const REST_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const STATES = { waits: "Waiting", sending: "", away: "No connection. It goes on by itself.", sent: "Sent", refused: "" };

const rested = (milliseconds) =>
  new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    window.addEventListener("online", over);
  });

// The same file for the same record goes on under the same id, also after the page was closed and the file is chosen again.
function idOf(key) {
  const known = localStorage.getItem(key);
  if (known) return known;
  const id = newId();
  localStorage.setItem(key, id);
  return id;
}

async function sendOne(file, given, told) {
  if (file.size > LARGEST || file.size === 0) return told({ state: "refused", words: file.size ? "A file has at most 25 MB." : "It is empty." });
  const bytes = await file.arrayBuffer();
  const digest = toHex(await sha256(bytes));
  const key = `ontrack-upload ${given.noun} ${given.row_id} ${digest}`;
  const id = idOf(key);
  const kind = PICTURE.test(file.type) || PICTURE.test(file.name) ? "photo" : "document";
  const facts = { ...given, id, filename: file.name.slice(-200), sha256: digest, kind, phase: kind === "photo" ? given.phase : "" };
  for (let tries = 0; ; tries += 1) {
    try {
      told({ state: "sending" });
      await sendRest(id, bytes, () => begin(facts, file.size), (sent) => told({ state: "sending", sent }));
      localStorage.removeItem(key);
      return told({ state: "sent", sent: file.size });
    } catch (error) {
      if (!(error instanceof Away)) {
        localStorage.removeItem(key);
        return told({ state: "refused", words: error.message });
      }
      told({ state: "away" });
      await rested(REST_MS[Math.min(tries, REST_MS.length - 1)]);
    }
  }
}

function Line({ one }) {
  const share = Math.floor((100 * (one.sent || 0)) / Math.max(1, one.size));
  const words = one.state === "sending" ? `${share} %` : one.words || STATES[one.state];
  return (
    <li data-state={one.state}>
      <b>{one.name}</b>
      <span className="ot-small ot-quiet">{words}</span>
      <progress max={100} value={share} aria-label={one.name} />
    </li>
  );
}

// What is under way on each record. It outlives the box: a page that lost its connection draws itself anew.
const boxes = new Map();
const listeners = new Set();

function boxOf(noun, row_id) {
  const key = `${noun} ${row_id}`;
  if (!boxes.has(key)) boxes.set(key, { lines: [], queue: Promise.resolve(), phase: "", onAdded: null });
  return boxes.get(key);
}

function draw(box, lines) {
  box.lines = lines;
  for (const listener of listeners) listener();
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function add(box, given, files) {
  box.lines = box.lines.filter((one) => one.state !== "refused"); // read by now, and no news beside what is sent next
  for (const file of files) {
    const key = newId();
    draw(box, [...box.lines, { key, name: file.name, size: file.size, state: "waits" }]);
    const told = (more) => draw(box, box.lines.map((one) => (one.key === key ? { ...one, ...more } : one)));
    box.queue = box.queue
      .then(() => sendOne(file, given, told))
      .catch(() => told({ state: "refused", words: "This browser cannot read the file." }))
      .then(() => box.onAdded?.())
      .then(() => draw(box, box.lines.filter((one) => one.key !== key || one.state !== "sent"))); // it stands among the files now
  }
}

// Around a plain form with files: sends them piece by piece, shows how far each is, takes files that are dropped, and goes on where it stopped.
export function UploadBox({ noun, row: row_id, onAdded, children }) {
  const [over, setOver] = useState(false);
  const form = useRef(null);
  const box = boxOf(noun, row_id);
  const lines = useSyncExternalStore(subscribe, () => box.lines, () => box.lines);
  const phases = () => form.current.querySelector("select[name=phase]");
  box.onAdded = onAdded;

  useEffect(() => {
    const fold = form.current.closest("details");
    if (fold && box.lines.length > 0) fold.open = true;
    if (phases()) phases().value = box.phase;
  }, [box]);

  const send = (files) => add(box, { noun, row_id, phase: phases()?.value || "" }, files);
  const submit = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const input = form.current.querySelector("input[type=file]");
    send([...input.files]);
    input.value = "";
  };
  const drag = (event) => {
    event.preventDefault();
    setOver(event.type === "dragover");
  };
  const drop = (event) => {
    drag(event);
    send([...event.dataTransfer.files]);
  };
  const keep = () => { box.phase = phases()?.value || ""; };
  return (
    <div ref={form} className="ot-upload-box" data-over={over} onSubmitCapture={submit} onChange={keep} onDragOver={drag} onDragLeave={drag} onDrop={drop}>
      {children}
      <ul className="ot-upload-lines" aria-live="polite">{lines.map((one) => <Line key={one.key} one={one} />)}</ul>
    </div>
  );
}
