// Learning → Sources: what was learned of an article or a case, why, and what
// a person decides over it.
import { api, seg } from "../../api";
import type { FindView, RankerList, RankerView, SourceLearning } from "../../api.gen";
import { ago, date, dateTime, percent } from "../../i18n";
import { useAction, useApi, useSettled } from "../../live";
import { linkTo } from "../../palette";
import type { PageProps } from "../../pages";
import { go, href, useQuery } from "../../router";
import { whyCredit } from "../../said/learning";
import { Badge, Button, Card, confirm, Empty, Failure, Loaded, Loading, Menu, Notice, Page, Stack, Table, TextField, toast } from "../../ui";
import { Chart } from "../../ui/chart";
import { signed } from "./parts";
import { Bonus, strongest } from "./ranker";
import { SourceName } from "./source_name";
import { t } from "./words";

export default function Sources({ rest }: PageProps) {
  return rest[0] ? <Source key={rest[0]} id={rest[0]} /> : <List />;
}

function List() {
  const [q, setQ] = useQuery("q");
  const asked = useSettled(q.trim());
  const found = useApi<FindView>(asked.length > 1 ? "/v1/find" : null, { q: asked });
  const list = useApi<RankerList>("/v1/rankers");
  const rows = found.data && [...found.data.articles.map((f) => ({ ...f, kind: t("kindArticle") })), ...found.data.cases.map((f) => ({ ...f, kind: t("kindCase") }))];
  return (
    <Page title={t("sources")} lead={t("sourcesLead")}>
      <Stack>
        <TextField label={t("findSource")} hint={t("findHint")} type="search" value={q} onInput={setQ} />
        {asked.length > 1 ? (
          found.error ? <Failure error={found.error} retry={found.reload} /> : !rows ? <Loading rows={3} /> : (
            <Card flush>
              <Table label={t("findSource")} rows={rows} id={(f) => f.id} onOpen={(f) => go("learning/sources", f.id)} empty={<Empty icon="search" title={t("notFound")} />} columns={[
                { key: "title", title: t("source"), main: true, cell: (f) => <a class="row-title" href={href("learning/sources", f.id)} tabIndex={-1} dir="auto">{f.title || f.id}</a> },
                { key: "kind", title: t("kindArticle") + " / " + t("kindCase").toLowerCase(), width: 160, wide: true, cell: (f) => f.kind },
              ]} />
            </Card>
          )
        ) : <Loaded of={list} as="rows">{(l) => <Strongest version={l.rankers.find((r) => r.status === "serving")?.version} />}</Loaded>}
      </Stack>
    </Page>
  );
}

function Strongest({ version }: { version: number | undefined }) {
  const serving = useApi<RankerView>(version ? "/v1/rankers/" + version : null);
  const none = <Empty icon="book" title={t("noInfluence")} action={<Button icon="star" href={href("learning/rankers")}>{t("rankers")}</Button>}>{t("noInfluenceBody")}</Empty>;
  if (!version) return none;
  return (
    <Loaded of={serving} as="rows" empty={(r) => strongest(r).length === 0 && none}>
      {(r) => (
        <Card title={t("sourcesMost")} lead={t("bonusRange")} flush>
          <Table label={t("sourcesMost")} rows={strongest(r).slice(0, 20)} id={(s) => s.id} onOpen={(s) => go("learning/sources", s.id)} columns={[
            { key: "id", title: t("source"), main: true, cell: (s) => <SourceName id={s.id} /> },
            { key: "last", title: t("last"), width: 140, wide: true, cell: (s) => s.last ? date(s.last) : "–" },
            { key: "bonus", title: t("bonus"), width: 170, align: "end", sort: (a, b) => a.bonus - b.bonus, cell: (s) => <Bonus of={s} /> },
          ]} />
        </Card>
      )}
    </Loaded>
  );
}

type Decision = "pin" | "reset" | "exclude" | "lift";

function Source({ id }: { id: string }) {
  const source = useApi<SourceLearning>("/v1/sources/" + seg(id) + "/learning");
  const decide = useAction(async (to: Decision) => {
    const words = {
      pin: { title: t("pinTitle"), body: t("pinBody"), action: t("pin") }, reset: { title: t("srcResetTitle"), body: t("srcResetBody"), action: t("forget"), danger: true },
      exclude: { title: t("srcExcludeTitle"), body: t("srcExcludeBody"), action: t("takeOut"), danger: true }, lift: { title: t("srcLiftTitle"), body: t("srcLiftBody"), action: t("leave") },
    }[to];
    if (!(await confirm(words))) return;
    const path = "/v1/sources/" + seg(id) + "/override";
    if (to === "lift") await api.del(path);
    else await api.put(path, { action: to });
    toast(t("decided"));
    await source.reload();
  });
  const s = source.data;
  const home = linkTo("article", id);
  const items = (["pin", "reset", "exclude"] as const).filter((d) => d !== s?.override)
    .map((d) => ({ label: t(d === "pin" ? "pin" : d === "reset" ? "forget" : "takeOut"), icon: ({ pin: "star", reset: "refresh", exclude: "stop" } as const)[d], danger: d === "exclude", onClick: () => decide.run(d) }));
  return (
    <Page title={s?.title || id} back={{ label: t("sources"), href: href("learning/sources") }} actions={s && (
      <>
        {home && !id.startsWith("case-") && <Button href={home} icon="book">{t("openArticle")}</Button>}
        {s.override && <Button icon="undo" busy={decide.busy} onClick={() => decide.run("lift")}>{t("leave")}</Button>}
        <Menu label={t("actions")} items={items} class="button plain">{t("actions")}</Menu>
      </>
    )}>
      <Loaded of={source} as="figures">
        {(d) => (
          <Stack>
            {d.override && <Notice tone="warn">{t("decision")}: {t(d.override === "pin" ? "pinned" : d.override === "reset" ? "reset" : "excluded")}. {d.override === "pin" ? t("pinBody") : d.override === "reset" ? t("srcResetBody") : t("srcExcludeBody")}</Notice>}
            {d.kept < 1 && <Notice>{t("keptShare", { share: percent(d.kept) })}</Notice>}
            <Influence of={d} />
            <Card title={t("recent")} flush>
              <Table label={t("recent")} rows={d.recent} id={(n) => n.suggestion_id} rowHeight={72} empty={<Empty icon="history" title={t("noRecent")} />} columns={[
                { key: "verdict", title: t("verdict"), width: 170, cell: (n) => <Verdict of={n.verdict ?? ""} /> },
                { key: "why", title: t("why"), main: true, cell: (n) => <span class="wrap">{whyCredit(n.why)}</span> },
                { key: "amount", title: t("amount"), width: 110, align: "end", wide: true, sort: (a, b) => a.amount - b.amount, cell: (n) => n.amount ? signed(n.amount, 2) : "0" },
                { key: "at", title: t("when"), width: 120, wide: true, cell: (n) => <span title={dateTime(n.at)}>{ago(n.at)}</span> },
              ]} />
            </Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Verdict({ of: v }: { of: string }) {
  const tone = v === "kept" || v === "brought_in" ? "good" : v === "contradicted" ? "bad" : v === "dropped" ? "warn" : "plain";
  return <Badge tone={tone}>{t.any(v || "byVotes")}</Badge>;
}

function Influence({ of: d }: { of: SourceLearning }) {
  if (d.topics.length === 0) return <Card><p class="soft">{t("notLearned")}</p></Card>;
  const label = (topic: SourceLearning["topics"][number]) => (topic.topic ? topic.label || topic.topic : t("elsewhere"));
  return (
    <Card title={t("influenceOf")} lead={t("bonusRange")}>
      <Stack>
        {d.topics.length > 1 && <Chart kind="bars" title={t("bonus")} height={200} x={{ label: t("one_topic") }} y={{ label: t("bonus"), format: (v) => signed(v, 2), min: Math.min(-0.02, ...d.topics.map((x) => x.bonus)), max: Math.max(0.02, ...d.topics.map((x) => x.bonus)) }}
          series={[{ name: t("bonus"), points: d.topics.slice(0, 12).map((x, i) => ({ x: i, label: label(x), y: x.bonus })) }]} />}
        <Table label={t("influenceOf")} rows={d.topics} id={(x) => x.topic} columns={[
          { key: "topic", title: t("one_topic"), main: true, cell: (x) => <span class="row-title" dir="auto">{label(x)}</span> },
          { key: "evidence", title: t("evidence"), width: 260, align: "end", wide: true, cell: (x) => <span class="num">{x.learned.kept} / {x.learned.brought} / {x.learned.dropped} / {x.learned.against}</span> },
          { key: "lower", title: t("lower"), width: 150, align: "end", wide: true, cell: (x) => percent(x.learned.lower) },
          { key: "last", title: t("last"), width: 130, align: "end", wide: true, cell: (x) => x.learned.last ? date(x.learned.last) : "–" },
          { key: "bonus", title: t("bonus"), width: 140, align: "end", cell: (x) => <b class="num">{signed(x.bonus)}</b> },
        ]} />
      </Stack>
    </Card>
  );
}
