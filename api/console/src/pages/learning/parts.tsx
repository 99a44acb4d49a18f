// What the pages of learning share: figures with their intervals, periods,
// weeks.
import type { Estimate, Share, Spread } from "../../api.gen";
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
export const weekOf = (ms: number): string => day(ms);

export const interval = (s: { low: number | null; high: number | null }, f: (v: number) => string = percent): string =>
  s.low === null || s.high === null ? "" : t("interval", { low: f(s.low), high: f(s.high) });

/** A share in a table: how many, and between what. */
export function ShareCell({ of: s }: { of: Share }) {
  if (s.value === null) return <span class="soft">–</span>;
  return <span class="num" title={t("ofN", { count: s.count, of: s.of })}>{percent(s.value)}<span class="learning-interval">{interval(s)}</span></span>;
}

export function ShareFigure({ label, of: s, note }: { label: string; of: Share; note?: string }) {
  return <Figure label={label} value={s.value === null ? "–" : percent(s.value)} note={note ?? (s.value === null ? t("ofN", { count: 0, of: 0 }) : interval(s) + " · " + t("ofN", { count: s.count, of: s.of }))} />;
}

/** How much of a draft was changed before it was sent. */
export function DistanceFigure({ of: s }: { of: Spread }) {
  return <Figure label={t("distance")} value={s.mean === null ? "–" : percent(s.mean)} note={s.median === null ? t("ofN", { count: 0, of: 0 }) : t("distanceNote", { median: percent(s.median), n: s.count })} />;
}

export const about = (e: Estimate, digits = 0): string => (e.value === null ? "–" : number(e.value, digits));
export const point = (s: Share) => ({ y: s.value, lo: s.low, hi: s.high });
/** With its sign, unless it is nothing once it is rounded. */
export function signed(x: number, digits = 3): string {
  const r = Math.round(x * 10 ** digits);
  return (r > 0 ? "+" : r < 0 ? "−" : "") + number(Math.abs(x), digits);
}
export const points = (x: number): string => signed(x * 100, 1);
