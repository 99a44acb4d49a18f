// What charts are drawn of: marks, lines with their intervals, bars with their
// patterns, names at the ends of lines; and the line as high as a word.
import { number } from "../i18n";
import type { Point, Series } from "./chart";

export const dashes = ["", "7 4", "2 3", "10 3 2 3", "4 2", "12 4"];

// Cyrillic letters are the wider ones.
const letter = (s: string) => (/[а-яё]/i.test(s) ? 7.3 : 6.6);

/** About how wide a text of ticks and labels is, in pixels. */
export const wide = (s: string) => s.length * letter(s);

/** As much of a text as fits. */
export const clip = (s: string, width: number) => (wide(s) > width ? s.slice(0, Math.max(2, Math.floor(width / letter(s)) - 1)) + "…" : s);

/** A text on two lines at most. */
export function fold(s: string, width: number): string[] {
  const words = s.split(" ");
  let first = words.shift()!;
  while (words[0] !== undefined && wide(first + " " + words[0]) <= width) first += " " + words.shift();
  return [first, words.join(" ")].filter(Boolean).map((line) => clip(line, width));
}

export function Dot({ i, x, y }: { i: number; x: number; y: number }) {
  const cls = `dot s${i % 6}`;
  switch (i % 4) {
    case 0: return <circle class={cls} cx={x} cy={y} r="3.2" />;
    case 1: return <rect class={cls} x={x - 3} y={y - 3} width="6" height="6" />;
    case 2: return <path class={cls} d={`M${x} ${y - 4}l4 7h-8z`} />;
    default: return <path class={cls} d={`M${x} ${y - 4}l4 4-4 4-4-4z`} />;
  }
}

interface Drawn {
  s: Series;
  i: number;
  X(x: number): number;
  Y(y: number): number;
}

export function Line({ s, i, X, Y, few }: Drawn & { few: boolean }) {
  let d = "";
  let open = false;
  for (const q of s.points) {
    if (q.y === null) open = false;
    else {
      d += (open ? "L" : "M") + X(q.x).toFixed(1) + " " + Y(q.y).toFixed(1);
      open = true;
    }
  }
  const banded = s.points.filter((q): q is Point & { lo: number; hi: number } => q.lo != null && q.hi != null);
  const area = banded.length > 1
    ? "M" + [...banded.map((q) => [X(q.x), Y(q.hi)]), ...banded.toReversed().map((q) => [X(q.x), Y(q.lo)])].map(([x, y]) => x!.toFixed(1) + " " + y!.toFixed(1)).join("L") + "Z" : "";
  return (
    <g>
      {area && <path class={`band s${i % 6}`} d={area} />}
      <path class={`series s${i % 6}`} d={d} stroke-dasharray={dashes[i % 6]} />
      {few && s.points.map((q) => q.y !== null && <Dot i={i} x={X(q.x)} y={Y(q.y)} />)}
    </g>
  );
}

// Without colour bars are told apart by what they are filled with.
const hatches = ["", "M-2 2l4-4M0 8l8-8M6 10l4-4", "M2 2h.01M6 6h.01", "M0 0l8 8M8 0l-8 8", "M0 4h8", "M4 0v8"];

export const Hatches = ({ id, n }: { id: string; n: number }) => (
  <defs>
    {hatches.slice(1, n).map((d, i) => (
      <pattern id={`${id}-${i + 1}`} width="8" height="8" patternUnits="userSpaceOnUse"><path class={`hatch s${i + 1}`} d={d} /></pattern>
    ))}
  </defs>
);

export const filled = (id: string, i: number) => (i % 6 ? `url(#${id}-${i % 6})` : undefined);

export function Bars({ s, i, X, Y, of, zero, band, id, say }: Drawn & { of: number; zero: number; band: number; id: string; say?(y: number): string }) {
  const w = Math.min(56, (band * 0.72) / of);
  return (
    <g>
      {s.points.map((q) => {
        if (q.y === null) return null;
        const x = X(q.x) - (w * of) / 2 + w * i;
        const y = Y(q.y);
        const text = say?.(q.y) ?? "";
        return (
          <g>
            <rect class={`bar s${i % 6}`} fill={filled(id, i)} x={x + 1} y={Math.min(y, zero)} width={Math.max(1, w - 2)} height={Math.max(1, Math.abs(zero - y))} rx="2" />
            {q.lo != null && q.hi != null && <path class="whisker" d={`M${x + w / 2} ${Y(q.lo)}V${Y(q.hi)}M${x + w / 2 - 4} ${Y(q.lo)}h8M${x + w / 2 - 4} ${Y(q.hi)}h8`} />}
            {wide(text) < w - 1 && <text class="tick value" x={x + w / 2} y={(q.y < 0 ? Math.max(y, Y(q.lo ?? q.y)) + 13 : Math.min(y, Y(q.hi ?? q.y)) - 5)} text-anchor="middle">{text}</text>}
          </g>
        );
      })}
    </g>
  );
}

/** Names at the ends of lines: each as near to its end as there is room, none over another. */
export function Ends({ ends, x, top, bottom }: { ends: { text: string; y: number; i?: number }[]; x: number; top: number; bottom: number }) {
  const by = [...ends].sort((a, b) => a.y - b.y).map((e) => ({ ...e }));
  by.forEach((e, k) => { e.y = Math.max(e.y, k > 0 ? by[k - 1]!.y + 15 : top); });
  for (let k = by.length - 1, most = bottom; k >= 0; k--, most = by[k + 1]!.y - 15) by[k]!.y = Math.min(by[k]!.y, most);
  return <g>{by.map((e) => <text class={e.i === undefined ? "tick" : `name s${e.i % 6}`} x={x} y={e.y + 4}>{e.text}</text>)}</g>;
}

/** A line as high as a word, for tables; its label says what it shows and its last value. */
export function Sparkline({ values, label, width = 88, height = 24 }: { values: number[]; label: string; width?: number; height?: number }) {
  const lo = Math.min(...values, 0), hi = Math.max(...values, lo + 1e-9);
  const at = values.map((v, i) => [2 + (i * (width - 6)) / Math.max(1, values.length - 1), height - 3 - ((v - lo) / (hi - lo)) * (height - 6)] as const);
  const end = at.at(-1);
  return (
    <svg class="spark" width={width} height={height} role="img" aria-label={`${label}: ${values.map((v) => number(v, 1)).join(", ")}`}>
      <title>{values.map((v) => number(v, 1)).join(" · ")}</title>
      <path class="series s0" d={"M" + at.map(([x, y]) => x.toFixed(1) + " " + y.toFixed(1)).join("L")} />
      {end && <circle class="dot s0" cx={end[0]} cy={end[1]} r="2.4" />}
    </svg>
  );
}
