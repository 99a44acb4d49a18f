// The arms of a pilot held against each other.
import type { AcceptanceReport, Share } from "../../api.gen";
import { number, percent } from "../../i18n";
import { Badge, Card, Stack } from "../../ui";
import { Chart } from "../../ui/chart";
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

/** Below so many drafts in an arm nothing is said of it. */
const enough = 20;

/** What must not get worse; more than so much worse is told, and so is that it cannot be ruled out. */
const margin = 0.05;
const guards = [["rejected", "rejectedMore"], ["abstained", "abstainedMore"], ["reopened", "reopenedMore"], ["escalated", "escalatedMore"]] as const;

interface Guard {
  label: string;
  d: NonNullable<ReturnType<typeof difference>>;
  says: "guardWorse" | "guardFine" | "guardOpen";
}

function watched(pilot: Group, control: Group): Guard[] {
  return guards.flatMap(([key, label]) => {
    const d = pilot[key].of < enough || control[key].of < enough ? null : difference(pilot[key], control[key]);
    return d ? [{ label: t(label), d, says: d.low > 0 ? "guardWorse" as const : d.high < margin ? "guardFine" as const : "guardOpen" as const }] : [];
  });
}

export function Arms({ name, groups, running }: { name: string; groups: Group[]; running: boolean }) {
  const pilot = groups.find((g) => g.key === name + "/pilot"), control = groups.find((g) => g.key === name + "/control");
  const arms = [pilot && { g: pilot, label: t("arm_pilot") }, control && { g: control, label: t("arm_control") }].filter((x) => !!x);
  const few = (pilot?.drafts ?? 0) < enough || (control?.drafts ?? 0) < enough;
  const shares = [["any_use", t("anyUse")], ["accepted_unchanged", t("unchanged")], ["accepted_edited", t("edited")], ["abstained", t("abstained")]] as const;
  return (
    <Card title={t("watch")} lead={t("watchLead")}>
      <Stack>
        {few || !pilot || !control ? <p class="soft">{t("tooFew", { n: enough, pilot: number(pilot?.drafts ?? 0), control: number(control?.drafts ?? 0) })}</p> : (
          <>
            <Verdict pilot={pilot} control={control} running={running} />
            <Chart kind="bars" height={240} title={t("byArm")} x={{ label: t("figure") }} y={{ label: t("figure"), format: (v) => percent(v), min: 0, max: 1 }}
              series={arms.map(({ g, label }) => ({ name: label, points: shares.map(([key, title], x) => ({ x, label: title, y: g[key].value, lo: g[key].low, hi: g[key].high, n: g[key].of })) }))} />
          </>
        )}
      </Stack>
    </Card>
  );
}

function Verdict({ pilot, control, running }: { pilot: Group; control: Group; running: boolean }) {
  const d = difference(pilot.any_use, control.any_use);
  const rails = watched(pilot, control);
  const worse = rails.filter((g) => g.says === "guardWorse");
  if (!d) return null;
  const which = d.low > 0 ? "better" : d.high < 0 ? "worse" : "even";
  const tones = { guardWorse: "bad", guardFine: "good", guardOpen: "plain" } as const;
  return (
    <>
      <div>
        <p class="pilots-verdict"><b>{t(which, { low: signed(d.low), high: signed(d.high) })}</b> {running && (worse.length > 0 ? t("nextGuard") : t(which === "better" ? "nextBetter" : which === "worse" ? "nextWorse" : "nextEven"))}</p>
        <p class="soft small-text">{t("countsOf", { pilot: t("draftsN", { n: pilot.drafts }), control: t("draftsN", { n: control.drafts }) })} {t("fewOperators")}</p>
      </div>
      {rails.length > 0 && (
        <section>
          <h3>{t("guards")}</h3>
          <ul class="pilots-guards">
            {rails.map((g) => <li><Badge tone={tones[g.says]} icon={g.says === "guardWorse" ? "warn" : g.says === "guardFine" ? "check" : undefined}>{t(g.says)}</Badge><span>{g.label}</span><span class="soft num">{t("pointsFromTo", { low: signed(g.d.low), high: signed(g.d.high) })}</span></li>)}
          </ul>
        </section>
      )}
    </>
  );
}
