// Learning curves: quality from encounter to encounter, expected and measured,
// and how long it takes until topics are proficient.
import { useState } from "preact/hooks";
import type { Band, ExpectedQuality, GroupSpeed, HowLong, Speed, TopicSpeed } from "../../api.gen";
import { languageName, number, percent } from "../../i18n";
import { go, href } from "../../router";
import { Badge, Button, Disclosure, Figure, Table } from "../../ui";
import { Chart, type Series } from "../../ui/chart";
import { about, fewest, interval, ShareCell } from "./parts";
import { t } from "./words";

/** The curve at any encounter: straight between the points that are known. */
function at(line: ExpectedQuality[], n: number): ExpectedQuality | undefined {
  const i = line.findIndex((q) => q.n >= n);
  const b = line[i], a = line[i - 1];
  if (!b) return line.at(-1);
  if (!a || b.n === n) return b;
  const part = (n - a.n) / (b.n - a.n);
  const mix = (x: number | null, y: number | null) => (x === null || y === null ? null : x + part * (y - x));
  return { n, value: mix(a.value, b.value), low: mix(a.low, b.low), high: mix(a.high, b.high) };
}

const label = (b: Band) => (b.to === 0 ? b.from + "+" : b.from === b.to ? String(b.from) : b.from + "–" + b.to);

/** What stands at each even step: how often a topic was met then. */
const steps = (all: Band[][]) => [...new Map(all.flat().filter((b) => b.quality.count > 0).map((b) => [b.from, b])).values()].sort((a, b) => a.from - b.from);

const expectedAt = (line: ExpectedQuality[], bands: Band[], along: Band[]) => along.flatMap((b, x) => {
  const own = bands.find((o) => o.from === b.from && o.quality.count > 0);
  const q = own && at(line, own.mean);
  return q ? [{ x, y: q.value, lo: q.low, hi: q.high, label: label(b), n: own.quality.count }] : [];
});

/** Expected and measured quality, from encounter to encounter. */
export function Quality({ title, line, bands, target, least = fewest }: { title: string; line: ExpectedQuality[]; bands: Band[]; target: number | null; least?: number }) {
  const along = steps([bands]);
  return <Along title={title} along={along} target={target} series={[
    { name: t("expected"), points: expectedAt(line, bands, along) },
    { name: t("measured"), points: along.map((b, x) => ({ x, y: b.quality.count < least ? null : b.quality.mean, label: label(b), n: b.quality.count })) },
  ]} />;
}

function Along({ title, series, along, target }: { title: string; series: Series[]; along: Band[]; target: number | null }) {
  const some = series.filter((s) => s.points.some((q) => q.y !== null));
  return (
    <Chart kind="line" height={280} title={title} series={some} x={{ label: t("encounter"), format: (v) => (along[v] ? label(along[v]) : ""), min: -0.3, max: Math.max(1, along.length - 1) + 0.3 }}
      y={{ label: t("quality"), format: (v) => number(v, 2), min: 0, max: 1 }} mark={target === null ? undefined : { y: target, label: t("target") }} none={t("fewEncounters")} />
  );
}

export const nameOf = (key: string, by: string) => (by === "language" && key ? languageName(key) : key || t("nobody"));

export function CurveCard({ whole: w, groups, by }: { whole: Speed; groups?: GroupSpeed[]; by: string }) {
  if (!groups?.length) return <Quality title={t("whole")} line={w.line} bands={w.by_encounter} target={w.target} />;
  const shown = groups.filter((g) => g.line.length > 0).slice(0, 4);
  const along = steps(shown.map((g) => g.by_encounter));
  return <Along title={t("groupsOf", { by: t.any(by).toLowerCase() })} along={along} target={w.target} series={shown.map((g) => ({ name: nameOf(g.key, by), points: expectedAt(g.line, g.by_encounter, along) }))} />;
}

const halfNote = (h: HowLong, level: number) =>
  h.median.value === null ? t("notHalf") : (h.median.low === null || h.median.high === null ? "" : interval(h.median, (v) => number(v)) + " · ") + t("half", { level: percent(level) });

export function SpeedFigures({ speed: s, level }: { speed: Speed; level: number }) {
  return (
    <div class="learning-figures">
      <Figure label={t("there")} value={t("thereOf", { n: s.encounters_to_proficient.ended, of: s.encounters_to_proficient.count })} note={t("encountersN", { n: s.encounters })} />
      <Figure label={t("toEncounters")} value={about(s.encounters_to_proficient.median)} note={halfNote(s.encounters_to_proficient, level)} />
      <Figure label={t("toDays")} value={about(s.days_to_proficient.median, 1)} note={halfNote(s.days_to_proficient, level)} />
    </div>
  );
}

export function Ways({ speed: s }: { speed: Speed }) {
  if (s.parts.length === 0) return null;
  return (
    <Disclosure title={t("parts")}>
      <Table label={t("parts")} rows={s.parts} id={(p) => p.from + p.to} columns={[
        { key: "part", title: t("part"), main: true, cell: (p) => <span class="wrap">{t.any(p.from)} → {t.any(p.to)}</span> },
        { key: "median", title: t("toDays"), width: 150, align: "end", cell: (p) => <>{about(p.days.median, 1)}<span class="learning-interval">{interval(p.days.median, (v) => number(v, 1))}</span></> },
        { key: "ended", title: t("ended"), width: 100, align: "end", wide: true, cell: (p) => number(p.days.ended) },
        { key: "open", title: t("open"), width: 100, align: "end", wide: true, cell: (p) => number(p.days.censored) },
      ]} />
    </Disclosure>
  );
}

export function Reached({ of: s }: { of: TopicSpeed }) {
  return s.reached
    ? <span title={interval(s.encounters_to_proficient, (v) => number(v))}><Badge tone="good">{t("reached")}</Badge></span>
    : <Badge tone="warn">{t("learning")}</Badge>;
}

export const reachedWords = (s: TopicSpeed) =>
  s.reached ? t("reachedAfter", { n: Math.max(1, Math.round(s.encounters_to_proficient.value ?? s.encounters)) }) : t("moreThan", { n: s.encounters });

const atFirst = 12;

export function TopicTable({ topics }: { topics: TopicSpeed[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
    <Table label={t("topics")} rows={all ? topics : topics.slice(0, atFirst)} id={(s) => s.kind + "/" + s.id} onOpen={(s) => go("learning", "topics", s.kind, s.id)} rowHeight={60} columns={[
      { key: "label", title: t("one_topic"), main: true, cell: (s) => <><a class="row-title" href={href("learning", "topics", s.kind, s.id)} tabIndex={-1} dir="auto">{s.label || s.id}</a><span class="row-sub">{reachedWords(s)}</span></> },
      { key: "state", title: t("state"), width: 140, wide: true, sort: (a, b) => Number(a.reached) - Number(b.reached), cell: (s) => <Reached of={s} /> },
      { key: "met", title: t("encounters"), width: 120, align: "end", wide: true, sort: (a, b) => a.encounters - b.encounters, cell: (s) => number(s.encounters) },
      { key: "unchanged", title: t("unchanged"), width: 130, align: "end", wide: true, sort: (a, b) => (a.accepted_unchanged.value ?? -1) - (b.accepted_unchanged.value ?? -1), cell: (s) => <ShareCell of={s.accepted_unchanged} /> },
      { key: "use", title: t("anyUse"), width: 130, align: "end", sort: (a, b) => (a.any_use.value ?? -1) - (b.any_use.value ?? -1), cell: (s) => <ShareCell of={s.any_use} /> },
    ]} />
    {!all && topics.length > atFirst && <p class="learning-all"><Button onClick={() => setAll(true)}>{t("showAll", { n: topics.length })}</Button></p>}
    </>
  );
}

export function GroupTable({ groups, by, level }: { groups: GroupSpeed[]; by: string; level: number }) {
  const long = (h: HowLong) => <span title={halfNote(h, level)}>{about(h.median, 1)}<span class="learning-interval">{interval(h.median, (v) => number(v))}</span></span>;
  return (
    <Table label={t("groupsOf", { by: t.any(by).toLowerCase() })} rows={groups} id={(g) => g.key} columns={[
      { key: "key", title: t.any("one_" + by), main: true, cell: (g) => <><span class="row-title"><bdi>{nameOf(g.key, by)}</bdi></span><span class="row-sub">{t("there")}: {t("thereOf", { n: g.encounters_to_proficient.ended, of: g.encounters_to_proficient.count })}</span></> },
      { key: "met", title: t("encounters"), width: 120, align: "end", wide: true, sort: (a, b) => a.encounters - b.encounters, cell: (g) => number(g.encounters) },
      { key: "to", title: t("toEncounters"), width: 170, align: "end", wide: true, cell: (g) => long(g.encounters_to_proficient) },
      { key: "days", title: t("toDays"), width: 150, align: "end", wide: true, cell: (g) => long(g.days_to_proficient) },
      { key: "use", title: t("anyUse"), width: 130, align: "end", sort: (a, b) => (a.any_use.value ?? -1) - (b.any_use.value ?? -1), cell: (g) => <ShareCell of={g.any_use} /> },
    ]} />
  );
}
