// Two versions side by side: status, the gate, signals, and the sources whose
// influence differs most.
import type { RankerList, RankerView } from "../../api.gen";
import { dateTime, number } from "../../i18n";
import { useApi } from "../../live";
import { go, href } from "../../router";
import { Card, Loaded, Page, Stack, Table } from "../../ui";
import { gateOf, verdict } from "./gate";
import { signed } from "./parts";
import { signals, strongest, weight } from "./ranker";
import { Actions, Status } from "./rankers";
import { SourceName } from "./source_name";
import { t } from "./words";

export function Compare({ a, b }: { a: number; b: number }) {
  const first = useApi<RankerView>("/v1/rankers/" + a);
  const second = useApi<RankerView>("/v1/rankers/" + b);
  const list = useApi<RankerList>("/v1/rankers");
  const reload = () => Promise.all([first.reload(), second.reload(), list.reload()]);
  return (
    <Page title={t("compareTwo", { a, b })} back={{ label: t("version", { n: a }), href: href("learning/rankers", a) }}>
      <Loaded of={first}>{(x) => <Loaded of={second}>{(y) => (
        <Stack>
          <div class="sides">
            {[x, y].map((r) => (
              <Card title={t("version", { n: r.version })} actions={<Status of={r} />}>
                <Stack>
                  <p>{verdict(gateOf(r))}</p>
                  <p class="soft small-text">{t("created")}: {dateTime(r.created_at)}{typeof r.figures.learned_from === "number" && <> · {t("labels", { n: r.figures.learned_from })}</>}</p>
                  <div class="toolbar"><Actions ranker={r} all={list.data?.rankers ?? []} reload={reload} /></div>
                </Stack>
              </Card>
            ))}
          </div>
          <Differences x={x} y={y} />
        </Stack>
      )}</Loaded>}</Loaded>
    </Page>
  );
}

function Differences({ x, y }: { x: RankerView; y: RankerView }) {
  const of = (r: RankerView) => new Map(strongest(r).map((s) => [s.id, s.bonus]));
  const [p, q] = [of(x), of(y)];
  const sources = [...new Set([...p.keys(), ...q.keys()])].map((id) => ({ id, a: p.get(id) ?? 0, b: q.get(id) ?? 0 }))
    .sort((m, n) => Math.abs(n.b - n.a) - Math.abs(m.b - m.a)).slice(0, 20);
  const [va, vb] = [t("version", { n: x.version }), t("version", { n: y.version })];
  return (
    <>
      <Card title={t("signals")} lead={t("usual")} flush>
        <Table label={t("signals")} rows={signals.map((s) => ({ s, a: weight(x.learned?.factors, s), b: weight(y.learned?.factors, s) }))} id={(r) => r.s} columns={[
          { key: "s", title: t("signal"), main: true, cell: (r) => t(r.s) },
          { key: "a", title: va, width: 92, align: "end", cell: (r) => number(r.a, 2) }, { key: "b", title: vb, width: 92, align: "end", cell: (r) => number(r.b, 2) },
          { key: "d", title: t("difference"), width: 110, align: "end", wide: true, sort: (m, n) => m.b - m.a - (n.b - n.a), cell: (r) => signed(r.b - r.a, 2) },
        ]} />
      </Card>
      {sources.length > 0 && (
        <Card title={t("sourcesMost")} flush>
          <Table label={t("sourcesMost")} rows={sources} id={(r) => r.id} onOpen={(r) => go("learning/sources", r.id)} columns={[
            { key: "id", title: t("source"), main: true, cell: (r) => <SourceName id={r.id} /> },
            { key: "a", title: va, width: 92, align: "end", cell: (r) => signed(r.a) }, { key: "b", title: vb, width: 92, align: "end", cell: (r) => signed(r.b) },
            { key: "d", title: t("difference"), width: 110, align: "end", wide: true, cell: (r) => signed(r.b - r.a) },
          ]} />
        </Card>
      )}
    </>
  );
}
