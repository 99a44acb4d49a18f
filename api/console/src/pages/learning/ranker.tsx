// One version: why it has its status, what it learned, and what can be done.
import type { Factors, RankerList, RankerView } from "../../api.gen";
import { date, dateTime, number, percent } from "../../i18n";
import { useApi } from "../../live";
import { go, href } from "../../router";
import { whyVersion } from "../../said/learning";
import { Card, Facts, Loaded, NotFound, Page, Select, Stack, Table } from "../../ui";
import { titleOf } from "../jobs/names";
import { enough, gateOf, verdict } from "./gate";
import { points } from "./parts";
import { Actions, Status, statusOf } from "./rankers";
import { SourceName } from "./source_name";
import { signed } from "./parts";
import { t } from "./words";

export const signals = ["title", "body", "grams", "place", "dense", "cases"] as const;
export const weight = (f: Factors | undefined, s: (typeof signals)[number]): number => f?.[s] || 1;

export function Ranker({ version }: { version: number }) {
  const ranker = useApi<RankerView>(Number.isInteger(version) ? "/v1/rankers/" + version : null);
  const list = useApi<RankerList>("/v1/rankers");
  const all = list.data?.rankers ?? [];
  const r = ranker.data;
  const others = all.filter((o) => o.version !== version);
  const reload = () => Promise.all([ranker.reload(), list.reload()]);
  return (
    <Page title={Number.isInteger(version) ? t("version", { n: version }) : t("noRanker")} back={{ label: t("backRankers"), href: href("learning/rankers") }} lead={r && t(`about_${r.status}`)}
      actions={r && <Actions ranker={r} all={all} reload={reload} />}>
      {!Number.isInteger(version) ? <NotFound title={t("noRanker")}>{t("noRankerBody")}</NotFound> : (
        <Loaded of={ranker} as="figures">
          {(r) => (
            <Stack>
              <Card>
                <Stack>
                  <Facts items={[[t("status"), <Status of={r} />], [t("since"), dateTime(r.status_at)], [t("created"), dateTime(r.created_at)],
                    typeof r.figures.job === "string" && [t("job"), titleOf(r.figures.job)], typeof r.figures.learned_from === "number" && [t("learnedFrom"), t("labels", { n: r.figures.learned_from })]]} />
                  {r.note && <p class="wrap learning-note">{whyVersion(r.note)}</p>}
                </Stack>
              </Card>
              <Gate of={r} />
              {others.length > 0 && (
                <div class="toolbar"><Select label={t("compare")} value="" placeholder={t("noCompare")} onChange={(v) => v && go("learning/rankers", version, { with: v })}
                  options={others.map((o) => ({ value: String(o.version), label: t("version", { n: o.version }) + " · " + statusOf(o) }))} /></div>
              )}
              <LearnedCard of={r} />
            </Stack>
          )}
        </Loaded>
      )}
    </Page>
  );
}

function Gate({ of: r }: { of: RankerView }) {
  const g = gateOf(r);
  return (
    <Card title={t("gate")}>
      <Stack>
        <p>{verdict(g)}</p>
        {g && g.questions >= enough && <Facts items={[
          [t("questions"), number(g.questions)], [t("differing"), number(g.differing)], [t("candidateFound"), percent(g.candidate, 1)], [t("servingFound"), percent(g.serving, 1)],
          [t("difference"), <>{points(g.difference)} <span class="soft">({t("interval", { low: points(g.low), high: points(g.high) })})</span></>],
          [t("against"), typeof r.figures.against === "number" && r.figures.against > 0 ? t("version", { n: r.figures.against }) : t("nothingLearned")],
          g.off_policy && [t("offPolicy"), t.any(g.off_policy.says)],
        ]} />}
      </Stack>
    </Card>
  );
}

const shown = 20;

/** The sources with an influence, by the most that they have: everywhere, or in one of their topics. */
export const strongest = (r: RankerView) =>
  Object.entries(r.learned?.sources ?? {}).map(([id, u]) => {
    const most = [u.whole, ...Object.values(u.by_topic ?? {})].reduce((a, b) => (Math.abs(b.bonus) > Math.abs(a.bonus) ? b : a));
    return { id, bonus: most.bonus * u.kept, topic: most !== u.whole, last: most.last };
  }).filter((s) => s.bonus !== 0).sort((a, b) => Math.abs(b.bonus) - Math.abs(a.bonus));

/** What a source adds, and that it does so in one topic alone. */
export const Bonus = ({ of: s }: { of: ReturnType<typeof strongest>[number] }) => <span class="num">{signed(s.bonus)}{s.topic && <span class="row-sub">{t("inTopic")}</span>}</span>;

function LearnedCard({ of: r }: { of: RankerView }) {
  const l = r.learned;
  if (!l) return null;
  const sources = strongest(r).slice(0, shown);
  const own = Object.keys(l.by_topic ?? {}).length;
  return (
    <>
      <Card title={t("signals")} lead={t("usual")}>
        <Stack>
          <dl class="learning-weights">
            {signals.map((s) => (
              <div><dt>{t(s)}</dt><dd><span class="learning-bar" style={{ "--w": (weight(l.factors, s) / 2) * 100 + "%" }} aria-hidden="true" /><span class="num">{number(weight(l.factors, s), 2)}</span></dd></div>
            ))}
          </dl>
          {own > 0 && <p class="soft small-text">{t("byTopicN", { n: own })}</p>}
          {l.tuned && <p class="soft small-text">{t("tuned")}</p>}
        </Stack>
      </Card>
      {sources.length > 0 && (
        <Card title={t("sourcesMost")} flush>
          <Table label={t("sourcesMost")} rows={sources} id={(s) => s.id} onOpen={(s) => go("learning/sources", s.id)} columns={[
            { key: "id", title: t("source"), main: true, cell: (s) => <SourceName id={s.id} /> },
            { key: "last", title: t("last"), width: 140, wide: true, cell: (s) => s.last ? date(s.last) : "–" },
            { key: "bonus", title: t("bonus"), width: 160, align: "end", sort: (a, b) => a.bonus - b.bonus, cell: (s) => <Bonus of={s} /> },
          ]} />
        </Card>
      )}
    </>
  );
}
