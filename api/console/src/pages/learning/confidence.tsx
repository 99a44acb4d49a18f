// Learning → Confidence: what became of drafts of each confidence, the curve of
// each language that corrects it, and from when on answers may go out without
// a person.
import type { AcceptanceReport, Beliefs, UnattendedRun } from "../../api.gen";
import { collate, dateTime, languageName, number, percent } from "../../i18n";
import { useApi } from "../../live";
import { href } from "../../router";
import { Button, Card, Empty, Facts, Loaded, Page, Stack } from "../../ui";
import { Chart } from "../../ui/chart";
import { daysAgo, fewest, point } from "./parts";
import { t } from "./words";

const nameOf = (code: string): string => {
  const name = code ? languageName(code) : t("language_all");
  return name.charAt(0).toUpperCase() + name.slice(1);
};

export default function Confidence() {
  const beliefs = useApi<Beliefs>("/v1/beliefs");
  return (
    <Page title={t("confidence")} lead={t("confidenceLead")}>
      <Loaded of={beliefs} as="figures" empty={(b) => !b.calibration && !b.unattended && !b.topics?.length &&
        <Empty icon="flag" title={t("noBeliefs")} action={<Button href={href("learning/jobs", "calibrate")} icon="clock">{t("toJobs")}</Button>}>{t("noBeliefsBody")}</Empty>}>
        {(b) => (
          <Stack>
            <Told />
            <Curves beliefs={b} />
            {b.unattended && <Card title={t("unattended")}><Stack>{Object.entries(b.unattended).sort(([x], [y]) => collate(x, y)).map(([code, run]) => <p><b>{nameOf(code)}.</b> {promise(run)}</p>)}</Stack></Card>}
            <Card><Facts items={[
              [t("through"), dateTime(b.through)], !!b.topics && [t("asTopics"), number(b.topics.length)],
              b.case_weight !== undefined && [t("caseWeight"), number(b.case_weight, 2)], b.known_weight !== undefined && [t("knownWeight"), number(b.known_weight, 2)],
            ]} />
              {b.case_weight !== undefined && <p class="soft small-text learning-note">{t("weights")}</p>}</Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** What operators were told, held against what became of it. */
function Told() {
  const report = useApi<AcceptanceReport>("/v1/reports/acceptance", { by: "confidence", from: daysAgo(84) });
  return (
    <Card>
      <Loaded of={report} rows={4}>
        {(d) => {
          const points = d.groups.filter((g) => g.drafts > 0).map((g) => ({ x: Number(g.key) + 0.05, label: number(Number(g.key) * 100, 0) + "–" + percent(Number(g.key) + 0.1), ...point(g.any_use) }));
          return (
            <Chart kind="line" title={t("told")} height={300} diagonal series={[{ name: t("anyUse"), points }]} none={t("fewDrafts", { n: fewest })}
              x={{ label: t("toldConfidence"), format: (v) => percent(v), min: 0, max: 1 }} y={{ label: t("anyUse"), format: (v) => percent(v), min: 0, max: 1 }} />
          );
        }}
      </Loaded>
      <p class="soft small-text learning-note">{t("howToReadTold")}</p>
    </Card>
  );
}

function promise(run: UnattendedRun): string {
  const sure = percent(1 - run.delta);
  if (run.threshold > 0) return t("promised", { threshold: percent(run.threshold), risk: percent(run.risk), sure });
  return run.labels > 0 && run.upper > 0 ? t("noPromise", { upper: percent(run.upper), risk: percent(run.risk), sure }) : t("noJudged");
}

function Curves({ beliefs: b }: { beliefs: Beliefs }) {
  const curves = Object.entries(b.calibration ?? {}).filter(([, c]) => c.points?.length).sort(([x], [y]) => (x ? 0 : 1) - (y ? 0 : 1) || collate(x, y)).slice(0, 6);
  if (curves.length === 0) return <Card title={t("calibration")}><p class="soft">{t("noJudged")}</p></Card>;
  // Read off at the same confidences for all languages.
  const at = Array.from({ length: 41 }, (_, i) => i / 40);
  return (
    <Card>
      <Chart kind="line" title={t("calibration")} height={340} diagonal x={{ label: t("raw"), format: (v) => percent(v), min: 0, max: 1 }} y={{ label: t("right"), format: (v) => percent(v), min: 0, max: 1 }}
        series={curves.map(([code, c]) => ({ name: nameOf(code) + " · " + t("labels", { n: c.labels }), points: at.map((x) => ({ x, y: apply(c.points as number[][], x) })) }))} />
      <p class="soft small-text learning-note">{t("howToRead")}</p>
    </Card>
  );
}

/** Straight lines between the points, as the service draws them. */
function apply(points: number[][], raw: number): number {
  const i = points.findIndex((p) => p[0]! >= raw);
  const b = points[i], a = points[i - 1];
  if (!b) return points.at(-1)![1]!;
  if (!a || b[0] === a[0]) return b[1]!;
  return a[1]! + ((raw - a[0]!) / (b[0]! - a[0]!)) * (b[1]! - a[1]!);
}
