// What the pages of learning share: figures with their intervals, periods,
// weeks.
import type { Estimate, Group, Share, Spread } from "../../api.gen";
import { day, number, percent } from "../../i18n";
import { Figure } from "../../ui";
import { t } from "./words";

const days: Record<string, number> = { p4w: 28, p12w: 84, p1y: 365 };
export const periods = ["p4w", "p12w", "p1y", "all"] as const;

/** The midnight so many days ago, so that a page asks the same until tomorrow. */
export function daysAgo(n: number): string {
  const d = new Date();
  d.setUTCHours(0, 0, 0, 0);
  return new Date(+d - n * 86_400_000).toISOString();
}
export const begin = (period: string): string | undefined => (days[period] ? daysAgo(days[period]) : undefined);

/** The Monday of a week such as 2026-W07, in milliseconds. */
export function monday(week: string): number {
  const [year = 1970, n = 1] = week.split("-W").map(Number);
  const fourth = new Date(Date.UTC(year, 0, 4)); // always in the first week
  return +fourth - ((fourth.getUTCDay() + 6) % 7) * 86_400_000 + (n - 1) * 7 * 86_400_000;
}
/** A day that is told in UTC, for formats that tell it in the reader's time zone. */
export function asDay(ms: number): Date {
  const d = new Date(ms);
  return new Date(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate());
}
export const weekOf = (ms: number): string => day(asDay(ms));

/** The 95 % interval of a share (Wilson 1927). */
export function wilson(count: number, of: number): Share {
  if (of <= 0) return { count, of, value: null, low: null, high: null };
  const z = 1.96, p = count / of, scale = 1 / (1 + (z * z) / of), mid = p + (z * z) / (2 * of), half = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { count: Math.round(count), of: Math.round(of), value: p, low: Math.max(0, scale * (mid - half)), high: Math.min(1, scale * (mid + half)) };
}


/** Between what it lies: a share as shortly as can be, for tables. */
export const interval = (s: { low: number | null; high: number | null }, f?: (v: number) => string): string =>
  s.low === null || s.high === null ? "" : f ? t("interval", { low: f(s.low), high: f(s.high) }) : number(s.low * 100, 0) + "–" + percent(s.high);

/** A share in a table: how many, and between what. */
export function ShareCell({ of: s }: { of: Share }) {
  if (s.value === null) return <span class="soft">–</span>;
  return <span class="num" title={t("ofN", { count: s.count, of: s.of })}>{percent(s.value)}<span class="learning-interval">{interval(s)}</span></span>;
}

/** A share with its interval, what it is of, and in a few words what it means. */
export function ShareFigure({ label, of: s, means }: { label: string; of: Share; means: string }) {
  return <Figure label={label} value={s.value === null ? "–" : percent(s.value)} note={<>{s.value === null ? t("ofN", { count: 0, of: 0 }) : interval(s) + " · " + t("ofN", { count: s.count, of: s.of })}<span class="learning-means">{means}</span></>} />;
}

/** How much of a draft was changed before it was sent. */
function DistanceFigure({ of: s }: { of: Spread }) {
  return <Figure label={t("distance")} value={s.mean === null ? "–" : percent(s.mean)} note={<>{s.median === null ? t("ofN", { count: 0, of: 0 }) : t("distanceNote", { median: percent(s.median), n: s.count })}<span class="learning-means">{t("distanceMeans")}</span></>} />;
}

export const about = (e: Estimate, digits = 0): string => (e.value === null ? "–" : number(e.value, digits));
/** Of fewer drafts than these a chart draws nothing: a share of them would be noise. */
export const fewest = 5;
export const point = (s: Share) => (s.of < fewest ? { y: null, n: s.of } : { y: s.value, lo: s.low, hi: s.high, n: s.of });

/** The five figures of what became of drafts. */
export function Fared({ of: a }: { of: Pick<Group, "any_use" | "accepted_unchanged" | "accepted_edited" | "abstained" | "edit_distance"> }) {
  return (
    <div class="learning-figures">
      <ShareFigure label={t("anyUse")} of={a.any_use} means={t("anyUseMeans")} />
      <ShareFigure label={t("unchanged")} of={a.accepted_unchanged} means={t("unchangedMeans")} />
      <ShareFigure label={t("edited")} of={a.accepted_edited} means={t("editedMeans")} />
      <DistanceFigure of={a.edit_distance} />
      <ShareFigure label={t("abstained")} of={a.abstained} means={t("abstainedMeans")} />
    </div>
  );
}
/** With its sign, unless it is nothing once it is rounded. */
export function signed(x: number, digits = 3): string {
  const r = Math.round(x * 10 ** digits);
  return (r > 0 ? "+" : r < 0 ? "−" : "") + number(Math.abs(x), digits);
}
export const points = (x: number): string => signed(x * 100, 1);
