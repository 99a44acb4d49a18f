// Learning: whether answers get better. It leads to who and what about
// (acceptance), and to the topics that are slow.
import type { AcceptanceReport, LearningReport, OperatorList, RankerList } from "../../api.gen";
import { dateTime, number, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useApi } from "../../live";
import type { PageProps } from "../../pages";
import { href, useQuery } from "../../router";
import { Button, Card, Empty, Loaded, Notice, Page, Segments, Stack } from "../../ui";
import { Chart } from "../../ui/chart";
import { CurveCard, GroupTable, SpeedFigures, TopicTable, Ways } from "./curves";
import { daysAgo, Fared, fewest, monday, point, weekOf } from "./parts";
import { Topic } from "./topic";
import { t } from "./words";

export default function Progress({ rest }: PageProps) {
  if (rest[0] === "topics" && rest[1]) return <Topic key={rest.join("/")} kind={rest[1]} id={rest[2] ?? ""} />;
  return <Overview />;
}

function Overview() {
  const now = useApi<AcceptanceReport>("/v1/reports/acceptance", { by: "week", from: daysAgo(28) });
  const before = useApi<AcceptanceReport>("/v1/reports/acceptance", { from: daysAgo(56), to: daysAgo(28) });
  const weeks = useApi<AcceptanceReport>("/v1/reports/acceptance", { by: "week", from: daysAgo(364) });
  useKeys([{ keys: "r", label: t("refresh"), run: () => void Promise.all([now.reload(), before.reload(), weeks.reload()]) }]);
  const none = (d: AcceptanceReport) => d.whole.suggestions === 0 &&
    <Empty icon="curve" title={t("nothing")} action={<Button href={href("learning/jobs")} icon="clock">{t("toJobs")}</Button>}>{t("nothingBody")}</Empty>;
  return (
    <Page title={t("progress")} lead={t("progressLead")} actions={<Button href={href("learning/acceptance")} icon="people">{t("more")}</Button>}>
      <Loaded of={weeks} as="figures" empty={none}>
        {(year) => (
          <Stack gap="l">
            <Looks />
            <Card>
              <Loaded of={now} rows={3}>{(d) => <Lately now={d} before={before.data} />}</Loaded>
              <div class="learning-below"><Weeks report={year} /></div>
            </Card>
            <Learned />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** The answer in a sentence, and the figures that it rests on. */
function Lately({ now, before }: { now: AcceptanceReport; before: AcceptanceReport | undefined }) {
  const a = now.whole, use = a.any_use, old = before?.whole.any_use;
  if (use.value === null) return <p class="learning-verdict">{t("noneLately")}</p>;
  // The change is said only where neither share lies in the other's interval.
  const apart = old?.value != null && ((old.value < (use.low ?? 0) && use.value > (old.high ?? 1)) || (old.value > (use.high ?? 1) && use.value < (old.low ?? 0)));
  const by = old?.value == null ? 0 : use.value - old.value;
  return (
    <>
      <p class="learning-verdict">
        {t("good", { now: percent(use.value) })}{" "}
        {old?.value != null && <span class="soft">{apart ? t(by > 0 ? "better" : "worse", { by: number(Math.abs(by) * 100, 0) }) : t("same", { old: percent(old.value) })}</span>}
      </p>
      <Fared of={a} />
    </>
  );
}

/** What waits for a decision, if anything does. */
function Looks() {
  const rankers = useApi<RankerList>("/v1/rankers");
  const operators = useApi<OperatorList>("/v1/operators");
  const proven = rankers.data?.rankers.filter((r) => r.status === "proven").length ?? 0;
  const apart = operators.data?.operators.filter((o) => o.trust.listed && !o.override).length ?? 0;
  if (proven + apart === 0) return null;
  return (
    <Stack gap="s">
      {proven > 0 && <Notice tone="good" action={<Button small href={href("learning/rankers")}>{t("look")}</Button>}>{t("lookRanker", { n: proven })}</Notice>}
      {apart > 0 && <Notice tone="warn" action={<Button small href={href("learning/operators")}>{t("look")}</Button>}>{t("lookOperator", { n: apart })}</Notice>}
    </Stack>
  );
}

export function Weeks({ report }: { report: AcceptanceReport }) {
  const at = report.groups.map((g) => ({ g, x: monday(g.key) }));
  return (
    <Chart kind="line" title={t("byWeek")} height={240} x={{ label: t("week"), format: weekOf, time: true }} y={{ label: t("share"), format: (v) => percent(v), min: 0, max: 1 }} none={t("fewDrafts", { n: fewest })}
      series={[
        { name: t("anyUse"), points: at.map(({ g, x }) => ({ x, ...point(g.any_use) })) },
        { name: t("unchanged"), points: at.map(({ g, x }) => ({ x, ...point(g.accepted_unchanged) })) },
      ]} />
  );
}

function Learned() {
  const [asked, setBy] = useQuery("by");
  const by = asked === "team" || asked === "language" ? asked : "topic";
  const report = useApi<LearningReport>("/v1/reports/learning", { by });
  return (
    <Loaded of={report} as="figures" empty={(d) => d.whole.encounters === 0 && <Card><Empty icon="curve" title={t("nothing")}>{t("nothingBody")}</Empty></Card>}>
      {(d) => {
        const groups = by === "team" ? d.teams : d.languages;
        return (
          <Stack gap="l">
            <Card title={t("curve")} lead={t("curveLead")} actions={<Segments label={t("by")} value={by} onChange={(v) => setBy(v === "topic" ? "" : v)}
              options={[{ value: "topic", label: t("topic") }, { value: "team", label: t("team") }, { value: "language", label: t("language") }]} />}>
              <Stack>
                <SpeedFigures speed={d.whole} level={d.level} />
                <CurveCard whole={d.whole} groups={by === "topic" ? undefined : groups} by={by} />
                <p class="soft small-text">{d.whole.target === null ? t("noTarget") : t("targetNote", { target: number(d.whole.target, 2) })} {t("asOf", { when: dateTime(d.computed_at) })} {d.unsorted > 0 && t("unsorted", { n: d.unsorted })}</p>
                <Ways speed={d.whole} />
              </Stack>
            </Card>
            <Card title={by === "topic" ? t("topics") : t("groupsOf", { by: t(by).toLowerCase() })} flush>
              {by === "topic" ? <TopicTable topics={d.topics} /> : <GroupTable groups={groups} by={by} level={d.level} />}
            </Card>
          </Stack>
        );
      }}
    </Loaded>
  );
}
