// Learning → Operators: how far their judgements count and why, and the way to
// undo somebody's influence.
import { api, seg } from "../../api";
import type { AcceptanceReport, OperatorList, OperatorView } from "../../api.gen";
import { collate, number, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { Badge, Button, Card, confirm, Empty, Facts, Loaded, Menu, Notice, Page, Stack, Table, toast, type MenuItem } from "../../ui";
import { Fared, ShareCell, wilson } from "./parts";
import { t } from "./words";

type Decision = "exclude" | "reset" | "lift";

/** Asks, decides, and reads again. */
function useDecision(reload: () => unknown) {
  return useAction(async (o: OperatorView, to: Decision) => {
    const who = { who: o.id };
    const words = {
      exclude: { title: t("excludeTitle", who), body: t("excludeBody", who), action: t("exclude"), danger: true, done: t("excluded2", who) },
      reset: { title: t("resetTitle", who), body: t("resetBody", who), action: t("resetDo"), danger: true, done: t("reset2", who) },
      lift: { title: t("liftTitle", who), body: t("liftBody", who), action: t("lift"), danger: false, done: t("lifted2", who) },
    }[to];
    if (!(await confirm(words))) return;
    const path = "/v1/operators/" + seg(o.id) + "/override";
    if (to === "lift") await api.del(path);
    else await api.put(path, { action: to });
    toast(words.done);
    await reload();
  });
}

const agreement = (o: OperatorView) => wilson(o.trust.agreed, o.trust.agreed + o.trust.apart);
const counts = (o: OperatorView) => (o.override === "exclude" ? 0 : o.trust.weight);

export default function Operators({ rest }: PageProps) {
  const operators = useApi<OperatorList>("/v1/operators");
  const decide = useDecision(operators.reload);
  useKeys([{ keys: "r", label: t("refresh"), run: () => void operators.reload() }]);
  if (rest[0]) return <Operator key={rest[0]} id={rest[0]} operators={operators} />;
  const items = (o: OperatorView): MenuItem[] => o.override
    ? [{ label: t("lift"), icon: "undo", onClick: () => decide.run(o, "lift") }]
    : [{ label: t("resetDo"), icon: "refresh", onClick: () => decide.run(o, "reset") }, { label: t("exclude"), icon: "stop", danger: true, onClick: () => decide.run(o, "exclude") }];
  return (
    <Page title={t("operators")} lead={t("operatorsLead")}>
      <Loaded of={operators} as="rows" empty={(d) => d.operators.length === 0 && <Empty icon="people" title={t("noOperators")} action={<Button href={href("learning/jobs", "calibrate")} icon="clock">{t("toJobs")}</Button>}>{t("noOperatorsBody")}</Empty>}>
        {({ operators: all }) => {
          const low = all.filter((o) => o.trust.listed && !o.override).length;
          return (
            <Stack>
              {low > 0 && <Notice tone="warn">{t("needLook", { n: low })}</Notice>}
              <Card flush>
                <Table label={t("operators")} rows={all} id={(o) => o.id} onOpen={(o) => o.id && go("learning/operators", o.id)} columns={[
                  { key: "id", title: t("name"), main: true, sort: (a, b) => collate(a.id, b.id), cell: (o) => o.id ? <a class="row-title" href={href("learning/operators", o.id)} tabIndex={-1}><bdi>{o.id}</bdi></a> : <span class="soft">{t("unnamed")}</span> },
                  { key: "state", title: t("state"), width: 210, wide: true, cell: (o) => <State of={o} /> },
                  { key: "weight", title: t("trust"), width: 130, align: "end", sort: (a, b) => counts(a) - counts(b), cell: (o) => percent(counts(o)) },
                  { key: "agreed", title: t("agreed"), width: 170, align: "end", wide: true, sort: (a, b) => (agreement(a).value ?? -1) - (agreement(b).value ?? -1), cell: (o) => <ShareCell of={agreement(o)} /> },
                  { key: "of", title: t("compared"), width: 120, align: "end", wide: true, sort: (a, b) => agreement(a).of - agreement(b).of, cell: (o) => number(agreement(o).of) },
                  { key: "do", title: t("actions"), bare: true, width: 80, align: "end", cell: (o) => o.id && <Menu label={t("aboutOf", { who: o.id })} items={items(o)} /> },
                ]} />
              </Card>
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function State({ of: o }: { of: OperatorView }) {
  if (o.override === "exclude") return <Badge tone="bad">{t("excluded")}</Badge>;
  if (o.override === "reset") return <Badge tone="accent">{t("reset")}</Badge>;
  if (o.trust.listed) return <Badge tone="warn">{t("listed")}</Badge>;
  return o.trust.weight < 0.8 ? <Badge tone="warn">{t("less")}</Badge> : <span class="soft">{t(o.trust.weight < 0.995 ? "almost" : "full")}</span>;
}

/** One operator: why their judgements count as they do, what they make of drafts, and what can be decided. */
function Operator({ id, operators }: { id: string; operators: ReturnType<typeof useApi<OperatorList>> }) {
  const decide = useDecision(operators.reload);
  const report = useApi<AcceptanceReport>("/v1/reports/acceptance", { by: "operator" });
  const o = operators.data?.operators.find((x) => x.id === id);
  return (
    <Page title={id} back={{ label: t("operators"), href: href("learning/operators") }} actions={o && (o.override
      ? <Button icon="undo" busy={decide.busy} onClick={() => decide.run(o, "lift")}>{t("lift")}</Button>
      : <>
        <Button icon="refresh" busy={decide.busy} onClick={() => decide.run(o, "reset")}>{t("resetDo")}</Button>
        <Button kind="danger" icon="stop" busy={decide.busy} onClick={() => decide.run(o, "exclude")}>{t("exclude")}</Button>
      </>)}>
      <Loaded of={operators} empty={(d) => !d.operators.some((x) => x.id === id) && <Empty icon="search" title={t("noOperator")}>{t("noOperatorBody")}</Empty>}>
        {(d) => o && (
          <Stack>
            <Card title={t("whyCounts")}><Why of={o} all={d.operators} /></Card>
            <Loaded of={report} rows={3}>
              {(r) => {
                const own = r.groups.find((g) => g.key === id);
                return <Card title={t("ownDrafts")}>{own ? <Fared of={own} /> : <p class="soft">{t("noOwnDrafts")}</p>}</Card>;
              }}
            </Loaded>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Why({ of: o, all }: { of: OperatorView; all: OperatorView[] }) {
  const own = agreement(o), rest = all.filter((x) => x.id !== o.id);
  const others = wilson(rest.reduce((n, x) => n + x.trust.agreed, 0), rest.reduce((n, x) => n + x.trust.agreed + x.trust.apart, 0));
  const share = (s: typeof own) => ({ share: percent(s.value ?? 0), low: percent(s.low ?? 0), high: percent(s.high ?? 0), count: number(s.count), of: number(s.of) });
  return (
    <Stack>
      <p class="learning-verdict">{(o.override || o.trust.listed || o.trust.weight < 0.8) && <><State of={o} />{" "}</>}{o.override ? t(o.override === "exclude" ? "saysExcluded" : "saysReset", { who: o.id }) : o.trust.weight >= 0.995 ? t("saysFull", { who: o.id }) : t("saysLess", { who: o.id, weight: percent(o.trust.weight) })}</p>
      {own.value === null ? <p class="soft">{t("notCompared")}</p> : (
        <Facts items={[[t("agreedOwn"), t("shareOf", share(own))], others.value !== null && [t("agreedOthers"), t("shareOf", share(others))]]} />
      )}
      <p class="soft small-text learning-note">{t("howTrust")}</p>
    </Stack>
  );
}
