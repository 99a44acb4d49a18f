// A table for one row or a hundred thousand.
//
//   <Table label={t("gaps")} rows={gaps} id={(g) => g.id} onOpen={(g) => go("gaps", g.id)}
//     columns={[
//       { key: "label", title: t("topic"), main: true, cell: (g) => g.label, sort: (a, b) => collate(a.label, b.label) },
//       { key: "cost", title: t("cost"), align: "end", width: 110, cell: (g) => number(g.cost), sort: (a, b) => a.cost - b.cost },
//       { key: "last", title: t("last"), width: 130, wide: true, cell: (g) => ago(g.last_at) },
//     ]} />
//
// Up, down, Home, End, Page keys move between rows, Enter opens, Space selects.
// From 100 rows on only those in sight are drawn; all rows are equally high then.
//
// A list of pages is sorted by the server (sort: true, order, onOrder), or read
// to its end before it is sorted here (complete). Tail says below it how many
// there are, and what went wrong with the next page.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Pages } from "../live";
import { common } from "../words";
import { Button } from "./button";
import { Icon } from "./icon";
import { titled } from "./layout";
import { sayError } from "./states";

export interface Column<T> {
  key: string;
  title: string;
  /** What stands in a row; what can be pressed there is reached by Tab in the row that the arrows are in. */
  cell(row: T, reached: boolean): ComponentChildren;
  /** The column that says what the row is; one per table. */
  main?: boolean;
  align?: "end";
  /** In pixels; without it the column shares what is left. */
  width?: number;
  /** The title is for screen readers only, as over buttons. */
  bare?: boolean;
  /** Left out where the table is narrow (below 640 px). */
  wide?: boolean;
  /** True: the server orders by it, see onOrder. */
  sort?: ((a: T, b: T) => number) | true;
}

export interface TableProps<T> {
  label: string;
  rows: readonly T[];
  columns: Column<T>[];
  id(row: T): string;
  onOpen?(row: T): void;
  /** The row that is open beside the table. */
  current?: string;
  /** What a row is called where it is chosen; its id unless told. */
  called?(row: T): string;
  selected?: ReadonlySet<string>;
  onSelect?(ids: Set<string>): void;
  /** Called when the last rows come into sight: reads more. */
  onEnd?(): void;
  /** What stands instead of rows when there are none. */
  empty?: ComponentChildren;
  /** Of a row; 52 unless told. */
  rowHeight?: number;
  /** Of the whole; otherwise as high as its rows up to the window. */
  height?: string;
  /** By which column it is sorted at first, "-key" for descending; without it as rows come. */
  sorted?: string;
  /** How the server has ordered the rows: the key of a column, with - for descending. */
  order?: string;
  onOrder?(order: string): void;
  /** False while there are more rows than were read. */
  complete?: boolean;
  /** How many there are, read or not. */
  total?: number;
  class?(row: T): string;
}

const virtualFrom = 100;
// So many rows are drawn anew at once, and so many before and after those in sight.
const atOnce = 4, around = 8;
// How far from the end of what was read the next page is asked for, so that it is there when it is reached.
const ahead = 80;

export function Table<T>(p: TableProps<T>) {
  const [own, setOwn] = useState(p.sorted ?? "");
  const order = p.order ?? own;
  const setOrder = p.onOrder ?? setOwn;
  const [top, setTop] = useState(0); // the row at the upper edge, or up to three above it
  const [view, setView] = useState(800);
  const [active, setActive] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const height = p.rowHeight ?? 52;
  const rows = useMemo(() => {
    const by = p.columns.find((c) => c.key === order.replace(/^-/, ""))?.sort;
    if (typeof by !== "function" || p.complete === false) return p.rows;
    return [...p.rows].sort(order.startsWith("-") ? (a, b) => by(b, a) : by);
  }, [p.rows, order, p.complete]);
  const virtual = rows.length >= virtualFrom;
  const from = virtual ? Math.max(0, Math.min(top, rows.length) - around) : 0;
  const to = virtual ? Math.min(rows.length, top + Math.ceil(view / height) + atOnce + around) : rows.length;

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const watch = new ResizeObserver(() => setView(el.clientHeight));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  const sorting = order !== "" && !p.onOrder && p.complete === false;
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [order]);
  useEffect(() => {
    if ((sorting || to >= rows.length - (virtual ? ahead : 5)) && rows.length > 0) p.onEnd?.();
  }, [to, rows.length, sorting]);

  // When the row that had the focus goes, the one in its place has it.
  const held = useRef<{ el: Element; at: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const h = held.current;
    if (!h || h.el.isConnected || document.activeElement !== document.body) return;
    const row = box.current?.querySelector<HTMLElement>(`tr[data-at="${Math.min(h.at, rows.length - 1)}"]`);
    const next = row?.hasAttribute("tabindex") ? row : row?.querySelector<HTMLElement>("button, a");
    if (next?.matches(":disabled")) return; // until what was done is over
    held.current = undefined;
    if (next) next.focus({ preventScroll: true });
    else if (rows.length === 0) titled();
  });

  const interactive = p.onOpen || p.onSelect;
  const activeAt = useMemo(() => (active === "" ? 0 : Math.max(0, rows.findIndex((r) => p.id(r) === active))), [rows, active]);
  const scrolled = (y: number) => setTop(Math.floor(y / height / atOnce) * atOnce);
  const focusRow = (i: number) => {
    const row = rows[i];
    const el = box.current;
    if (!row || !el) return;
    setActive(p.id(row));
    if (virtual) {
      const y = i * height;
      if (y < el.scrollTop) el.scrollTop = y;
      else if (y + height * 2 > el.scrollTop + el.clientHeight) el.scrollTop = y + height * 2 - el.clientHeight;
      scrolled(el.scrollTop);
    }
    const at = () => el.querySelector<HTMLElement>(`tr[data-at="${i}"]`);
    // A row that is not drawn yet is in the next frame.
    if (at()) at()?.focus({ preventScroll: virtual });
    else requestAnimationFrame(() => at()?.focus({ preventScroll: true }));
  };
  const toggle = (id: string) => {
    const next = new Set(p.selected);
    if (!next.delete(id)) next.add(id);
    p.onSelect?.(next);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const tr = (e.target as HTMLElement).closest<HTMLElement>("tr[data-at]");
    if (!tr || e.target !== tr || e.ctrlKey || e.metaKey || e.altKey) return;
    const i = Number(tr.dataset.at);
    const page = Math.max(1, Math.floor(view / height) - 1);
    const step: Record<string, number> = { ArrowDown: i + 1, ArrowUp: i - 1, PageDown: i + page, PageUp: i - page, Home: 0, End: rows.length - 1 };
    const next = step[e.key];
    const row = rows[i];
    if (next !== undefined) focusRow(Math.min(rows.length - 1, Math.max(0, next)));
    else if (e.key === "Enter" && row && p.onOpen) p.onOpen(row);
    else if (e.key === " " && row && p.onSelect) toggle(p.id(row));
    else return;
    e.preventDefault();
  };

  const all = rows.length > 0 && p.selected?.size === rows.length;
  // One cell: where columns are left out, one that spans them all would bring them back, empty.
  const space = (h: number) => h > 0 && <tr class="space" aria-hidden="true"><td style={{ height: h + "px" }} /></tr>;
  return (
    <div class={`table-box${virtual ? " virtual" : ""}`} ref={box} onScroll={(e) => scrolled(e.currentTarget.scrollTop)} onKeyDown={onKeyDown}
      onFocusIn={(e) => { const el = e.target as Element; held.current = { el, at: Number(el.closest<HTMLElement>("tr[data-at]")?.dataset.at ?? 0) }; }}
      style={{ height: virtual ? (p.height ?? "min(70dvh, 900px)") : p.height }} tabIndex={virtual && !interactive ? 0 : undefined} role="region" aria-label={p.label}>
      <table aria-rowcount={p.total !== undefined ? p.total + 1 : p.complete === false ? -1 : rows.length + 1} aria-label={p.label}>
        <thead>
          <tr aria-rowindex={1}>
            {p.onSelect && (
              <th class="pick"><input type="checkbox" aria-label={common("selectAll")} checked={all}
                onChange={() => p.onSelect?.(all ? new Set() : new Set(rows.map(p.id)))} /></th>
            )}
            {p.columns.map((c) => (
              <th scope="col" class={`${c.align ?? ""}${c.wide ? " wide" : ""}`} style={c.width ? { width: c.width + "px" } : undefined}
                aria-sort={c.sort ? (order === c.key ? "ascending" : order === "-" + c.key ? "descending" : "none") : undefined}>
                {c.sort ? (
                  <button type="button" class="sort" title={common("sortBy", { what: c.title })} onClick={() => setOrder(order === c.key ? "-" + c.key : c.key)}>
                    {c.title}<Icon name={order === "-" + c.key ? "down" : order === c.key ? "up" : "minus"} size={12} />
                  </button>
                ) : c.bare ? <span class="hidden">{c.title}</span> : c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {space(from * height)}
          {rows.slice(from, to).map((row, k) => {
            const i = from + k;
            const id = p.id(row);
            return (
              <tr key={id} data-at={i} aria-rowindex={i + 2} style={virtual ? { height: height + "px" } : undefined}
                class={`${p.onOpen ? "opens" : ""}${p.current === id ? " current" : ""} ${p.class?.(row) ?? ""}`} aria-current={p.current === id || undefined}
                tabIndex={interactive ? (i === activeAt ? 0 : -1) : undefined} onFocus={() => setActive(id)}
                onClick={(e) => { if (!(e.target as HTMLElement).closest("a, button, input, select, label") && !getSelection()?.toString()) p.onOpen?.(row); }}>
                {p.onSelect && <td class="pick"><input type="checkbox" tabIndex={-1} aria-label={common("selectRow", { what: p.called?.(row) || id })} checked={p.selected?.has(id)} onChange={() => toggle(id)} /></td>}
                {p.columns.map((c) => <td class={`${c.align ?? ""}${c.wide ? " wide" : ""}${c.main ? " main" : c.bare ? " bare" : ""}`} dir={c.main ? "auto" : undefined}>{c.cell(row, !interactive || i === activeAt)}</td>)}
              </tr>
            );
          })}
          {space((rows.length - to) * height)}
        </tbody>
      </table>
      {rows.length === 0 && p.empty}
    </div>
  );
}

/** What stands below a list of pages: how many there are, and a failure of the next page with a way to go on. */
export function Tail<T>({ of: p }: { of: Pages<T> }) {
  if (p.error && p.rows.length > 0) return <div class="tail" role="alert">{sayError(p.error)}<Button small icon="refresh" onClick={p.more}>{common("retry")}</Button></div>;
  if (p.total === undefined || p.total === 0) return null;
  return <div class="tail">{p.complete ? common("inAll", { n: p.total }) : common("shownOf", { n: p.rows.length, total: p.total })}</div>;
}
