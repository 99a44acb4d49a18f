// The draft as text that is edited, and the stretches of it that rest on
// sources. Whoever answers edits what the customer will read: the markers of
// citations are taken out of it and become spans. All offsets here are those of
// JavaScript's strings; the API counts runes.
import type { AnswerView, Cited } from "../../api.gen";

export interface Span {
  start: number;
  end: number;
  /** What it said when it was drafted. */
  was: string;
  /** The number of its source, from 1; 0: no source supports it. */
  marker: number;
  source: string;
  /** Runes in the source's text. */
  from: number;
  to: number;
}

export interface Draft {
  text: string;
  spans: Span[];
}

/** A piece of a draft that is being written. */
export interface Piece {
  text: string;
  /** No source supports it. */
  bare: boolean;
}

/** A draft as it is edited: without markers, with spans. */
export function draftOf(answer: AnswerView, sources: Cited[]): Draft {
  const runes = Array.from(answer.text);
  const at: number[] = []; // of each rune: where it is in text; those of markers are where the next one is
  const cut = new Set<number>();
  const position: number[] = []; // of each code unit: its rune
  runes.forEach((r, i) => { for (let k = 0; k < r.length; k++) position.push(i); });
  for (const m of answer.text.matchAll(/\s*\[\d+\]/g)) {
    for (let k = m.index; k < m.index + m[0].length; k++) cut.add(position[k] ?? 0);
  }
  let text = "";
  runes.forEach((r, i) => {
    at.push(text.length);
    if (!cut.has(i)) text += r;
  });
  at.push(text.length);
  const place = (i: number) => at[Math.min(Math.max(i, 0), runes.length)] ?? 0;
  const span = (start: number, end: number, marker: number, source: string, from: number, to: number): Span => {
    let a = place(start), b = place(end);
    while (b > a && /\s/.test(text[b - 1] ?? "")) b--;
    while (a < b && /\s/.test(text[a] ?? "")) a++;
    return { start: a, end: b, was: text.slice(a, b), marker, source, from, to };
  };
  const spans = [
    ...answer.citations.map((c) => span(c.start, c.end, c.marker, c.source_id, c.from, c.to)),
    ...(answer.unproven ?? []).map((u) => span(u.start, u.end, 0, "", 0, 0)),
  ];
  return { text, spans: apart(spans).flatMap((s) => sentences(s, sources)) };
}

/** What has come of a draft so far, as it is edited: a stretch before a marker rests on its source, a bare piece on none. */
export function streamed(pieces: readonly Piece[], sources: Cited[]): Draft {
  const citations: AnswerView["citations"] = [], unproven: Required<AnswerView>["unproven"] = [];
  let text = "", length = 0;
  for (const p of pieces) {
    const runes = (to?: number) => length + Array.from(p.text.slice(0, to)).length;
    let from = 0;
    for (const m of p.bare ? [] : p.text.matchAll(/\s*\[(\d+)\]/g)) {
      const marker = Number(m[1]), source = sources[marker - 1];
      if (source && p.text.slice(from, m.index).trim()) citations.push({ marker, source_id: source.id, start: runes(from), end: runes(m.index), from: source.start, to: source.start });
      from = m.index + m[0].length;
    }
    if (p.bare) unproven.push({ start: length, end: runes() });
    text += p.text;
    length = runes();
  }
  return draftOf({ text, citations, method: "", notice: "", unproven }, sources);
}

/** A text without some of its spans, and what is left of the others. */
export function without(d: Draft, gone: (s: Span) => boolean): Draft {
  let text = "", at = 0;
  const spans: Span[] = [];
  for (const s of d.spans) {
    text += d.text.slice(at, s.start);
    if (gone(s)) text = text.replace(/[ \t]+$/, "");
    else {
      const start = text.length;
      text += d.text.slice(s.start, s.end);
      spans.push({ ...s, start, end: text.length });
    }
    at = s.end;
  }
  text += d.text.slice(at);
  return { text, spans };
}

// A sentence ends at a mark that a space follows, or with its line; numbers of lists end none.
const ends = /(?<=[^\d\s][.!?…]+["»”)]?)\s+|\n+/g;

/** The sentences of a span, each with the stretch of the source that says the same, if one does. */
function sentences(s: Span, sources: Cited[]): Span[] {
  const out: Span[] = [];
  const source = sources.find((c) => c.id === s.source);
  const said = source && letters(Array.from(source.quote));
  let after = 0; // sentences follow one another in their source
  const add = (from: number, to: number) => {
    const was = s.was.slice(from, to);
    if (!was.trim()) return;
    const one: Span = { ...s, start: s.start + from, end: s.start + to, was };
    const wanted = letters(Array.from(was)).text;
    const i = said && wanted ? said.text.indexOf(wanted, after) : -1;
    if (said && source && i >= 0) {
      after = i + wanted.length;
      one.from = source.start + (said.at[i] ?? 0);
      one.to = source.start + (said.at[after - 1] ?? 0) + 1;
    }
    out.push(one);
  };
  let from = 0;
  for (const m of s.was.matchAll(ends)) {
    add(from, m.index);
    from = m.index + m[0].length;
  }
  add(from, s.was.length);
  return out;
}

/** The letters and digits of a text, and of each which rune it is: what is left where markup differs. */
function letters(runes: string[]): { text: string; at: number[] } {
  let text = "";
  const at: number[] = [];
  runes.forEach((r, i) => {
    const low = r.toLowerCase();
    if (!/[\p{L}\p{N}]/u.test(r)) return;
    text += low;
    for (let k = 0; k < low.length; k++) at.push(i);
  });
  return { text, at };
}

/** Without those that are empty or lie in others, in order. */
function apart(spans: Span[]): Span[] {
  const out: Span[] = [];
  for (const s of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    const start = Math.max(s.start, last?.end ?? 0);
    if (start < s.end) out.push({ ...s, start });
  }
  return out;
}

/** The spans after the text was changed: they move along, and are gone once nothing of them is left. */
export function moved(spans: Span[], before: string, after: string): Span[] {
  if (before === after) return spans;
  let head = 0;
  const most = Math.min(before.length, after.length);
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const from = head, to = before.length - tail, by = after.length - before.length;
  const out: Span[] = [];
  for (const s of spans) {
    if (s.end <= from) out.push(s);
    else if (s.start >= to) out.push({ ...s, start: s.start + by, end: s.end + by });
    else if (s.start < from || s.end > to) {
      const start = s.start < from ? s.start : to + by;
      const end = s.end > to ? s.end + by : from;
      if (end > start) out.push({ ...s, start, end });
    }
  }
  return out;
}

/** The spans of a draft within a text that was made of it, such as one that a reload brought back. */
export function within(draft: Draft, text: string): Span[] {
  if (text === draft.text) return draft.spans;
  let after = 0;
  const found = draft.spans.map((s) => {
    const start = text.indexOf(s.was, after);
    if (start < 0) return undefined;
    after = start + s.was.length;
    return { ...s, start, end: after };
  });
  // One that is gone between two that are there was changed: what stands in its place is it.
  return draft.spans.flatMap((s, i) => {
    const here = found[i];
    if (here) return here;
    const start = i === 0 ? 0 : found[i - 1]?.end, end = i === draft.spans.length - 1 ? text.length : found[i + 1]?.start;
    if (start === undefined || end === undefined) return [];
    const between = text.slice(start, end), lead = between.length - between.trimStart().length;
    return between.trim() ? { ...s, start: start + lead, end: start + lead + between.trim().length } : [];
  });
}

/** Stretches of a text, one after the other: those of spans and those between. */
export function stretches(text: string, spans: Span[]): { text: string; span: number }[] {
  const out: { text: string; span: number }[] = [];
  let at = 0;
  spans.forEach((s, i) => {
    if (s.start > at) out.push({ text: text.slice(at, s.start), span: -1 });
    out.push({ text: text.slice(s.start, s.end), span: i });
    at = s.end;
  });
  if (at < text.length) out.push({ text: text.slice(at), span: -1 });
  return out;
}

export interface Passage {
  before: string;
  lit: string;
  after: string;
}

/** A source's quote without its Markdown, and the stretch of it from rune from to rune to of the source. */
export function passage(c: Cited, from = -1, to = -1): Passage {
  const runes = Array.from(c.quote);
  const parts: [string, string, string] = ["", "", ""];
  let lineStart = true;
  for (let i = 0; i < runes.length; i++) {
    const part = from < 0 || c.start + i < from ? 0 : c.start + i < to ? 1 : 2;
    const r = runes[i] ?? "";
    if (lineStart) {
      const rest = runes.slice(i, i + 200).join("");
      const mark = /^(#{1,6}\s+|:::.*\n?|\{%[^%]*%\}\s*|\|?[\s:|-]{3,}\|?\n)/.exec(rest);
      if (mark) {
        i += Array.from(mark[0]).length - 1;
        continue;
      }
    }
    lineStart = r === "\n";
    if (r === "*" && runes[i + 1] === "*") { i++; continue; }
    if (r === "`" || (r === "*" && runes[i - 1] === "*")) continue;
    parts[part] += r;
  }
  const tidy = (s: string) => s.replace(/\{[#%][^}]*\}/g, "").replace(/\n{3,}/g, "\n\n").replace(/^\s*\|\s*|\s*\|\s*$/gm, "").replace(/ *\| */g, " · ");
  const lit = tidy(parts[1]), after = tidy(parts[2]).trimEnd(), before = tidy(parts[0]).trimStart();
  return lit ? { before, lit, after } : { before: (before + after).trimEnd(), lit, after: "" };
}

/** A source's quote as it is put into a reply: whole, without the headings, which are the article's and not the answer's. */
export function insertion(c: Cited): string {
  const said = { ...c, quote: c.quote.replace(/^#{1,6}\s.*$/gm, "") };
  return (passage(said).before || passage(c).before).replace(/⟦[^⟧]*⟧/g, "…");
}
