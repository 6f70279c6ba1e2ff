import { useEffect, useRef, useState } from "react";

// A field that keeps what is typed to itself, and says it once: when it is left, on Enter, or after a pause where `delay` is set.
// The server's value is shown unless somebody is in the middle of typing.
export function Entry({ value, delay, area, cell, onCommit, ref, ...rest }) {
  const given = value ?? "";
  const [text, setText] = useState(given);
  const said = useRef(given);
  const current = useRef(given);
  const box = useRef(null);
  const timer = useRef(0);

  function show(next) {
    current.current = next;
    said.current = next;
    setText(next);
  }

  function say(next) {
    clearTimeout(timer.current);
    if (next === said.current) return;
    said.current = next;
    onCommit?.(next);
  }

  useEffect(() => {
    const typing = document.activeElement === box.current && current.current !== said.current;
    if (!typing) show(given);
  }, [given]);

  useEffect(() => {
    const form = box.current?.form;
    const back = () => show(given);
    form?.addEventListener("reset", back);
    return () => form?.removeEventListener("reset", back);
  }, [given]);

  useEffect(() => () => clearTimeout(timer.current), []);

  function typed(event) {
    const next = event.target.value;
    current.current = next;
    setText(next);
    clearTimeout(timer.current);
    if (delay) timer.current = setTimeout(() => say(next), delay);
  }

  function pressed(event) {
    if (event.key === "Escape" && cell) show(said.current);
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (area && !(event.ctrlKey || event.metaKey)) return;
    say(current.current);
    if (area) event.target.form?.requestSubmit();
  }

  function attach(node) {
    box.current = node;
    if (typeof ref === "function") ref(node);
    else if (ref) ref.current = node;
  }

  const Tag = area ? "textarea" : "input";
  return (
    <Tag
      {...rest}
      ref={attach}
      value={text}
      onChange={typed}
      onBlur={() => say(current.current)}
      onKeyDown={pressed}
      onFocus={cell ? (event) => event.target.select() : undefined}
    />
  );
}
