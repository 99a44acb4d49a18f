import { createContext, type ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { memory } from "../store";
import { common } from "../words";
import { Icon, type IconName } from "./icon";

/** Where the page that something stands on was come from. */
export const Back = createContext<{ label: string; href: string } | undefined>(undefined);

let moved = false;
addEventListener("hashchange", () => { moved = true; });

/** Puts the focus on the title: Tab goes on from there, and readers of screens hear it. */
export const titled = () => document.querySelector<HTMLElement>("#content h1")?.focus({ preventScroll: true });

/** Does so where what had the focus has gone. */
export const regain = () => { if (document.activeElement === document.body) titled(); };

/**
 * The frame of a page: its title, what it says in a line, its actions. Every
 * page draws exactly one.
 */
export function Page(p: {
  title: string; lead?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren;
  /** Where the page was come from: { label, href }. */
  back?: { label: string; href: string };
  /** full: as wide and high as the window, for panes beside each other. */
  full?: boolean;
}) {
  useEffect(() => {
    document.title = p.title + " · Whetstone";
  }, [p.title]);
  useEffect(() => {
    // The focus went with the page before; at the very start it is the browser's.
    if (moved) regain();
  }, []);
  return (
    <div class={`page${p.full ? " full" : ""}`}>
      <header class="page-head">
        <div class="page-title">
          {p.back && <a class="back" href={p.back.href}><Icon name="left" size={16} />{p.back.label}</a>}
          <h1 tabIndex={-1} dir="auto" title={p.title.length > 120 ? p.title : undefined}>{p.title}</h1>
          {p.lead && <p class="lead">{p.lead}</p>}
        </div>
        {p.actions && <div class="page-actions">{p.actions}</div>}
      </header>
      <div class="page-body"><Back.Provider value={p.back}>{p.children}</Back.Provider></div>
    </div>
  );
}

/** A part of a page with a heading. */
export function Card(p: { title?: ComponentChildren; icon?: IconName; lead?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren; flush?: boolean; class?: string }) {
  return (
    <section class={`card${p.flush ? " flush" : ""}${p.class ? " " + p.class : ""}`}>
      {(p.title || p.actions) && (
        <header class="card-head">
          <div>
            {p.title && <h2>{p.icon && <Icon name={p.icon} />}{p.title}</h2>}
            {p.lead && <p class="card-lead">{p.lead}</p>}
          </div>
          {p.actions && <div class="card-actions">{p.actions}</div>}
        </header>
      )}
      <div class="card-body">{p.children}</div>
    </section>
  );
}

/** Filters and actions above a list. */
export const Toolbar = ({ children }: { children: ComponentChildren }) => <div class="toolbar">{children}</div>;

/** Things under each other with even space; row: beside each other, wrapping. */
export const Stack = ({ children, row, gap }: { children: ComponentChildren; row?: boolean; gap?: "s" | "l" }) => (
  <div class={`stack${row ? " row" : ""}${gap ? " gap-" + gap : ""}`}>{children}</div>
);

/** Cards beside each other, as many as fit. */
export const Grid = ({ children, min = 280 }: { children: ComponentChildren; min?: number }) => (
  <div class="grid" style={{ "--min": min + "px" }}>{children}</div>
);

/** A status in a word. The tone is never the only sign: the word says it. */
export function Badge({ tone = "plain", children, icon, title }: { tone?: "plain" | "good" | "warn" | "bad" | "accent"; children: ComponentChildren; icon?: IconName; title?: string }) {
  return <span class={`badge ${tone}`} title={title}>{icon ? <Icon name={icon} size={14} /> : tone !== "plain" && <span class="dot" aria-hidden="true" />}{children}</span>;
}

/** A figure with what it means, and how it has changed. */
export function Figure({ value, label, note, tone }: { value: ComponentChildren; label: string; note?: ComponentChildren; tone?: "good" | "bad" }) {
  return (
    <div class="figure">
      <div class="figure-label">{label}</div>
      <div class="figure-value">{value}</div>
      {note && <div class={`figure-note ${tone ?? ""}`}>{note}</div>}
    </div>
  );
}

/** Names and values under each other. */
export function Facts({ items }: { items: ([string, ComponentChildren] | null | false | undefined)[] }) {
  return (
    <dl class="facts">
      {items.map((it) => it && <div><dt>{it[0]}</dt><dd>{it[1]}</dd></div>)}
    </dl>
  );
}

export function Tabs({ label, value, onChange, tabs }: { label: string; value: string; onChange(value: string): void; tabs: { value: string; label: ComponentChildren; count?: number }[] }) {
  const box = useRef<HTMLDivElement>(null);
  const move = (e: KeyboardEvent) => {
    const i = tabs.findIndex((t) => t.value === value);
    const to = e.key === "ArrowRight" ? i + 1 : e.key === "ArrowLeft" ? i - 1 : e.key === "Home" ? 0 : e.key === "End" ? tabs.length - 1 : -2;
    if (to === -2) return;
    e.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.value);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={box} onKeyDown={move}>
      {tabs.map((t) => (
        <button type="button" role="tab" aria-selected={t.value === value} tabIndex={t.value === value ? 0 : -1} onClick={() => onChange(t.value)}>
          {t.label}{t.count !== undefined && <span class="count">{t.count}</span>}
        </button>
      ))}
    </div>
  );
}

/** The content of a tab. */
export const TabPanel = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <div class="tab-panel" role="tabpanel" aria-label={label} tabIndex={0}>{children}</div>
);

/** A part that opens and closes. */
export function Disclosure({ title, children, open }: { title: ComponentChildren; children: ComponentChildren; open?: boolean }) {
  return (
    <details class="disclosure" open={open}>
      <summary><Icon name="right" size={14} />{title}</summary>
      <div>{children}</div>
    </details>
  );
}

/**
 * Two panes with a divider that is moved by pointer or arrow keys and
 * remembered under name; under each other where it is narrow.
 */
export function Splitter({ name, initial = 50, min = 20, max = 80, children }: { name: string; initial?: number; min?: number; max?: number; children: [ComponentChildren, ComponentChildren] }) {
  const [at, setAt] = useState(() => Number(memory.get("split." + name)) || initial);
  const box = useRef<HTMLDivElement>(null);
  const set = (x: number) => {
    const v = Math.round(Math.min(max, Math.max(min, x)));
    setAt(v);
    memory.set("split." + name, String(v));
  };
  return (
    <div class="split" ref={box} style={{ "--at": at + "%" }}>
      <div class="split-pane first">{children[0]}</div>
      <div class="split-bar" role="separator" tabIndex={0} aria-orientation="vertical" aria-label={common("resize")} aria-valuenow={at} aria-valuemin={min} aria-valuemax={max}
        onKeyDown={(e) => {
          const to = { ArrowLeft: at - 2, ArrowRight: at + 2, Home: min, End: max }[e.key];
          if (to === undefined) return;
          e.preventDefault();
          set(to);
        }}
        onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
        onPointerMove={(e) => {
          if (!e.currentTarget.hasPointerCapture(e.pointerId) || !box.current) return;
          const r = box.current.getBoundingClientRect();
          set(((e.clientX - r.left) / r.width) * 100);
        }} />
      <div class="split-pane">{children[1]}</div>
    </div>
  );
}
