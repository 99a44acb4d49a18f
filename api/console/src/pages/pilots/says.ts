// What comes of a pilot, in words; the same wherever it is said.
import type { PilotBody } from "../../api.gen";
import { lang, percent } from "../../i18n";
import { t } from "./words";

export const profileName = (name: string | undefined): string => (!name || name === "default" ? t("default") : t("aProfile", { name }));

function listing(names: string[]): string {
  // Each name is isolated, so that one written from right to left turns nothing but itself.
  const quoted = names.map((n) => (lang.get() === "ru" ? `«\u2068${n}\u2069»` : `“\u2068${n}\u2069”`));
  return new Intl.ListFormat(lang.get(), { type: "conjunction" }).format(quoted);
}

export function split(p: PilotBody): string {
  const who = p.groups?.length ? t("ofGroup", { n: p.groups.length, groups: listing(p.groups) }) : t("everyGroup");
  const tried = profileName(p.profile), others = profileName(p.control);
  if (p.percent === 0) return t("s_none", { who, tried, others });
  return p.percent === 100 ? t("s_all", { who, tried }) : t("s_some", { n: percent(p.percent / 100), who, tried, others });
}

export function says(p: PilotBody & { status: "draft" | "running" | "stopped" }): string {
  if (p.status === "stopped") return t("s_stopped");
  return p.status === "draft" ? t("s_draft", { what: split(p) }) : split(p);
}
