// Charts that can be read without colour: series differ by dash and mark and
// are named at their ends, values appear under the pointer and by the arrow
// keys, and each chart has its table, its SVG and its CSV.
//
//   <Chart kind="line" title={t("curve")} x={{ label: t("week"), format: (v) => day(v) }} y={{ label: t("accepted"), format: (v) => percent(v), min: 0, max: 1 }}
//     series={[{ name: "Доставка", points: [{ x: +new Date(w.at), y: w.share, lo: w.lo, hi: w.hi }] }]} />
//   <Chart kind="bars" … series={[{ name, points: [{ x: 0, label: "Доставка", y: 12 }] }]} />
//   <Sparkline values={[3, 5, 4, 9]} label={t("trend")} />
import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { number } from "../i18n";
import { common } from "../words";
import { Button } from "./button";
import { csv, save, svgText } from "./files";

export interface Point {
  /** A number or the milliseconds of a time; for bars the place. */
  x: number;
  /** null: nothing is known here; the line is broken. */
  y: number | null;
  /** The interval around y. */
  lo?: number | null;
  hi?: number | null;
  /** What x is called, where a number does not say it. */
  label?: string;
}

export interface Series {
  name: string;
  points: Point[];
}

export interface Axis {
  label: string;
  format?(v: number): string;
  min?: number;
  max?: number;
}

export interface ChartProps {
  kind: "line" | "bars";
  title: string;
  series: Series[];
  x: Axis;
  y: Axis;
  height?: number;
  /** A level to hold values against. */
  mark?: { y: number; label: string };
  /** The line y = x, for calibration. */
  diagonal?: boolean;
}

const dashes = ["", "7 4", "2 3", "10 3 2 3", "4 2", "12 4"];
const pad = { top: 14, right: 18, bottom: 34, left: 54 };

/** Round values of an axis: about count of them. */
export function ticks(min: number, max: number, count: number): number[] {
  const span = max - min || Math.abs(max) || 1;
  const raw = span / Math.max(1, count);
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * ten).find((s) => s >= raw) ?? raw;
  const out: number[] = [];
  for (let v = Math.ceil(min / step) * step; v <= max + step * 1e-6; v += step) out.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return out;
}

function extent(p: ChartProps) {
  const xs = p.series.flatMap((s) => s.points.map((q) => q.x));
  const ys = p.series.flatMap((s) => s.points.flatMap((q) => [q.y, q.lo, q.hi])).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  if (p.mark) ys.push(p.mark.y);
  const x0 = p.x.min ?? Math.min(...xs), x1 = p.x.max ?? Math.max(...xs);
  const lowest = Math.min(...ys), highest = Math.max(...ys);
  const y0 = p.y.min ?? (p.kind === "bars" ? Math.min(0, lowest) : lowest - (highest - lowest || Math.abs(highest) || 1) * 0.08);
  let y1 = p.y.max ?? highest + (highest - lowest || Math.abs(highest) || 1) * 0.08;
  if (y1 <= y0) y1 = y0 + 1;
  return { x0, x1: x1 === x0 ? x0 + 1 : x1, y0, y1, any: ys.length > 0 && xs.length > 0 };
}

export function Chart(p: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const [width, setWidth] = useState(640);
  const [at, setAt] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const id = useId();
  const height = p.height ?? 260;
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(240, el.clientWidth)));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  const e = useMemo(() => extent(p), [p.series, p.x, p.y, p.mark]);
  const places = useMemo(() => [...new Set(p.series.flatMap((s) => s.points.map((q) => q.x)))].sort((a, b) => a - b), [p.series]);
  const inner = { w: width - pad.left - pad.right, h: height - pad.top - pad.bottom };
  const band = p.kind === "bars" ? inner.w / Math.max(1, places.length) : 0;
  const X = (x: number) => pad.left + (p.kind === "bars" ? (places.indexOf(x) + 0.5) * band : ((x - e.x0) / (e.x1 - e.x0)) * inner.w);
  const Y = (y: number) => pad.top + inner.h - ((Math.min(e.y1, Math.max(e.y0, y)) - e.y0) / (e.y1 - e.y0)) * inner.h;
  const fx = (x: number) => p.series.flatMap((s) => s.points).find((q) => q.x === x && q.label)?.label ?? (p.x.format ?? ((v: number) => number(v, 2)))(x);
  const fy = p.y.format ?? ((v: number) => number(v, 2));
  const rows = places.map((x) => [fx(x), ...p.series.map((s) => s.points.find((q) => q.x === x))] as [string, ...(Point | undefined)[]]);

  const move = (clientX: number) => {
    const r = svg.current?.getBoundingClientRect();
    if (!r || places.length === 0) return;
    const px = clientX - r.left;
    setAt(places.reduce((best, x, i) => (Math.abs(X(x) - px) < Math.abs(X(places[best]!) - px) ? i : best), 0));
  };
  const onKeyDown = (ev: KeyboardEvent) => {
    const last = places.length - 1;
    const to = { ArrowRight: Math.min(last, (at ?? -1) + 1), ArrowLeft: Math.max(0, (at ?? last + 1) - 1), Home: 0, End: last }[ev.key];
    if (ev.key === "Escape") setAt(null);
    else if (to !== undefined) setAt(to);
    else return;
    ev.preventDefault();
  };
  const value = (q: Point | undefined) =>
    q?.y == null ? common("noValue") : fy(q.y) + (q.lo != null && q.hi != null ? ` (${common("from")} ${fy(q.lo)} ${common("to")} ${fy(q.hi)})` : "");
  const here = at === null ? undefined : places[at];
  const each = Math.max(1, Math.ceil((places.length * (band ? 58 : 96)) / inner.w));
  const xTicks = places.filter((_, i) => i % each === 0);

  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption>
        <span class="chart-title" id={id}>{p.title}</span>
        <span class="chart-actions">
          <Button small kind="quiet" icon={asTable ? "curve" : "columns"} onClick={() => setAsTable(!asTable)}>{common(asTable ? "chart" : "table")}</Button>
          <Button small kind="quiet" label={common("downloadSvg")} onClick={() => svg.current && save(p.title + ".svg", "image/svg+xml", svgText(svg.current))} disabled={asTable}>SVG</Button>
          <Button small kind="quiet" label={common("downloadCsv")} onClick={() => save(p.title + ".csv", "text/csv", csv([
            [p.x.label, ...p.series.flatMap((s) => [s.name, s.name + " " + common("from"), s.name + " " + common("to")])],
            ...rows.map(([x, ...qs]) => [x, ...(qs as (Point | undefined)[]).flatMap((q) => [q?.y ?? "", q?.lo ?? "", q?.hi ?? ""])]),
          ]))}>CSV</Button>
        </span>
      </figcaption>
      {p.series.length > 1 && !asTable && (
        <ul class="legend">
          {p.series.map((s, i) => (
            <li><svg width="30" height="12" aria-hidden="true">{p.kind === "bars" ? <rect x="8" y="1" width="14" height="10" rx="2" class={`bar s${i % 6}`} />
              : <><line x1="1" x2="29" y1="6" y2="6" class={`series s${i % 6}`} stroke-dasharray={dashes[i % 6]} /><Dot i={i} x={15} y={6} /></>}</svg>{s.name}</li>
          ))}
        </ul>
      )}
      <div class="chart-box" ref={box} hidden={asTable}>
        <svg ref={svg} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${p.title}. ${common("chartHelp")}`} tabIndex={0}
          onPointerMove={(ev) => move(ev.clientX)} onPointerLeave={() => setAt(null)} onKeyDown={onKeyDown} onBlur={() => setAt(null)}>
          {e.any && ticks(e.y0, e.y1, Math.max(2, inner.h / 46)).map((v) => (
            <g><line class="grid-line" x1={pad.left} x2={width - pad.right} y1={Y(v)} y2={Y(v)} /><text class="tick" x={pad.left - 8} y={Y(v) + 4} text-anchor="end">{fy(v)}</text></g>
          ))}
          {e.any && xTicks.map((x) => <text class="tick" x={X(x)} y={height - pad.bottom + 18} text-anchor="middle">{clip(fx(x), band ? band * each - 6 : 96)}</text>)}
          <line class="axis" x1={pad.left} x2={width - pad.right} y1={pad.top + inner.h} y2={pad.top + inner.h} />
          {p.diagonal && <line class="mark" x1={X(e.x0)} y1={Y(e.x0)} x2={X(e.x1)} y2={Y(e.x1)} />}
          {p.mark && <g><line class="mark" x1={pad.left} x2={width - pad.right} y1={Y(p.mark.y)} y2={Y(p.mark.y)} /><text class="tick" x={width - pad.right} y={Y(p.mark.y) - 5} text-anchor="end">{p.mark.label}</text></g>}
          {p.series.map((s, i) => p.kind === "line"
            ? <Line s={s} i={i} X={X} Y={Y} few={s.points.length <= 24} />
            : <Bars s={s} i={i} of={p.series.length} X={X} Y={Y} zero={Y(Math.max(0, e.y0))} band={band} />)}
          {here !== undefined && <line class="cross" x1={X(here)} x2={X(here)} y1={pad.top} y2={pad.top + inner.h} />}
        </svg>
        {here !== undefined && at !== null && (
          <div class={`chart-tip${X(here) > width / 2 ? " left" : ""}`} style={{ left: X(here) + "px" }}>
            <b>{fx(here)}</b>
            {p.series.map((s, i) => <div><span>{s.name}</span><span class="tip-value">{value(rows[at]?.[i + 1] as Point | undefined)}</span></div>)}
          </div>
        )}
        <div class="hidden" aria-live="polite">{here !== undefined && at !== null && fx(here) + ": " + p.series.map((s, i) => s.name + " " + value(rows[at]?.[i + 1] as Point | undefined)).join(", ")}</div>
      </div>
      {asTable && (
        <div class="chart-table" tabIndex={0} role="group" aria-label={p.title}>
          <table>
            <thead><tr><th scope="col">{p.x.label}</th>{p.series.map((s) => <th scope="col" class="end">{s.name}</th>)}</tr></thead>
            <tbody>{rows.map(([x, ...qs]) => <tr><th scope="row">{x}</th>{(qs as (Point | undefined)[]).map((q) => <td class="end">{value(q)}</td>)}</tr>)}</tbody>
          </table>
        </div>
      )}
    </figure>
  );
}

const clip = (s: string, width: number) => (s.length * 6.6 > width ? s.slice(0, Math.max(2, Math.floor(width / 6.6) - 1)) + "…" : s);

function Dot({ i, x, y }: { i: number; x: number; y: number }) {
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

function Line({ s, i, X, Y, few }: Drawn & { few: boolean }) {
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

function Bars({ s, i, of, X, Y, zero, band }: Drawn & { of: number; zero: number; band: number }) {
  const w = Math.min(56, (band * 0.72) / of);
  return (
    <g>
      {s.points.map((q) => {
        if (q.y === null) return null;
        const x = X(q.x) - (w * of) / 2 + w * i;
        const y = Y(q.y);
        return (
          <g>
            <rect class={`bar s${i % 6}`} x={x + 1} y={Math.min(y, zero)} width={Math.max(1, w - 2)} height={Math.max(1, Math.abs(zero - y))} rx="2" />
            {q.lo != null && q.hi != null && <path class="whisker" d={`M${x + w / 2} ${Y(q.lo)}V${Y(q.hi)}M${x + w / 2 - 4} ${Y(q.lo)}h8M${x + w / 2 - 4} ${Y(q.hi)}h8`} />}
          </g>
        );
      })}
    </g>
  );
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
