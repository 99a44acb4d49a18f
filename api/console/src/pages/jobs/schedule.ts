// A schedule in words, in the reader's time zone; as it stands where it is not
// one of the usual kinds.
import { duration, time } from "../../i18n";
import { lang } from "../../i18n";
import { t } from "./words";

export function spoken(spec: string): string {
  const every = spec.match(/^@every (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/);
  if (every) return t("everyN", { what: duration(((Number(every[1] ?? 0) * 60 + Number(every[2] ?? 0)) * 60 + Number(every[3] ?? 0)) * 1000) });
  const step = spec.match(/^\*\/(\d+) \* \* \* \*$/);
  if (step) return t("everyN", { what: duration(Number(step[1]) * 60_000) });
  const m = spec.match(/^(\*|\d+) (\*|\d+) \* \* (\*|\d)$/);
  if (!m) return spec;
  const [, minute = "", hour = "", weekday = ""] = m;
  if (minute === "*") return t("everyMinute");
  if (hour === "*") return t("hourly", { minute });
  const at = new Date();
  at.setUTCHours(Number(hour), Number(minute), 0, 0);
  if (weekday === "*") return t("daily", { time: time(at) });
  at.setUTCDate(at.getUTCDate() + ((Number(weekday) - at.getUTCDay() + 7) % 7));
  return t("weekly", { day: new Intl.DateTimeFormat(lang.get(), { weekday: "long" }).format(at), time: time(at) });
}
