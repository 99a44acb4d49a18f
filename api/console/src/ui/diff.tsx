// What differs between two texts, word by word.
import { useMemo } from "preact/hooks";
import { common } from "../words";

export interface Change {
  kind: "same" | "added" | "removed";
  text: string;
}

const split = (s: string): string[] => s.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

/** The changes that make b of a. By the longest common subsequence of words; of lines where the texts are too long for that. */
export function changes(a: string, b: string): Change[] {
  const out: Change[] = [];
  const add = (kind: Change["kind"], text: string) => {
    if (!text) return;
    const last = out.at(-1);
    if (last?.kind === kind) last.text += text;
    else out.push({ kind, text });
  };
  const run = (x: string[], y: string[], finer: boolean) => {
    let start = 0;
    while (start < x.length && start < y.length && x[start] === y[start]) start++;
    let end = 0;
    while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
    add("same", x.slice(0, start).join(""));
    const p = x.slice(start, x.length - end);
    const q = y.slice(start, y.length - end);
    if (p.length * q.length > 4e6) {
      if (finer) run(p.join("").split(/(?<=\n)/), q.join("").split(/(?<=\n)/), false);
      else {
        add("removed", p.join(""));
        add("added", q.join(""));
      }
    } else common_(p, q, add);
    add("same", end ? x.slice(x.length - end).join("") : "");
  };
  run(split(a), split(b), true);
  return out;
}

function common_(p: string[], q: string[], add: (kind: Change["kind"], text: string) => void) {
  const w = q.length + 1;
  const len = new Uint32Array((p.length + 1) * w);
  for (let i = p.length - 1; i >= 0; i--) {
    for (let j = q.length - 1; j >= 0; j--) {
      len[i * w + j] = p[i] === q[j] ? len[(i + 1) * w + j + 1]! + 1 : Math.max(len[(i + 1) * w + j]!, len[i * w + j + 1]!);
    }
  }
  let i = 0, j = 0;
  while (i < p.length && j < q.length) {
    if (p[i] === q[j]) {
      add("same", p[i]!);
      i++;
      j++;
    } else if (len[(i + 1) * w + j]! >= len[i * w + j + 1]!) add("removed", p[i++]!);
    else add("added", q[j++]!);
  }
  add("removed", p.slice(i).join(""));
  add("added", q.slice(j).join(""));
}

const Changed = ({ of: c }: { of: Change }) => c.kind === "added" ? <ins><span class="hidden">{common("wordsAdded")}: </span>{c.text}</ins> : <del><span class="hidden">{common("wordsRemoved")}: </span>{c.text}</del>;

/** Both texts in one, with what was taken out struck and what came in underlined; side: only what is in one of them. */
export function Diff({ before, after, side }: { before: string; after: string; side?: "before" | "after" }) {
  const list = useMemo(() => changes(before, after), [before, after]);
  return (
    <div class="diff" dir="auto">
      {list.map((c) => c.kind === "same" ? c.text : side !== (c.kind === "added" ? "before" : "after") && <Changed of={c} />)}
    </div>
  );
}

/** The two texts beside each other, the differing words marked in each. */
export function Sides({ before, after, titles }: { before: string; after: string; titles: [string, string] }) {
  return (
    <div class="sides">
      <section><h3>{titles[0]}</h3><Diff before={before} after={after} side="before" /></section>
      <section><h3>{titles[1]}</h3><Diff before={before} after={after} side="after" /></section>
    </div>
  );
}

const around = 120;

function shortened(text: string, first: boolean, last: boolean): string {
  if (text.length <= 3 * around) return text;
  const head = first ? "" : text.slice(0, around).replace(/\S*$/, "");
  const tail = last ? "" : text.slice(-around).replace(/^\S*/, "");
  return (head + "\n…\n").trimStart() + tail.trimStart();
}

/** Both texts in one, as Diff; of long stretches that stay only the words around what changes are shown. What it says where nothing changes is same. */
export function Folded({ before, after, same }: { before: string; after: string; same?: string }) {
  const list = useMemo(() => changes(before.trimEnd(), after.trimEnd()), [before, after]);
  return (
    <div class="diff" dir="auto">
      {list.map((c, i) => c.kind === "same" ? (same && list.length === 1 ? <span class="soft">{same}</span> : list.length === 1 ? c.text : shortened(c.text, i === 0, i === list.length - 1)) : <Changed of={c} />)}
    </div>
  );
}
