// The reply in a field of its own, with the stretches that rest on sources
// underlined beneath it and their numbers at its edge. Beneath the field lies
// the same text, transparent: it draws the underlines, makes the field as high
// as its text, and tells which stretch is under the pointer.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Cited } from "../../api.gen";
import { Icon } from "../../ui";
import { stretches, type Span } from "./spans";
import { t } from "./words";

export interface EditorProps {
  text: string;
  spans: Span[];
  sources: Cited[];
  /** The span that is lit, -1: none. */
  lit: number;
  /** The source that is pointed at: all that rests on it is lit. */
  pointed: string;
  writing: boolean;
  disabled?: boolean;
  placeholder?: string;
  area: { current: HTMLTextAreaElement | null };
  onInput(text: string): void;
  onLit(span: number): void;
  onJump(span: Span): void;
  onUndo(): void;
  onRedo(): void;
}

interface Note {
  span: number;
  top: number;
}

const titleOf = (p: EditorProps, s: Span) =>
  s.marker ? t("restsOn", { n: s.marker, title: p.sources.find((c) => c.id === s.source)?.title ?? "" }) : t("unproven");

/** Whether a stretch rests on a source that waits to be confirmed, or says something else by now. */
const doubtful = (p: EditorProps, s: Span) => p.sources.some((c) => c.id === s.source && (c.quarantined || c.changed));

export function Editor(p: EditorProps) {
  const mirror = useRef<HTMLDivElement>(null);
  const [notes, setNotes] = useState<Note[]>([]);
  const [width, setWidth] = useState(0);

  useLayoutEffect(() => {
    const el = mirror.current;
    if (!el) return;
    const watch = new ResizeObserver(() => setWidth(el.clientWidth));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const el = mirror.current;
    if (!el) return;
    const top = el.getBoundingClientRect().top;
    const next: Note[] = [];
    let below = -100, marker = -1;
    for (const mark of el.querySelectorAll<HTMLElement>("[data-span]")) {
      const r = mark.getClientRects()[0];
      const own = p.spans[Number(mark.dataset.span)]?.marker ?? -1;
      if (!r || (own === marker && own > 0)) continue; // one number for sentences in a row that rest on the same
      marker = own;
      below = Math.max(r.top - top, below + 28);
      next.push({ span: Number(mark.dataset.span), top: below });
    }
    setNotes((was) => was.length === next.length && was.every((n, i) => n.top === next[i]?.top && n.span === next[i].span) ? was : next);
  }, [p.text, p.spans, width]);

  const under = (x: number, y: number): number => {
    for (const mark of mirror.current?.querySelectorAll<HTMLElement>("[data-span]") ?? []) {
      for (const r of mark.getClientRects()) if (x >= r.left && x <= r.right && y >= r.top - 2 && y <= r.bottom + 2) return Number(mark.dataset.span);
    }
    return -1;
  };
  const atCaret = () => {
    const at = p.area.current?.selectionStart ?? -1;
    return p.spans.findIndex((s) => at >= s.start && at < s.end);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === "Escape") p.area.current?.blur(); // the keys that move between tickets work then
    if (!(e.ctrlKey || e.metaKey) || e.altKey) return;
    const z = e.code === "KeyZ" || e.key.toLowerCase() === "z";
    if (z && !e.shiftKey) p.onUndo();
    else if ((z && e.shiftKey) || e.code === "KeyY") p.onRedo();
    else return;
    e.preventDefault();
  };
  const onKeyUp = (e: KeyboardEvent) => {
    if (e.key === "Tab") p.area.current?.scrollIntoView({ block: "nearest" }); // a browser shows the caret alone, which may be all that the bar leaves in sight
    p.onLit(atCaret());
  };
  return (
    <div class={`work-editor${p.writing ? " writing" : ""}`}>
      <div class="work-sheet">
        <div class="work-mirror" ref={mirror} aria-hidden="true" dir="auto">
          {stretches(p.text, p.spans).map((s) => {
            const span = p.spans[s.span];
            if (!span) return s.text;
            const kind = span.marker === 0 ? " unproven" : (doubtful(p, span) ? " doubtful" : "") + (s.text !== span.was ? " touched" : "");
            return <mark data-span={s.span} class={`work-span${kind}${p.lit === s.span || (p.pointed && p.pointed === span.source) ? " lit" : ""}`}>{s.text}</mark>;
          })}
          {p.writing && <i class="work-pen" />}{"\n"}
        </div>
        <textarea class="work-area" ref={p.area} value={p.text} dir="auto" aria-label={t("reply")} aria-busy={p.writing} readOnly={p.writing} disabled={p.disabled}
          placeholder={p.placeholder} spellcheck onInput={(e) => p.onInput(e.currentTarget.value)} onKeyDown={onKeyDown}
          onMouseMove={(e) => { if (e.buttons === 0) p.onLit(under(e.clientX, e.clientY)); }} onMouseLeave={() => p.onLit(document.activeElement === p.area.current ? atCaret() : -1)}
          onSelect={() => p.onLit(atCaret())} onKeyUp={onKeyUp} onBlur={() => p.onLit(-1)} />
      </div>
      <div class="work-notes">
        {notes.map((n) => {
          const span = p.spans[n.span];
          if (!span) return null;
          const changed = span.marker > 0 && p.text.slice(span.start, span.end) !== span.was;
          const label = titleOf(p, span) + (doubtful(p, span) ? " · " + t("quarantined") : "") + (changed ? " · " + t("touched") : "");
          const lit = (p.lit >= 0 && p.spans[p.lit]?.marker === span.marker) || (p.pointed && p.pointed === span.source);
          return (
            <button type="button" key={n.span} class={`work-note${span.marker ? "" : " unproven"}${doubtful(p, span) ? " doubtful" : ""}${changed ? " touched" : ""}${lit ? " lit" : ""}`} style={{ top: n.top + "px" }}
              title={label} aria-label={label} onMouseEnter={() => p.onLit(n.span)} onMouseLeave={() => p.onLit(-1)} onFocus={() => p.onLit(n.span)} onBlur={() => p.onLit(-1)}
              onClick={() => p.onJump(span)}>
              {span.marker || <Icon name="warn" size={14} />}
            </button>
          );
        })}
      </div>
    </div>
  );
}
