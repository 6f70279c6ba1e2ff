import { useEffect, useState } from "react";

// A box and a list that show what was chosen at once, and the server's word when it comes.

export function Tick({ checked, onTick, ...rest }) {
  const [on, setOn] = useState(!!checked);
  useEffect(() => setOn(!!checked), [checked]);
  function ticked(event) {
    setOn(event.target.checked);
    onTick?.(event.target.checked);
  }
  return <input {...rest} type="checkbox" checked={on} onChange={ticked} />;
}

export function Choice({ value, onChoose, children, ...rest }) {
  const [chosen, setChosen] = useState(value ?? "");
  useEffect(() => setChosen(value ?? ""), [value]);
  function chose(event) {
    setChosen(event.target.value);
    onChoose?.(event.target.value);
  }
  return (
    <select {...rest} value={chosen} onChange={chose}>
      {children}
    </select>
  );
}
