import { useEffect, useRef } from "react";

// The keys of the line editor: Enter and the arrows go to the same cell of the next row, past the last row to the finder;
// in the finder the arrows walk the results and Enter takes the first. A new row gets the focus in its quantity.
export function GridKeys({ rows, children, ...rest }) {
  const box = useRef(null);
  const before = useRef(rows);
  const adding = useRef(false);

  const cells = (name) => [...box.current.querySelectorAll(`[data-cell="${name}"]`)];
  const finder = () => box.current.querySelector("[data-finder]");
  const results = () => [...box.current.querySelectorAll("[data-result]")];

  useEffect(() => {
    if (rows > before.current && adding.current) cells("quantity").at(-1)?.focus();
    if (rows > before.current) adding.current = false;
    before.current = rows;
  }, [rows]);

  function inCell(event) {
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const column = cells(event.target.dataset.cell);
    const next = column.indexOf(event.target) + step;
    (column[next] ?? (step > 0 ? finder() : null))?.focus();
  }

  function inFinder(event) {
    const all = results();
    if (event.key === "Enter") {
      event.preventDefault();
      const own = box.current.querySelector("[data-own]");
      (event.ctrlKey || event.metaKey ? own : all[0])?.click();
    }
    if (event.key === "ArrowDown" && all[0]) {
      event.preventDefault();
      all[0].focus();
    }
    if (event.key === "ArrowUp" && !event.target.value) cells("description").at(-1)?.focus();
  }

  function inResults(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") finder()?.focus();
    if (!step) return;
    event.preventDefault();
    const all = results();
    (all[all.indexOf(event.target) + step] ?? finder())?.focus();
  }

  function pressed(event) {
    if (event.target.dataset.cell) inCell(event);
    else if ("finder" in event.target.dataset) inFinder(event);
    else if ("result" in event.target.dataset) inResults(event);
  }

  const clicked = (event) => {
    if (event.target.closest("[data-result]")) adding.current = true;
  };
  return (
    <div {...rest} ref={box} onKeyDown={pressed} onClickCapture={clicked}>
      {children}
    </div>
  );
}
