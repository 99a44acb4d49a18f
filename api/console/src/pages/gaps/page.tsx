// Gaps: what customers ask and the knowledge base does not answer, the
// costliest first. One of them opens in gap.tsx.
import type { ComponentChildren } from "preact";
import type { GapView } from "../../api.gen";
import { withQuery } from "../../api";
import { collate } from "../../i18n";
import { useKeys } from "../../keys";
import { usePages, type Pages } from "../../live";
import type { PageProps } from "../../pages";
import { go, href, useQuery } from "../../router";
import { Button, Card, Empty, Failure, Loading, Page, Segments, Select, Stack, Table, Tail, Toolbar } from "../../ui";
import { Sparkline } from "../../ui/chart";
import { Gap } from "./gap";
import { Owner, StatusBadge, spent } from "./parts";
import { useOwners } from "./people";
import { t } from "./words";

export default function Gaps({ rest }: PageProps) {
  return rest[0] ? <Gap key={rest[0]} id={rest[0]} /> : <List />;
}

const states = ["", "waiting", "closed", "dismissed"] as const;
const causes = ["uncovered", "not_found", "outdated", "restricted", "action"];

function List() {
  const [status, setStatus] = useQuery("status");
  const [cause, setCause] = useQuery("cause");
  const [owner, setOwner] = useQuery("owner");
  const query = { status, cause, owner };
  const gaps = usePages<GapView>("/v1/gaps", "gaps", { ...query, limit: 200 });
  useKeys([{ keys: "r", label: t("refresh"), run: () => void gaps.reload() }]);
  const owners = useOwners([owner, ...gaps.rows.map((g) => g.owner)]);
  const cost = gaps.rows.reduce((sum, g) => sum + g.cost, 0);
  const filtered = !!(status || cause || owner);
  return (
    <Page title={t("title")} lead={<>{t("lead")}{!status && cost > 0 && <> {gaps.complete ? t("sum", { cost: spent(cost) }) : t("sumMore", { n: gaps.rows.length, cost: spent(cost) })}</>}</>}
      actions={<Button icon="download" label={t("exportLabel")} href={withQuery("/v1/gaps/export", query)} download="gaps.csv">{t("export")}</Button>}>
      <Stack>
        <Toolbar>
          <Segments label={t("status")} value={status} onChange={setStatus} options={states.map((s) => ({ value: s, label: t.any(s === "waiting" ? "rare" : s || "todo") }))} />
          <Select bare label={t("cause")} value={cause} onChange={setCause} placeholder={t("anyCause")} options={causes.map((c) => ({ value: c, label: t.any(c) }))} />
          <Select bare label={t("owner")} value={owner} onChange={setOwner} placeholder={t("anyOwner")} options={owners} />
        </Toolbar>
        {gaps.error && gaps.rows.length === 0 ? <Failure error={gaps.error} retry={gaps.reload} /> : gaps.loading ? <Loading as="rows" rows={8} /> : (
          <Card flush><Rows list={gaps} empty={
            <Empty icon={filtered ? "filter" : "check"} title={t("none")} action={filtered ? <Button href={href("gaps")}>{t("showAll")}</Button> : <Button icon="spark" href={href("try")}>{t("tryOne")}</Button>}>{t(filtered ? "noneHere" : "noneTodo")}</Empty>
          } /><Tail of={gaps} /></Card>
        )}
      </Stack>
    </Page>
  );
}

function Rows({ list, empty }: { list: Pages<GapView>; empty: ComponentChildren }) {
  const gaps = list.rows;
  const most = Math.max(1, ...gaps.map((g) => g.cost));
  return (
    <Table label={t("title")} rows={gaps} id={(g) => g.id} onOpen={(g) => go("gaps", g.id)} onEnd={list.more} complete={list.complete} empty={empty} rowHeight={innerWidth < 700 ? 96 : 68} columns={[
      { key: "label", title: t("topic"), main: true, sort: (a, b) => collate(a.label, b.label), cell: (g) => (
        <>
          <a class="row-title gaps-label" href={href("gaps", g.id)} tabIndex={-1} title={g.label}>{g.label}</a>
          <span class="row-sub clip" dir="auto">{g.topic.question.endsWith(g.label) ? t("evidenceLead", { n: g.topic.failures, customers: g.topic.customers }) : g.topic.question}</span>
          <span class="gaps-narrow"><StatusBadge gap={g} /></span>
        </>
      ) },
      { key: "cost", title: t("cost"), width: 150, sort: (a, b) => a.cost - b.cost, cell: (g) => (
        <span class="gaps-cost"><span>{spent(g.cost)}</span><span class="gaps-bar" aria-hidden="true"><span style={{ width: Math.max(3, (g.cost / most) * 100) + "%" }} /></span></span>
      ) },
      { key: "trend", title: t("trend"), width: 118, wide: true, cell: (g) => <Sparkline values={g.topic.trend ?? []} label={t("trendOf")} /> },
      { key: "cause", title: t("cause"), width: 190, wide: true, sort: (a, b) => collate(t.any(a.cause), t.any(b.cause)), cell: (g) => t.any(g.cause) },
      { key: "owner", title: t("owner"), width: 148, wide: true, sort: (a, b) => collate(a.owner ?? "", b.owner ?? ""), cell: (g) => <Owner gap={g} /> },
      { key: "status", title: t("status"), width: 176, wide: true, sort: (a, b) => collate(t.any(a.status), t.any(b.status)), cell: (g) => <StatusBadge gap={g} /> },
    ]} />
  );
}
