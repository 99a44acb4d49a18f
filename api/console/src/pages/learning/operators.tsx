// Learning → Operators: how far their judgements count, and the way to undo
// somebody's influence.
import { api, seg } from "../../api";
import type { OperatorList, OperatorView } from "../../api.gen";
import { collate, number, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { href } from "../../router";
import { Badge, Button, Card, confirm, Empty, Loaded, Menu, Notice, Page, Stack, Table, toast, type MenuItem } from "../../ui";
import { t } from "./words";

export default function Operators() {
  const operators = useApi<OperatorList>("/v1/operators");
  const decide = useAction(async (o: OperatorView, to: "exclude" | "reset" | "lift") => {
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
    await operators.reload();
  });
  useKeys([{ keys: "r", label: t("refresh"), run: () => void operators.reload() }]);
  const items = (o: OperatorView): MenuItem[] => o.override
    ? [{ label: t("lift"), icon: "undo", onClick: () => decide.run(o, "lift") }]
    : [{ label: t("resetDo"), icon: "refresh", onClick: () => decide.run(o, "reset") }, { label: t("exclude"), icon: "stop", danger: true, onClick: () => decide.run(o, "exclude") }];
  return (
    <Page title={t("operators")} lead={t("operatorsLead")}>
      <Loaded of={operators} empty={(d) => d.operators.length === 0 && <Empty icon="people" title={t("noOperators")} action={<Button href={href("learning/jobs", "calibrate")} icon="clock">{t("toJobs")}</Button>}>{t("noOperatorsBody")}</Empty>}>
        {({ operators: all }) => {
          const low = all.filter((o) => o.trust.listed && !o.override).length;
          return (
            <Stack>
              {low > 0 && <Notice tone="warn">{t("needLook", { n: low })}</Notice>}
              <Card flush>
                <Table label={t("operators")} rows={all} id={(o) => o.id} columns={[
                  { key: "id", title: t("name"), main: true, sort: (a, b) => collate(a.id, b.id), cell: (o) => <span class="row-title"><bdi>{o.id}</bdi></span> },
                  { key: "state", title: t("state"), width: 200, cell: (o) => <State of={o} /> },
                  { key: "weight", title: t("trust"), width: 130, align: "end", sort: (a, b) => a.trust.weight - b.trust.weight, cell: (o) => o.override === "exclude" ? percent(0) : percent(o.trust.weight) },
                  { key: "agreed", title: t("agreed"), width: 150, align: "end", wide: true, sort: (a, b) => a.trust.agreed - b.trust.agreed, cell: (o) => number(o.trust.agreed, 0) },
                  { key: "apart", title: t("apart"), width: 120, align: "end", wide: true, sort: (a, b) => a.trust.apart - b.trust.apart, cell: (o) => number(o.trust.apart, 0) },
                  { key: "do", title: t("actions"), bare: true, width: 64, align: "end", cell: (o) => <Menu label={t("aboutOf", { who: o.id })} items={items(o)} /> },
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
  return o.trust.weight < 0.8 ? <Badge tone="warn">{t("less")}</Badge> : <span class="soft">{t("full")}</span>;
}
