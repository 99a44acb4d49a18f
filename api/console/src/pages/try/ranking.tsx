// A list of sources with what each signal gives them.
import type { ComponentChildren } from "preact";
import type { Parts, SourceView } from "../../api.gen";
import { languageName, number } from "../../i18n";
import { linkTo } from "../../palette";
import { readable } from "../../taken";
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

/** The sources in their order, each with why it stands where it does. */
export function Ranking({ title, lead, sources, bare }: { title: string; lead: string; sources: SourceView[]; bare: SourceView[] }) {
  const scale = Math.max(...sources.map((s) => total(s.parts)), 0.5);
  const moves = movesOf(sources, bare);
  // What counts also without learning is what a person decided.
  const decided = new Map(bare.map((s) => [s.id, value(s.parts, "learned")]));
  const legend = names.filter((p) => sources.some((s) => value(s.parts, p) >= 0.0005));
  return (
    <Card title={title} lead={lead} flush>
      <ul class="try-legend" aria-label={t("legend")}>{legend.map((p) => <li title={meaning(p)}><i class={"try-" + p} aria-hidden="true" />{label(p)}</li>)}</ul>
      <ol class="try-list" aria-label={title}>
        {sources.map((s, i) => <Source key={s.id} s={s} at={i} next={sources[i + 1]} only={sources.length === 1} scale={scale} move={moves.get(s.id)} by={decided.get(s.id)} />)}
      </ol>
    </Card>
  );
}

function Head({ s, at, place, children }: { s: SourceView; at: number; place?: ComponentChildren; children?: ComponentChildren }) {
  const link = linkTo(s.kind, s.id);
  const title = s.title || t("untitled");
  return (
    <div class="try-head">
      <span class="try-rank">{at + 1}</span>
      <div class="try-name">
        {link ? <a class="row-title wrap" dir="auto" href={link}>{title}</a> : <span class="row-title wrap" dir="auto">{title}</span>}
        <span class="row-sub">{t(s.kind === "case" ? "isCase" : "isArticle")}{s.locale && " · " + languageName(s.locale)}{s.heading && <> · <span dir="auto">{s.heading}</span></>}</span>
        {place}
      </div>
      {children}
    </div>
  );
}

const Bar = ({ s, scale }: { s: SourceView; scale: number }) => (
  <div class="try-bar-parts" aria-hidden="true">
    {names.map((p) => value(s.parts, p) > 0 && <i class={"try-" + p} title={label(p)} style={{ width: (value(s.parts, p) / scale) * 100 + "%" }} />)}
  </div>
);

function Source({ s, at, next, only, scale, move, by = 0 }: { s: SourceView; at: number; next?: SourceView; only: boolean; scale: number; move?: number; by?: number }) {
  const shown = names.filter((p) => Math.abs(value(s.parts, p)) >= 0.0005).sort((a, b) => Math.abs(value(s.parts, b)) - Math.abs(value(s.parts, a)));
  const most = Math.max(...shown.map((p) => Math.abs(value(s.parts, p))), 0.001);
  const learned = value(s.parts, "learned");
  return (
    <li>
      <Head s={s} at={at} place={<Move by={move} at={at} />}><strong class="num" title={number(total(s.parts), 4)}>{number(s.score, 2)}</strong></Head>
      {s.quarantined && <Badge tone="warn">{t("quarantined")}</Badge>}
      <Bar s={s} scale={scale} />
      <p class="try-why">{why(s, next, only)}{Math.abs(learned) >= 0.0005 && <strong class={learned > 0 ? "rose" : "fell"}> {t(by === learned ? "pinned" : learned > 0 ? "adds" : "takes", { by: number(Math.abs(learned), 3) })}</strong>}</p>
      <Disclosure title={t("signals")}>
        <ul class="try-parts">
          {shown.map((p) => (
            <li>
              <span>{label(p)} <span class="soft">{meaning(p)}</span></span>
              <span class="try-track" aria-hidden="true"><i class={"try-" + (value(s.parts, p) < 0 ? "less" : p)} style={{ width: (Math.abs(value(s.parts, p)) / most) * 100 + "%" }} /></span>
              <span class="num">{signed(value(s.parts, p))}</span>
            </li>
          ))}
          <li class="try-sum"><span>{t("sum")}</span><span /><strong class="num">{number(total(s.parts), 3)}</strong></li>
        </ul>
        <h3 class="try-sub">{t("passage")}</h3>
        <p class="try-quote" dir="auto">{readable(s.quote ?? "")}</p>
        <h3 class="try-sub">{t("raw")}</h3>
        <Facts items={Object.entries(s.signals).sort().map(([k, v]) => [t.any("s" + capital(k)), <span class="num">{number(v, 3)}</span>])} />
      </Disclosure>
    </li>
  );
}

/** The order without what was learned, in short: the places are what differs. */
export function Bare({ title, lead, sources, now }: { title: string; lead: string; sources: SourceView[]; now: SourceView[] }) {
  const scale = Math.max(...sources.map((s) => total(s.parts)), 0.5);
  const to = new Map(now.map((s, i) => [s.id, i]));
  return (
    <Card title={title} lead={lead} flush>
      <ol class="try-list try-short" aria-label={title}>
        {sources.map((s, i) => (
          <li key={s.id}>
            <Head s={s} at={i} place={!to.has(s.id) ? <Badge tone="warn">{t("gone")}</Badge> : to.get(s.id) !== i && <span class="soft small-text">{t("to", { n: to.get(s.id)! + 1 })}</span>} />
            <Bar s={s} scale={scale} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Move({ by, at }: { by?: number; at: number }) {
  if (!by) return null;
  if (by === Infinity) return <Badge tone="accent">{t("came")}</Badge>;
  return <span class={"try-move " + (by > 0 ? "rose" : "fell")}><Icon name={by > 0 ? "up" : "down"} size={14} />{t(by > 0 ? "up" : "down", { n: at + by + 1 })}</span>;
}

/** Why it stands before the next: the parts in which it leads the most. */
function why(s: SourceView, next: SourceView | undefined, only: boolean): string {
  if (!next) return t(only ? "alone" : "lastOne");
  if (total(s.parts) - total(next.parts) < 0.0005) return t("aheadNear");
  const lead = (p: Part) => value(s.parts, p) - value(next.parts, p);
  const best = [...names].sort((a, b) => lead(b) - lead(a)).filter((p) => lead(p) > 0);
  const two = best[1] && lead(best[1]) > lead(best[0]!) / 3;
  return two ? t("ahead2", { what: meaning(best[0]!), also: meaning(best[1]!) }) : t("ahead", { what: meaning(best[0]!) });
}
