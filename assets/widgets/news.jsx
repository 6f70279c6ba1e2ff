import { useEffect, useRef } from "react";

// Says that there is news each time another word for it comes: at once where the page is looked at, else when it is again.
export function News({ word, onNews }) {
  const seen = useRef(word);
  const due = useRef(false);
  const say = useRef(onNews);
  say.current = onNews;

  useEffect(() => {
    if (!word || word === seen.current) return;
    seen.current = word;
    if (document.hidden) due.current = true;
    else say.current?.();
  }, [word]);

  useEffect(() => {
    function looked() {
      if (document.hidden || !due.current) return;
      due.current = false;
      say.current?.();
    }
    document.addEventListener("visibilitychange", looked);
    return () => document.removeEventListener("visibilitychange", looked);
  }, []);
  return null;
}
