// The preview of a draft, each sentence that comes from tickets linked to them.
// The sentences are looked for in the text as it is: what an editor has changed
// is the editor's own.
import { cloneElement, isValidElement, toChildArray, type ComponentChildren, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { GapSentence } from "../../api.gen";
import { markdownNodes } from "../../ui/markdown";
import { t } from "./words";

// Marks that no text has: they are taken out of it before. The closing one is a
// space, so that no address swallows it.
const begin = "\ue000", end = "\u1680", first = 0xe001;
const cut = /(\ue000[\ue001-\uf8ff]|\u1680|\n)/;

/** The sentence without what only lays it out. */
const core = (s: string) => s.replace(/^\s*(?:[-*+]|\d+[.)]|#+|>)\s+/, "").trim();

interface Found {
  text: string;
  /** Which sentences are in it. */
  at: Set<number>;
}

/** The text with a mark around each sentence that is still in it as it was. */
export function marked(body: string, sentences: readonly GapSentence[]): Found {
  const clean = body.replace(/[\ue000-\uf8ff\u1680]/g, "");
  const spans: { from: number; to: number; i: number }[] = [];
  let last = 0;
  sentences.slice(0, 6000).forEach((s, i) => {
    const text = core(s.text);
    if (!text || text.includes("\n") || !s.tickets?.length) return;
    const after = clean.indexOf(text, last);
    const from = after >= 0 ? after : clean.indexOf(text);
    const to = from + text.length;
    if (from < 0 || spans.some((o) => from < o.to && o.from < to)) return;
    spans.push({ from, to, i });
    last = to;
  });
  spans.sort((a, b) => b.from - a.from);
  let text = clean;
  for (const s of spans) text = text.slice(0, s.from) + begin + String.fromCharCode(first + s.i) + text.slice(s.from, s.to) + end + text.slice(s.to);
  return { text, at: new Set(spans.map((s) => s.i)) };
}

type Wrap = (i: number, kids: ComponentChildren[]) => ComponentChildren;

function walk(children: ComponentChildren, wrap: Wrap): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let open: { i: number; kids: ComponentChildren[] } | undefined;
  const close = () => {
    if (open) out.push(wrap(open.i, open.kids));
    open = undefined;
  };
  const put = (c: ComponentChildren) => (open ? open.kids : out).push(c);
  for (const c of toChildArray(children)) {
    if (typeof c === "string") {
      for (const piece of c.split(cut)) {
        if (piece[0] === begin) {
          close();
          open = { i: piece.charCodeAt(1) - first, kids: [] };
        } else if (piece === end) close();
        else if (piece) {
          if (piece === "\n") close();
          put(piece);
        }
      }
    } else if (isValidElement(c)) {
      const v = c as VNode<{ children?: ComponentChildren }>;
      put(v.props.children === undefined ? v : cloneElement(v, undefined, ...walk(v.props.children, wrap)));
    } else put(c);
  }
  close();
  return out;
}

interface LinkedProps {
  body: string;
  sentences: readonly GapSentence[];
  /** Texts among them that replies tell differently, and nobody has decided. */
  open: readonly string[];
  lit: readonly string[];
  onLight(tickets: string[]): void;
}

export function Linked({ body, sentences, open, lit, onLight }: LinkedProps) {
  const nodes = useMemo(() => {
    const nodesOf = markdownNodes(marked(body, sentences).text);
    return (wrap: Wrap) => walk(nodesOf, wrap);
  }, [body, sentences]);
  return (
    <div class="markdown" dir="auto" onMouseLeave={() => onLight([])}>
      {nodes((i, kids) => {
        const tickets = sentences[i]?.tickets ?? [];
        return (
          <span class={`gaps-linked${tickets.some((x) => lit.includes(x)) ? " lit" : ""}${open.includes(sentences[i]?.text ?? "") ? " open" : ""}`} title={open.includes(sentences[i]?.text ?? "") ? t("told") : undefined} tabIndex={0} data-sentence={i}
            onMouseEnter={() => onLight(tickets)} onFocus={() => onLight(tickets)} onBlur={() => onLight([])}>{kids}</span>
        );
      })}
    </div>
  );
}
