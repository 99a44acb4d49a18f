// Markdown as nodes. Nothing is ever parsed as HTML: tags in the text are text,
// links go only where safeUrl lets them, images become links to them, because
// nothing is loaded from elsewhere.
import type { ComponentChildren, VNode } from "preact";
import { h } from "preact";
import { useMemo } from "preact/hooks";

/** The address if it is one that may be followed, and "" if not. */
export function safeUrl(url: string): string {
  const clean = url.replace(/[\u0000-\u0020\u007f]/g, "");
  return /^(https?:\/\/|mailto:)/i.test(clean) ? clean : "";
}

export function Markdown({ text, class: cls }: { text: string; class?: string }) {
  const nodes = useMemo(() => markdownNodes(text), [text]);
  return <div class={`markdown${cls ? " " + cls : ""}`} dir="auto">{nodes}</div>;
}

/** The nodes that Markdown draws, for a page that marks something in them. */
export const markdownNodes = (text: string): VNode[] => blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);

const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const deepest = 8;

function blocks(lines: string[], depth: number): VNode[] {
  const out: VNode[] = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i]!;
    let m: RegExpMatchArray | null;
    if (!line.trim()) i++;
    else if ((m = line.match(/^\s{0,3}(```+|~~~+)/))) {
      const fence = m[1]!;
      const code: string[] = [];
      for (i++; i < lines.length && !lines[i]!.trim().startsWith(fence); i++) code.push(lines[i]!);
      i++;
      out.push(<pre tabIndex={0}><code>{code.join("\n")}</code></pre>);
    } else if ((m = line.match(/^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/))) {
      // A page has one h1 and its parts have h2: a text's headings stand below.
      out.push(h("h" + Math.min(6, m[1]!.length + 2), {}, inline(m[2]!)));
      i++;
    } else if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) {
      out.push(<hr />);
      i++;
    } else if (/^\s{0,3}>/.test(line) && depth < deepest) {
      const quoted: string[] = [];
      for (; i < lines.length && /^\s{0,3}>/.test(lines[i]!); i++) quoted.push(lines[i]!.replace(/^\s{0,3}>\s?/, ""));
      out.push(<blockquote>{blocks(quoted, depth + 1)}</blockquote>);
    } else if (item.test(line) && depth < deepest) {
      const [node, next] = list(lines, i, depth);
      out.push(node);
      i = next;
    } else if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? "")) {
      const rows: string[][] = [];
      for (; i < lines.length && lines[i]!.includes("|"); i++) rows.push(cells(lines[i]!));
      out.push(table(rows));
    } else {
      const para: string[] = [];
      for (; i < lines.length && lines[i]!.trim() && (para.length === 0 || !/^\s{0,3}(#{1,6}\s|>|```|~~~|[-*+]\s|1[.)]\s)/.test(lines[i]!)); i++) para.push(lines[i]!.trim());
      out.push(<p>{inline(para.join("\n"))}</p>);
    }
  }
  return out;
}

const cells = (line: string) => line.trim().replace(/^\||\|$/g, "").split("|").map((c) => c.trim());

function table(rows: string[][]): VNode {
  return (
    <div class="md-table" tabIndex={0} role="group"><table>
      <thead><tr>{rows[0]!.map((c) => <th>{inline(c)}</th>)}</tr></thead>
      <tbody>{rows.slice(2).map((r) => <tr>{r.map((c) => <td>{inline(c)}</td>)}</tr>)}</tbody>
    </table></div>
  );
}

function list(lines: string[], at: number, depth: number): [VNode, number] {
  const first = lines[at]!.match(item)!;
  const ordered = /\d/.test(first[2]!);
  const indent = first[1]!.length;
  const items: VNode[] = [];
  let i = at;
  while (i < lines.length) {
    const m = lines[i]!.match(item);
    if (!m || m[1]!.length > indent + 1 || m[1]!.length < indent || /\d/.test(m[2]!) !== ordered) break;
    const inner = [m[3]!];
    for (i++; i < lines.length; i++) {
      const l = lines[i]!;
      const blank = !l.trim();
      if (blank && !/^\s{2,}\S/.test(lines[i + 1] ?? "")) break;
      if (!blank && l.search(/\S/) <= indent) break;
      inner.push(l.slice(Math.min(indent + 2, Math.max(0, l.search(/\S/)))));
    }
    items.push(<li>{inner.length === 1 ? inline(inner[0]!) : blocks(inner, depth + 1)}</li>);
    while (i < lines.length && !lines[i]!.trim() && item.test(lines[i + 1] ?? "")) i++;
  }
  return [ordered ? <ol start={parseInt(first[2]!, 10)}>{items}</ol> : <ul>{items}</ul>, i];
}

const spans = /\\([!-/:-@[-`{-~])|(`+)([\s\S]*?[^`])\2(?!`)|!?\[((?:[^[\]\\]|\\.){0,400})\]\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\s*\)|<((?:https?:\/\/|mailto:)[^\s<>]+)>|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?"'»])|(\*\*|__)(?=\S)([\s\S]*?\S)\8|([*_])(?=\S)([^*_\n]*?\S)\10(?![\p{L}\p{N}])|~~(?=\S)([\s\S]*?\S)~~/gu;

function inline(text: string, depth = 0): ComponentChildren[] {
  if (depth > deepest) return [text];
  const out: ComponentChildren[] = [];
  let last = 0;
  for (const m of text.matchAll(spans)) {
    // An underscore inside a word is no emphasis.
    if (m[10] === "_" && /[\p{L}\p{N}]$/u.test(text.slice(0, m.index))) continue;
    if (m.index < last) continue;
    out.push(text.slice(last, m.index));
    last = m.index + m[0].length;
    if (m[1] !== undefined) out.push(m[1]);
    else if (m[2] !== undefined) out.push(<code>{m[3]}</code>);
    else if (m[4] !== undefined) out.push(link(m[5] ?? "", m[4] ? inline(m[4], depth + 1) : [m[5]], m[0]));
    else if (m[6] !== undefined) out.push(link(m[6], [m[6]], m[0]));
    else if (m[7] !== undefined) out.push(link(m[7], [m[7]], m[0]));
    else if (m[8] !== undefined) out.push(<strong>{inline(m[9] ?? "", depth + 1)}</strong>);
    else if (m[10] !== undefined) out.push(<em>{inline(m[11] ?? "", depth + 1)}</em>);
    else if (m[12] !== undefined) out.push(<s>{inline(m[12], depth + 1)}</s>);
  }
  out.push(text.slice(last));
  return out;
}

function link(to: string, label: ComponentChildren[], raw: string): ComponentChildren {
  const url = safeUrl(to);
  return url ? <a href={url} target="_blank" rel="noopener noreferrer">{label}</a> : raw;
}
