// The arms of a pilot held against each other.
import type { AcceptanceReport, Share } from "../../api.gen";
import { number, percent } from "../../i18n";
import { Card, Chart, Stack, Table } from "../../ui";
import { points as signed } from "../learning/parts";
import { t } from "./words";

type Group = AcceptanceReport["groups"][number];

/**
 * The 95 % interval of the difference of two independent shares out of their
 * own Wilson intervals (Newcombe 1998, Statistics in Medicine 17:873, method 10).
 */
export function difference(a: Share, b: Share): { value: number; low: number; high: number } | null {
  if (a.value === null || b.value === null || a.low === null || a.high === null || b.low === null || b.high === null) return null;
  const d = a.value - b.value;
  return { value: d, low: d - Math.hypot(a.value - a.low, b.high - b.value), high: d + Math.hypot(a.high - a.value, b.value - b.low) };
}

export function Arms({ name, groups }: { name: string; groups: Group[] }) {
  const pilot = groups.find((g) => g.key === name + "/pilot"), control = groups.find((g) => g.key === name + "/control");
  const d = pilot && control && difference(pilot.any_use, control.any_use);
  const arms = [pilot && { g: pilot, label: t("arm_pilot") }, control && { g: control, label: t("arm_control") }].filter((x) => !!x);
  const which = d && (d.low > 0 ? "better" : d.high < 0 ? "worse" : "even");
  const shares = [["any_use", t("anyUse")], ["accepted_unchanged", t("unchanged")], ["accepted_edited", t("edited")], ["abstained", t("abstained")]] as const;
  return (
    <Card title={t("watch")} lead={t("watchLead")}>
      <Stack>
        {d && which ? (
          <div>
            <p class="pilots-verdict"><b>{t(which, { low: signed(d.low), high: signed(d.high) })}</b> {t(which === "better" ? "nextBetter" : which === "worse" ? "nextWorse" : "nextEven")}</p>
            <p class="soft small-text">{t("fewOperators")}</p>
          </div>
        ) : <p class="soft">{t("tooFew")}</p>}
        {arms.length > 0 && (
          <>
            <Chart kind="bars" height={240} title={t("figure")} x={{ label: t("figure") }} y={{ label: t("figure"), format: (v) => percent(v), min: 0, max: 1 }}
              series={arms.map(({ g, label }) => ({ name: label, points: shares.map(([key, title], x) => ({ x, label: title, y: g[key].value, lo: g[key].low, hi: g[key].high })) }))} />
            <Table label={t("watch")} rows={arms} id={(a) => a.g.key} columns={[
              { key: "arm", title: t("arm"), main: true, cell: (a) => <span class="row-title">{a.label}</span> },
              { key: "drafts", title: t("drafts"), width: 110, wide: true, align: "end", cell: (a) => number(a.g.drafts) },
              { key: "use", title: t("anyUse"), width: 130, align: "end", cell: (a) => (a.g.any_use.value === null ? "–" : percent(a.g.any_use.value)) },
              { key: "unchanged", title: t("unchanged"), width: 130, align: "end", wide: true, cell: (a) => (a.g.accepted_unchanged.value === null ? "–" : percent(a.g.accepted_unchanged.value)) },
              { key: "distance", title: t("distance"), width: 150, align: "end", wide: true, cell: (a) => (a.g.edit_distance.mean === null ? "–" : percent(a.g.edit_distance.mean)) },
            ]} />
          </>
        )}
      </Stack>
    </Card>
  );
}
