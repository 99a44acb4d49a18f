// Charts that can be read without colour: series differ by dash, mark and
// pattern and are named at their ends, values appear under the pointer and by
// the arrow keys, and each chart has its table, its SVG and its CSV. The CSV is
// for programs: times as ISO 8601, shares from 0 to 1, decimal points.
//
//   <Chart kind="line" title={t("curve")} x={{ label: t("week"), format: (v) => day(v) }} y={{ label: t("accepted"), format: (v) => percent(v), min: 0, max: 1 }}
//     series={[{ name: "Доставка", points: [{ x: +new Date(w.at), y: w.share, lo: w.lo, hi: w.hi }] }]} />
//   <Chart kind="bars" … series={[{ name, points: [{ x: 0, label: "Доставка", y: 12 }] }]} />
//   <Sparkline values={[3, 5, 4, 9]} label={t("trend")} />
import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { number } from "../i18n";
import { common } from "../words";
import { Button } from "./button";
import { Bars, clip, dashes, Dot, Ends, filled, fold, Hatches, Line, wide } from "./chart_parts";
import { csv, save, svgText } from "./files";

export { Sparkline } from "./chart_parts";

export interface Point {
  /** A number or the milliseconds of a time; for bars the place. */
  x: number;
  /** null: nothing is known here; the line is broken. */
  y: number | null;
  /** The interval around y. */
  lo?: number | null;
  hi?: number | null;
  /** How many observations y rests on. */
  n?: number;
  /** What x is called, where a number does not say it. */
  label?: string;
}

export interface Series {
  name: string;
  points: Point[];
}

export interface Axis {
  label: string;
  /** Its values are times in milliseconds. */
  time?: boolean;
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
  /** What stands there when there is nothing to draw, such as that too little is known. */
  none?: string;
}


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

/** What the CSV calls a place on the x axis. */
function written(p: ChartProps, x: number, label: string | undefined): string | number {
  return p.x.time ? new Date(x).toISOString().replace("T00:00:00.000Z", "") : label ?? x;
}

function asCsv(p: ChartProps, places: number[]): string {
  const all = p.series.flatMap((s) => s.points);
  const ranged = all.some((q) => q.lo != null), counted = all.some((q) => q.n != null);
  const head = p.series.flatMap((s) => [s.name, ...(ranged ? [s.name + " " + common("from"), s.name + " " + common("to")] : []), ...(counted ? [s.name + " n"] : [])]);
  return csv([[p.x.label, ...head], ...places.map((x) => [
    written(p, x, all.find((q) => q.x === x && q.label)?.label),
    ...p.series.flatMap((s) => {
      const q = s.points.find((o) => o.x === x);
      return [q?.y ?? "", ...(ranged ? [q?.lo ?? "", q?.hi ?? ""] : []), ...(counted ? [q?.n ?? ""] : [])];
    }),
  ])]);
}

/** Which places have a tick: as many as do not touch each other. */
function ticked(places: number[], X: (x: number) => number, fx: (x: number) => string): number[] {
  let free = -Infinity;
  return places.filter((x) => {
    const half = Math.min(132, wide(fx(x))) / 2;
    if (X(x) - half < free) return false;
    free = X(x) + half + 14;
    return true;
  });
}

export function Chart(p: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const [width, setWidth] = useState(640);
  const [at, setAt] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(240, el.clientWidth)));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  const e = useMemo(() => extent(p), [p.series, p.x, p.y, p.mark]);
  const places = useMemo(() => [...new Set(p.series.flatMap((s) => s.points.map((q) => q.x)))].sort((a, b) => a - b), [p.series]);
  const bars = p.kind === "bars";
  const named = !bars && p.series.length > 1 && width >= 560; // at the ends of lines, where there is room
  const titled = !bars && !p.x.time;
  const numbered = titled && !p.series.some((s) => s.points.some((q) => q.label)); // round values then
  const ends = named ? [...p.series.map((s, i) => ({ text: clip(s.name, Math.max(170, width / 4)), y: s.points.findLast((q) => q.y !== null)?.y, i })), ...(p.mark ? [{ text: p.mark.label, y: p.mark.y, i: undefined }] : [])].filter((x) => x.y != null) : [];
  const pad = { top: 26, right: named ? 14 + Math.max(4, ...ends.map((x) => wide(x.text))) : 18, bottom: titled || bars ? 48 : 34, left: 54 };
  const height = (p.height ?? 260) + (titled || bars ? 14 : 0);
  const inner = { w: width - pad.left - pad.right, h: height - pad.top - pad.bottom };
  const band = bars ? inner.w / Math.max(1, places.length) : 0;
  const X = (x: number) => pad.left + (bars ? (places.indexOf(x) + 0.5) * band : ((x - e.x0) / (e.x1 - e.x0)) * inner.w);
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
  const value = (q: Point | undefined) => q?.y == null ? common("noValue")
    : fy(q.y) + (q.lo != null && q.hi != null ? ` (${common("from")} ${fy(q.lo)} ${common("to")} ${fy(q.hi)})` : "") + (q.n != null ? ` · n\u00a0=\u00a0${number(q.n)}` : "");
  const here = at === null ? undefined : places[at];
  const xTicks = bars ? places.filter((_, i) => i % Math.max(1, Math.ceil((places.length * 70) / inner.w)) === 0) : ticked(numbered ? ticks(e.x0, e.x1, inner.w / 56) : places, X, fx);
  const room = bars ? band * Math.max(1, Math.ceil((places.length * 70) / inner.w)) - 6 : 132;
  const anchor = (x: number) => (!bars && X(x) + wide(fx(x)) / 2 > width ? "end" : "middle");
  const drawn = e.any || !p.none;

  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption>
        <span class="chart-title" id={id}>{p.title}</span>
        {drawn && <span class="chart-actions">
          <Button small kind="quiet" icon={asTable ? "curve" : "columns"} onClick={() => setAsTable(!asTable)}>{common(asTable ? "chart" : "table")}</Button>
          <Button small kind="quiet" label={common("downloadSvg")} disabled={asTable}
            onClick={() => svg.current && save(p.title + ".svg", "image/svg+xml", svgText(svg.current, p.title, [...(legend.current?.children ?? [])]))}>SVG</Button>
          <Button small kind="quiet" label={common("downloadCsv")} onClick={() => save(p.title + ".csv", "text/csv", asCsv(p, places))}>CSV</Button>
        </span>}
      </figcaption>
      {p.series.length > 1 && !asTable && !named && drawn && (
        <ul class="legend" ref={legend}>
          {p.series.map((s, i) => (
            <li><svg width="30" height="12" aria-hidden="true">{bars ? <rect x="4" y="1" width="22" height="10" rx="2" class={`bar s${i % 6}`} fill={filled(id, i)} />
              : <><line x1="1" x2="29" y1="6" y2="6" class={`series s${i % 6}`} stroke-dasharray={dashes[i % 6]} /><Dot i={i} x={15} y={6} /></>}</svg><span>{s.name}</span></li>
          ))}
        </ul>
      )}
      {!drawn && <p class="chart-none">{p.none}</p>}
      <div class="chart-box" ref={box} hidden={asTable || !drawn}>
        <svg ref={svg} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${p.title}. ${common("chartHelp")}`} tabIndex={0}
          onPointerMove={(ev) => move(ev.clientX)} onPointerLeave={() => setAt(null)} onKeyDown={onKeyDown} onBlur={() => setAt(null)}>
          {bars && <Hatches id={id} n={p.series.length} />}
          {p.y.label !== p.title && <text class="tick" x="0" y="11">{clip(p.y.label, width)}</text>}
          {e.any && ticks(e.y0, e.y1, Math.max(2, inner.h / 46)).map((v) => (
            <g><line class="grid-line" x1={pad.left} x2={width - pad.right} y1={Y(v)} y2={Y(v)} /><text class="tick" x={pad.left - 8} y={Y(v) + 4} text-anchor="end">{fy(v)}</text></g>
          ))}
          {e.any && xTicks.map((x) => <text class="tick" x={anchor(x) === "end" ? width : X(x)} y={height - pad.bottom + 18} text-anchor={anchor(x)}>{fold(fx(x), room).map((line, i) => <tspan x={anchor(x) === "end" ? width : X(x)} dy={i * 14}>{line}</tspan>)}</text>)}
          {e.any && titled && <text class="tick" x={pad.left + inner.w / 2} y={height - 8} text-anchor="middle">{clip(p.x.label, inner.w)}</text>}
          <line class="axis" x1={pad.left} x2={width - pad.right} y1={pad.top + inner.h} y2={pad.top + inner.h} />
          {p.diagonal && <line class="mark" x1={X(e.x0)} y1={Y(e.x0)} x2={X(e.x1)} y2={Y(e.x1)} />}
          {p.mark && <g><line class="mark" x1={pad.left} x2={width - pad.right} y1={Y(p.mark.y)} y2={Y(p.mark.y)} />{!named && <text class="tick" x={pad.left + 4} y={Y(p.mark.y) - 5}>{p.mark.label}</text>}</g>}
          {p.series.map((s, i) => bars
            ? <Bars s={s} i={i} of={p.series.length} X={X} Y={Y} zero={Y(Math.max(0, e.y0))} band={band} id={id} say={fy} />
            : <Line s={s} i={i} X={X} Y={Y} few={s.points.length <= 24} />)}
          {named && <Ends ends={ends.map((x) => ({ ...x, y: Y(x.y!) }))} x={width - pad.right + 9} top={pad.top} bottom={pad.top + inner.h} />}
          {here !== undefined && <line class="cross" x1={X(here)} x2={X(here)} y1={pad.top} y2={pad.top + inner.h} />}
        </svg>
        {here !== undefined && at !== null && (
          <div class={`chart-tip${width < 820 ? " whole" : X(here) > width / 2 ? " left" : ""}`} style={width < 820 ? undefined : { left: X(here) + "px" }}>
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
