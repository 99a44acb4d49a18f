// Texts with stretches marked in them: a draft with what rests on which source,
// a source's passage with what supports the draft. Stretches are counted in
// code points, as the API counts them.
import { cloneElement, isValidElement, toChildArray, type ComponentChildren, type VNode } from "preact";
import { markdownNodes } from "../ui/markdown";

export interface Citation {
  marker: number;
  source_id: string;
  start: number;
  end: number;
  from: number;
  to: number;
}

export interface Answer {
  text: string;
  citations: Citation[];
  unproven?: { start: number; end: number }[];
  method: string;
  notice?: string;
}

export interface Stretch {
  start: number;
  end: number;
  /** What it is, for the one who draws it. */
  id: number;
}

// Marks that no text has: they are taken out of it before. The closing one is a
// space, so that no address swallows it, and no end of a line.
const begin = "\ue000", end = "\u1680", first = 0xe001;
const cut = /(\ue000[\ue001-\uf8ff]|\u1680|\n|\[\d{1,2}\])/;

/** A draft's text as it is sent: without the markers. */
export const bare = (text: string): string => text.replace(/[ \t]*\[\d{1,2}\](?!\()/g, "").trim();

/** The text with a mark around each stretch, line by line: what lays a line out stays outside. */
export function marked(text: string, stretches: readonly Stretch[]): string {
  const runes = Array.from(text, (c) => (/[\ue000-\uf8ff\u1680\u2028]/.test(c) ? " " : c));
  const sorted = stretches.filter((s) => s.start < s.end).sort((a, b) => a.start - b.start || b.end - a.end).slice(0, 6000);
  let out = "", at = 0;
  for (const s of sorted) {
    const from = Math.max(at, s.start), to = Math.min(runes.length, s.end);
    if (from >= to) continue;
    out += runes.slice(at, from).join("");
    let fresh = from === 0 || runes[from - 1] === "\n";
    for (const line of runes.slice(from, to).join("").split(/(\n)/)) {
      const lead = line === "\n" ? "\n" : fresh ? /^\s*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)\s+)?/.exec(line)![0] : "";
      const rest = line.slice(lead.length);
      out += lead + (rest.trim() && !/^[|`~]/.test(rest) ? begin + String.fromCharCode(first + s.id) + rest + end : rest);
      fresh = line === "\n";
    }
    at = to;
  }
  return out + runes.slice(at).join("");
}

interface Draw {
  stretch(id: number, kids: ComponentChildren[]): ComponentChildren;
  marker?(n: number): ComponentChildren;
}

function walk(children: ComponentChildren, draw: Draw): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let open: { id: number; kids: ComponentChildren[] } | undefined;
  const close = () => {
    if (open) out.push(draw.stretch(open.id, open.kids));
    open = undefined;
  };
  const put = (c: ComponentChildren) => (open ? open.kids : out).push(c);
  for (const c of toChildArray(children)) {
    if (typeof c === "string") {
      for (const piece of c.split(cut)) {
        if (piece[0] === begin) {
          close();
          open = { id: piece.charCodeAt(1) - first, kids: [] };
        } else if (piece === end) close();
        else if (draw.marker && /^\[\d+\]$/.test(piece)) put(draw.marker(Number(piece.slice(1, -1))));
        else if (piece) {
          if (piece === "\n") close();
          put(piece);
        }
      }
    } else if (isValidElement(c)) {
      const v = c as VNode<{ children?: ComponentChildren }>;
      if (v.props.children === undefined) put(v);
      // A passage's headings are no headings of the panel.
      else if (typeof v.type === "string" && /^h\d$/.test(v.type)) put(<p class="widget-heading">{walk(v.props.children, draw)}</p>);
      else put(cloneElement(v, undefined, ...walk(v.props.children, draw)));
    } else put(c);
  }
  close();
  return out;
}

/** Markdown with stretches drawn by draw. */
export function Marked({ text, stretches, draw }: { text: string; stretches: readonly Stretch[]; draw: Draw }) {
  return <div class="markdown" dir="auto">{walk(markdownNodes(marked(text, stretches)), draw)}</div>;
}
