// A list of sources with what each signal gives them.
import type { Parts, SourceView } from "../../api.gen";
import { languageName, number } from "../../i18n";
import { linkTo } from "../../palette";
import { Badge, Card, Disclosure, Facts, Icon } from "../../ui";
import { t } from "./words";

const names = ["title", "body", "letters", "place", "meaning", "cases", "learned", "beside"] as const;
type Part = (typeof names)[number];
const capital = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);
const label = (p: Part): string => t.any("p" + capital(p));
const meaning = (p: Part): string => t.any("h" + capital(p));
const value = (parts: Parts, p: Part): number => parts[p] ?? 0;
const total = (parts: Parts): number => names.reduce((n, p) => n + value(parts, p), 0);
const signed = (x: number): string => (x > 0 ? "+" : "") + number(x, 3);

/** By how many places each source stands higher than without what was learned; Infinity: it was not there. */
export function movesOf(now: SourceView[], bare: SourceView[]): Map<string, number> {
  const before = new Map(bare.map((s, i) => [s.id, i]));
  return new Map(now.map((s, i) => [s.id, before.has(s.id) ? before.get(s.id)! - i : Infinity]));
}

export function Ranking({ title, lead, sources, moves, others }: { title: string; lead: string; sources: SourceView[]; moves?: Map<string, number>; others?: SourceView[] }) {
  const scale = Math.max(...sources.map((s) => total(s.parts)), 0.5);
  const kept = others && new Set(others.map((s) => s.id));
  return (
    <Card title={title} lead={lead} flush>
      <ol class="try-list" aria-label={title}>
        {sources.map((s, i) => <Source s={s} at={i} next={sources[i + 1]} only={sources.length === 1} scale={scale} move={moves?.get(s.id)} gone={kept && !kept.has(s.id)} />)}
      </ol>
    </Card>
  );
}

function Source({ s, at, next, only, scale, move, gone }: { s: SourceView; at: number; next?: SourceView; only: boolean; scale: number; move?: number; gone?: boolean }) {
  const link = linkTo(s.kind, s.id);
  const shown = names.filter((p) => Math.abs(value(s.parts, p)) >= 0.0005).sort((a, b) => Math.abs(value(s.parts, b)) - Math.abs(value(s.parts, a)));
  const title = s.title || t("untitled");
  return (
    <li>
      <div class="try-head">
        <span class="try-rank">{at + 1}</span>
        <div class="try-name">
          {link ? <a class="row-title wrap" dir="auto" href={link}>{title}</a> : <span class="row-title wrap" dir="auto">{title}</span>}
          <span class="row-sub">{t(s.kind === "case" ? "isCase" : "isArticle")}{s.locale && " · " + languageName(s.locale)}{s.heading && <> · <span dir="auto">{s.heading}</span></>}</span>
        </div>
        <Move by={move} />
        {gone && <Badge tone="warn">{t("gone")}</Badge>}
        <strong class="num" title={number(total(s.parts), 4)}>{number(s.score, 2)}</strong>
      </div>
      {s.quarantined && <Badge tone="warn">{t("quarantined")}</Badge>}
      <div class="try-bar-parts" aria-hidden="true">
        {names.map((p) => value(s.parts, p) > 0 && <i class={"try-" + p} style={{ width: (value(s.parts, p) / scale) * 100 + "%" }} />)}
      </div>
      <ul class="try-parts">
        {shown.map((p) => <li title={meaning(p)}><i class={"try-" + p} aria-hidden="true" />{label(p)} <span class="num">{p === "learned" || p === "beside" || value(s.parts, p) < 0 ? signed(value(s.parts, p)) : number(value(s.parts, p), 3)}</span></li>)}
      </ul>
      <p class="try-why">{why(s, next, only)}</p>
      <Disclosure title={t("signals")}>
        <p class="try-quote" dir="auto">{s.quote}</p>
        <Facts items={Object.entries(s.signals).sort().map(([k, v]) => [t.any("s" + capital(k)), <span class="num">{number(v, 3)}</span>])} />
      </Disclosure>
    </li>
  );
}

function Move({ by }: { by?: number }) {
  if (!by) return null;
  if (by === Infinity) return <Badge tone="accent" title={t("came")}>+<span class="hidden">{t("came")}</span></Badge>;
  const text = t(by > 0 ? "up" : "down", { n: Math.abs(by) });
  return <span class={"try-move " + (by > 0 ? "rose" : "fell")} title={text}><Icon name={by > 0 ? "up" : "down"} size={14} />{Math.abs(by)}<span class="hidden">{text}</span></span>;
}

/** Why it stands before the next: the part in which it leads the most. */
function why(s: SourceView, next: SourceView | undefined, only: boolean): string {
  if (!next) return t(only ? "alone" : "lastOne");
  const by = total(s.parts) - total(next.parts);
  if (by < 0.0005) return t("aheadNear");
  const lead = (p: Part) => value(s.parts, p) - value(next.parts, p);
  const most = names.reduce((a, b) => (lead(b) > lead(a) ? b : a));
  return t("ahead", { by: number(by, 3), what: meaning(most), part: signed(lead(most)) });
}
