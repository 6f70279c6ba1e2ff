import { useEffect, useRef, useState } from "react";

function draw(canvas, strokes, scale, colour) {
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 2.2;
  pen.lineCap = pen.lineJoin = "round";
  for (const points of strokes) {
    pen.beginPath();
    if (points.length === 1) pen.arc(points[0][0], points[0][1], 1.4, 0, 7);
    else pen.moveTo(...points[0]);
    for (let i = 1; i < points.length; i += 1) {
      const [x, y] = points[i];
      const [px, py] = points[i - 1];
      pen.quadraticCurveTo(px, py, (x + px) / 2, (y + py) / 2);
    }
    if (points.length === 1) pen.fill();
    else pen.stroke();
  }
}

function Pad({ label, onDrawn }) {
  const canvas = useRef(null);
  const strokes = useRef([]);

  function repaint() {
    const board = canvas.current;
    const scale = window.devicePixelRatio || 1;
    board.width = board.clientWidth * scale;
    board.height = board.clientHeight * scale;
    draw(board, strokes.current, scale, getComputedStyle(board).color);
  }

  useEffect(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const seen = new ResizeObserver(repaint);
    seen.observe(canvas.current);
    dark.addEventListener("change", repaint);
    return () => {
      seen.disconnect();
      dark.removeEventListener("change", repaint);
    };
  }, []);

  const at = (event) => {
    const edge = canvas.current.getBoundingClientRect();
    return [event.clientX - edge.left, event.clientY - edge.top].map((length) => Math.round(length * 10) / 10);
  };
  const down = (event) => {
    event.preventDefault();
    canvas.current.setPointerCapture(event.pointerId);
    strokes.current.push([at(event)]);
    repaint();
  };
  const move = (event) => {
    if (!canvas.current.hasPointerCapture(event.pointerId)) return;
    strokes.current.at(-1).push(at(event));
    repaint();
  };
  const up = () => onDrawn(JSON.stringify(strokes.current));

  return <canvas ref={canvas} role="img" aria-label={label} onPointerDown={down} onPointerMove={move} onPointerUp={up} />;
}

// A signature, drawn or typed; inside a form it travels as signature_kind, signature_text and signature_strokes (JSON: strokes of points).
export function SignaturePad({ signer, onSign, label = "Your signature" }) {
  const [kind, setKind] = useState("drawn");
  const [text, setText] = useState("");
  const [strokes, setStrokes] = useState("");
  const [sheet, setSheet] = useState(0);

  function clear(next) {
    setKind(next);
    setText("");
    setStrokes("");
    setSheet(sheet + 1);
    onSign?.(next, "");
  }
  const other = kind === "drawn" ? "typed" : "drawn";
  return (
    <div className="ot-signature">
      <div className="ot-signature-head">
        <span className="ot-label">{label}</span>
        <span>
          <button type="button" className="ot-link" onClick={() => clear(other)}>{kind === "drawn" ? "Type it" : "Draw it"}</button>
          <button type="button" className="ot-link" onClick={() => clear(kind)}>Clear</button>
        </span>
      </div>
      <div className="ot-pad">
        {kind === "drawn" ? (
          <Pad key={sheet} label="Draw your signature here, or choose Type it" onDrawn={(drawn) => { setStrokes(drawn); onSign?.("drawn", drawn); }} />
        ) : (
          <input aria-label="Type your name to sign" autoComplete="name" placeholder={signer} value={text} maxLength={120} onChange={(event) => setText(event.target.value)} onBlur={() => onSign?.("typed", text)} />
        )}
      </div>
      <input type="hidden" name="signature_kind" value={kind} />
      <input type="hidden" name="signature_text" value={text} />
      <input type="hidden" name="signature_strokes" value={strokes} />
    </div>
  );
}
