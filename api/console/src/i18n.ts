// Words in Russian and English, numbers and times.
//
//   const t = dict(
//     EN && { title: "Jobs", runs: { one: "{n} run", other: "{n} runs" }, by: "by {who}" },
//     RU && { title: "Задания", runs: { one: "{n} запуск", few: "{n} запуска", many: "{n} запусков", other: "{n} запуска" }, by: "кто: {who}" },
//   );
//   t("title")            t("runs", { n: 3 })            t("by", { who: name })
//
// A key without its Russian, a key that does not exist, and a missing {value}
// do not compile. t reads the language when it is called: call it while
// drawing, never at the top of a module. A build has the words of one language
// (see env.d.ts): another language is another page, which boot.ts loads.
import { memory, store } from "./store";

export type Lang = "ru" | "en";

type Plural = { one: string; few?: string; many?: string; other: string };
type Entry = string | Plural;
type Words = Record<string, Entry>;
type Russian<T extends Words> = {
  [K in keyof T]: T[K] extends string ? string : { one: string; few: string; many: string; other: string };
};
type Names<S> = S extends `${string}{${infer P}}${infer Rest}` ? P | Names<Rest> : never;
type Values<E> = E extends string
  ? [Names<E>] extends [never] ? [] : [values: { [P in Names<E>]: string | number }]
  : E extends Plural ? [values: { n: number } & { [P in Exclude<Names<E["other"]>, "n">]: string | number }] : never;

export interface Translate<T extends Words> {
  <K extends keyof T & string>(key: K, ...values: Values<T[K]>): string;
  /** The text of a key known only when running, such as a status; the key itself if there is none. */
  any(key: string): string;
}

export const lang = store<Lang>(document.documentElement.lang === "ru" ? "ru" : "en");

/** Remembers the interface's language and loads the page in it; where nothing can be remembered the page stays. */
export function setLang(next: Lang) {
  if (next === lang.get()) return;
  memory.set("lang", next);
  if (memory.get("lang") === next) location.reload();
}

const plurals: Record<Lang, Intl.PluralRules> = { ru: new Intl.PluralRules("ru"), en: new Intl.PluralRules("en") };

export function dict<const T extends Words>(en: T, ru: Russian<T>): Translate<T> {
  const lookup = (key: string, values?: Record<string, string | number>): string => {
    const entry: Entry | undefined = (lang.get() === "ru" ? (ru as Words) : (en as Words))[key];
    if (entry === undefined) return key;
    let text: string;
    if (typeof entry === "string") text = entry;
    else {
      const form = plurals[lang.get()].select(Number(values?.n ?? 0));
      text = (form === "one" ? entry.one : form === "few" ? entry.few : form === "many" ? entry.many : undefined) ?? entry.other;
    }
    if (!values) return text;
    return text.replace(/\{(\w+)\}/g, (all, name: string) => {
      const v = values[name];
      return v === undefined ? all : typeof v === "number" ? number(v) : v;
    });
  };
  const t = lookup as unknown as Translate<T>;
  t.any = (key) => lookup(key);
  return t;
}

/** A text in both languages, for registries such as pages.ts. */
export interface Both {
  en: string;
  ru: string;
}
export const both = (b: Both): string => b[lang.get()];

const locale = () => (lang.get() === "ru" ? "ru-RU" : navigator.language.startsWith("en") ? navigator.language : "en-GB");
const formats = new Map<string, unknown>();

// Making one of these takes longer than drawing a row of a table.
function cached<T>(kind: string, make: (locale: string) => T): T {
  const key = kind + locale();
  let f = formats.get(key);
  if (!f) formats.set(key, (f = make(locale())));
  return f as T;
}

type When = string | number | Date | null | undefined;
const at = (w: When): Date | null => {
  if (w === null || w === undefined || w === "") return null;
  const d = w instanceof Date ? w : new Date(w);
  return Number.isNaN(d.getTime()) ? null : d;
};

export function number(x: number, digits = 0): string {
  return cached("n" + digits, (l) => new Intl.NumberFormat(l, { maximumFractionDigits: digits })).format(x);
}

/** 0.314 is 31 %. */
export function percent(share: number, digits = 0): string {
  return cached("p" + digits, (l) => new Intl.NumberFormat(l, { style: "percent", maximumFractionDigits: digits })).format(share);
}

/** 26 Nov 2026 */
export const date = (w: When): string => {
  const d = at(w);
  return d ? cached("d", (l) => new Intl.DateTimeFormat(l, { day: "numeric", month: "short", year: "numeric" })).format(d) : "–";
};

/** 26 Nov 2026 of a day without a time, such as a deadline: the same for every reader. It is kept as a moment of that day in UTC. */
export const calendarDay = (w: When): string => {
  const d = at(w);
  return d ? cached("cd", (l) => new Intl.DateTimeFormat(l, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })).format(d) : "–";
};

/** 26 Nov */
export const day = (w: When): string => {
  const d = at(w);
  return d ? cached("D", (l) => new Intl.DateTimeFormat(l, { day: "numeric", month: "short" })).format(d) : "–";
};

/** 14:05 */
export const time = (w: When): string => {
  const d = at(w);
  return d ? cached("t", (l) => new Intl.DateTimeFormat(l, { hour: "2-digit", minute: "2-digit" })).format(d) : "–";
};

/** 26 Nov 2026, 14:05 in the reader's zone; in the hour that comes twice when summer time ends, with which of the two it is. */
export const dateTime = (w: When): string => {
  const d = at(w);
  if (!d) return "–";
  const minute = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" } as const;
  const f = cached("dt", (l) => new Intl.DateTimeFormat(l, minute));
  const later = (ms: number) => new Date(d.getTime() + ms);
  const back = (later(36e5).getTimezoneOffset() - later(-36e5).getTimezoneOffset()) * 60_000;
  if (back > 0 && [back, -back].some((ms) => f.format(later(ms)) === f.format(d))) return cached("dtz", (l) => new Intl.DateTimeFormat(l, { ...minute, timeZoneName: "short" })).format(d);
  return f.format(d);
};

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60],
];

/** 3 hours ago, in 2 days */
export function ago(w: When, now: Date = new Date()): string {
  const d = at(w);
  if (!d) return "–";
  const seconds = (d.getTime() - now.getTime()) / 1000;
  const f = cached("r", (l) => new Intl.RelativeTimeFormat(l, { numeric: "auto", style: "short" }));
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return f.format(Math.trunc(seconds / size), unit);
  }
  return f.format(0, "second");
}

/** 850 ms, 1.2 s, 3 min, 2 h, 4 d */
export function duration(ms: number): string {
  const unit = (unit: string, x: number, digits = 0) =>
    cached("u" + unit + digits, (l) => new Intl.NumberFormat(l, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits })).format(x);
  if (ms < 1000) return unit("millisecond", ms);
  if (ms < 60_000) return unit("second", ms / 1000, 1);
  if (ms < 3_600_000) return unit("minute", ms / 60_000, ms < 600_000 ? 1 : 0);
  if (ms < 86_400_000) return unit("hour", ms / 3_600_000, 1);
  return unit("day", ms / 86_400_000, 1);
}

/** 1.2 MB */
export function bytes(n: number): string {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let i = 0;
  while (n >= 1000 && i < steps.length - 1) {
    n /= 1000;
    i++;
  }
  return new Intl.NumberFormat(locale(), { style: "unit", unit: steps[i], unitDisplay: i ? "short" : "long", maximumFractionDigits: i ? 1 : 0 }).format(n);
}

/** What a language is called: "ru" is Russian. */
export const languageName = (code: string): string => {
  try {
    return cached("l", (l) => new Intl.DisplayNames(l, { type: "language" })).of(code) ?? code;
  } catch {
    return code;
  }
};

/** Compares texts as the reader's language orders them. */
export const collate = (a: string, b: string): number => cached("c", (l) => new Intl.Collator(l, { numeric: true })).compare(a, b);
