// Learning → Rankers: the versions of what was learned, which of them serves,
// what they came to at the gate, and the way back.
import { api } from "../../api";
import type { RankerList, RankerView } from "../../api.gen";
import { ago, date, dateTime, number } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { Badge, Button, Card, confirm, Empty, Loaded, Notice, Page, Stack, Table, toast } from "../../ui";
import { Compare } from "./compare";
import { gateOf, verdict } from "./gate";
import { Ranker } from "./ranker";
import { t } from "./words";

export default function Rankers({ rest, query }: PageProps) {
  const version = Number(rest[0]);
  if (!rest[0]) return <List />;
  const other = Number(query.get("with"));
  return other ? <Compare key={version + "/" + other} a={version} b={other} /> : <Ranker key={version} version={version} />;
}

export const statusOf = (r: RankerView) => t(r.status === "rejected" ? "rejectedRanker" : r.status);

export function Status({ of: r }: { of: RankerView }) {
  const tones = { candidate: "accent", proven: "good", serving: "good", retired: "plain", rejected: "plain", rolled_back: "warn" } as const;
  return <Badge tone={tones[r.status]} title={t(`about_${r.status}`)} icon={r.status === "serving" ? "check" : undefined}>{statusOf(r)}</Badge>;
}

/** What serving and rolling back do, asked first in words. */
function useDecisions(all: RankerView[], reload: () => unknown) {
  const serving = all.find((r) => r.status === "serving");
  const serve = useAction(async (r: RankerView) => {
    const body = [t("serveBody", { n: r.version }), serving && t("serveRetires", { n: serving.version }), (r.status === "candidate" || r.status === "rejected" || r.status === "rolled_back") && t("serveUnproven")];
    if (!(await confirm({ title: t("serveTitle", { n: r.version }), body: <Lines of={body} />, action: t("serve") }))) return;
    await api.post("/v1/rankers/" + r.version + "/serve");
    toast(t("served", { n: r.version }));
    await reload();
  });
  const back = useAction(async (r: RankerView) => {
    // As the service chooses: the one that was retired last.
    const before = all.filter((o) => o.status === "retired").sort((a, b) => b.status_at.localeCompare(a.status_at) || b.version - a.version)[0];
    const body = r.status === "serving" ? (before ? t("backTo", { n: before.version }) : t("backToNone")) : t("backProven");
    if (!(await confirm({ title: t("backTitle", { n: r.version }), body, action: t("rollBack"), danger: true }))) return;
    await api.post("/v1/rankers/" + r.version + "/rollback");
    toast(t("backDone", { n: r.version }));
    await reload();
  });
  return { serve, back };
}

export const Lines = ({ of }: { of: (string | false | undefined)[] }) => <Stack gap="s">{of.map((s) => s && <p>{s}</p>)}</Stack>;

export function Actions({ ranker: r, all, reload }: { ranker: RankerView; all: RankerView[]; reload: () => unknown }) {
  const { serve, back } = useDecisions(all, reload);
  return (
    <>
      {(r.status === "serving" || r.status === "proven") && <Button icon="undo" busy={back.busy} onClick={() => back.run(r)}>{t("rollBack")}</Button>}
      {r.status !== "serving" && <Button kind={r.status === "proven" ? "primary" : "plain"} icon="play" busy={serve.busy} onClick={() => serve.run(r)}>{t("serve")}</Button>}
    </>
  );
}

function List() {
  const rankers = useApi<RankerList>("/v1/rankers", undefined, 15_000);
  useKeys([{ keys: "r", label: t("refresh"), run: () => void rankers.reload() }]);
  return (
    <Page title={t("rankers")} lead={t("rankersLead")}>
      <Loaded of={rankers} as="rows" empty={(d) => d.rankers.length === 0 && <Empty icon="star" title={t("noRankers")} action={<Button href={href("learning/jobs", "rerank")} icon="clock">{t("toJobs")}</Button>}>{t("noRankersBody")}</Empty>}>
        {({ rankers: all }) => {
          const serving = all.find((r) => r.status === "serving");
          return (
            <Stack>
              <Notice tone={serving ? "good" : "info"}>{serving ? t("nowServing", { n: serving.version, when: date(serving.status_at) }) : t("noServing")}</Notice>
              <Card flush>
                <Table label={t("rankers")} rows={all} id={(r) => String(r.version)} onOpen={(r) => go("learning/rankers", r.version)} rowHeight={72} columns={[
                  { key: "version", title: t("versionWord"), main: true, sort: (a, b) => a.version - b.version,
                    cell: (r) => <><a class="row-title" href={href("learning/rankers", r.version)} tabIndex={-1}>{t("version", { n: r.version })}</a><span class="row-sub wrap">{verdict(gateOf(r))}</span></> },
                  { key: "status", title: t("status"), width: 160, cell: (r) => <Status of={r} /> },
                  { key: "since", title: t("since"), width: 130, wide: true, sort: (a, b) => a.status_at.localeCompare(b.status_at), cell: (r) => <span title={dateTime(r.status_at)}>{ago(r.status_at)}</span> },
                  { key: "learned", title: t("learnedFrom"), width: 130, wide: true, align: "end", cell: (r) => typeof r.figures.learned_from === "number" ? number(r.figures.learned_from) : "–" },
                  { key: "actions", title: t("actions"), bare: true, width: 190, wide: true, align: "end", cell: (r) => r.status === "serving" || r.status === "proven" ? <Actions ranker={r} all={all} reload={rankers.reload} /> : null },
                ]} />
              </Card>
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
