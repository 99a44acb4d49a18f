// Learning → Acceptance: what operators made of drafts, by week, team,
// operator, language and topic.
import type { AcceptanceReport, Group } from "../../api.gen";
import { date, languageName, number, percent } from "../../i18n";
import { useApi } from "../../live";
import { useQuery } from "../../router";
import { Button, Card, Empty, Loaded, Page, Segments, Stack, Table, Toolbar } from "../../ui";
import { Chart } from "../../ui/chart";
import { begin, Fared, fewest, monday, periods, point, ShareCell, asDay } from "./parts";
import { t } from "./words";
import { Weeks } from "./page";

const bys = ["week", "team", "operator", "language", "topic"] as const;
const inChart = 12;

export default function Acceptance() {
  const [askedBy, setBy] = useQuery("by");
  const [askedPeriod, setPeriod] = useQuery("period");
  const by = bys.find((b) => b === askedBy) ?? "week";
  const period = periods.find((p) => p === askedPeriod) ?? "p12w";
  const report = useApi<AcceptanceReport>("/v1/reports/acceptance", { by, from: begin(period) });
  return (
    <Page title={t("acceptance")} lead={t("acceptanceLead")}>
      <Toolbar>
        <Segments label={t("by")} value={by} onChange={(v) => setBy(v === "week" ? "" : v)} options={bys.map((b) => ({ value: b, label: b === "week" ? t("weekOne") : t(b) }))} />
        <Segments label={t("period")} value={period} onChange={(v) => setPeriod(v === "p12w" ? "" : v)} options={periods.map((p) => ({ value: p, label: t(p) }))} />
      </Toolbar>
      <Loaded of={report} as="figures" empty={(d) => d.whole.suggestions === 0 && <Empty icon="columns" title={t("noDrafts")} action={period !== "all" && <Button icon="history" onClick={() => setPeriod("all")}>{t("all")}</Button>}>{t("noDraftsBody")}</Empty>}>
        {(d) => (
          <Stack>
            <Card>
              <Fared of={d.whole} />
              <div class="learning-below">{by === "week" ? <Weeks report={d} /> : <Bars groups={d.groups} by={by} />}</div>
              <p class="soft small-text">{t("sureTo")} {by !== "week" && d.groups.length > charted(d.groups).length && t("first12", { n: inChart, few: fewest })}</p>
            </Card>
            <Card title={t("tableBy", { by: (by === "week" ? t("weekOne") : t(by)).toLowerCase() })} flush><All groups={d.groups} by={by} /></Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

const called = (g: Group, by: string) => (by === "week" ? date(asDay(monday(g.key))) : by === "language" && g.key ? languageName(g.key) : g.label || g.key || t(by === "topic" ? "noTopic" : "nobody"));

/** The groups that a chart has bars for: of the others too little is known. */
const charted = (groups: Group[]) => groups.filter((g) => g.any_use.of >= fewest).slice(0, inChart);

function Bars({ groups, by }: { groups: Group[]; by: string }) {
  const shown = charted(groups);
  return (
    <Chart kind="bars" title={t("chartBy", { by: t.any(by).toLowerCase() })} x={{ label: t.any("one_" + by) }} y={{ label: t("share"), format: (v) => percent(v), min: 0, max: 1 }} none={t("fewDrafts", { n: fewest })}
      series={[
        { name: t("anyUse"), points: shown.map((g, x) => ({ x, label: called(g, by), ...point(g.any_use) })) },
        { name: t("unchanged"), points: shown.map((g, x) => ({ x, label: called(g, by), ...point(g.accepted_unchanged) })) },
      ]} />
  );
}

function All({ groups, by }: { groups: Group[]; by: string }) {
  const share = (key: "any_use" | "accepted_unchanged" | "accepted_edited" | "abstained" | "replaced" | "rejected", title: string, wide: boolean) => ({
    key, title, align: "end" as const, width: 112, wide, sort: (a: Group, b: Group) => (a[key].value ?? -1) - (b[key].value ?? -1), cell: (g: Group) => <ShareCell of={g[key]} />,
  });
  return (
    <Table label={t("tableBy", { by: t.any(by).toLowerCase() })} rows={groups} id={(g) => g.key} rowHeight={60} columns={[
      { key: "key", title: t.any("one_" + by), main: true, cell: (g) => <><span class="row-title"><bdi>{called(g, by)}</bdi></span><span class="row-sub">{t("drafts")}: {number(g.drafts)}</span></> },
      share("any_use", t("anyUse"), false), share("accepted_unchanged", t("unchanged"), true), share("accepted_edited", t("edited"), true), share("replaced", t("replaced"), true), share("rejected", t("rejected"), true),
      { key: "distance", title: t("distance"), align: "end", width: 110, wide: true, sort: (a, b) => (a.edit_distance.mean ?? -1) - (b.edit_distance.mean ?? -1), cell: (g) => g.edit_distance.mean === null ? "–" : percent(g.edit_distance.mean) },
      share("abstained", t("abstained"), true),
    ]} />
  );
}
