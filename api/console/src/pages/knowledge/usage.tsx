// How much drafts of late rested on a source, and what became of them.
import type { Usage } from "../../api.gen";
import { date, dict, number } from "../../i18n";
import { Sparkline } from "../../ui/chart";

const t = dict(
  EN && {
    served: { one: "draft rested on it", other: "drafts rested on it" }, within: "in the last twelve weeks", since: "since {when}", weeks: "Drafts a week",
    unchanged: "sent as they were", edited: "changed first", rejected: "rejected", open: "not judged",
    none: "No draft rested on it in twelve weeks.", noneOf: { one: "No draft rested on it, of {n} that was written.", other: "No draft rested on it, of {n} that were written." }, shown: { one: "It was shown as a source once.", other: "It was shown as a source {n} times." },
  },
  RU && {
    served: { one: "черновик опирался на неё", few: "черновика опирались на неё", many: "черновиков опирались на неё", other: "черновика опирались на неё" }, within: "за двенадцать недель", since: "с {when}", weeks: "Черновиков в неделю",
    unchanged: "отправлено без правок", edited: "сначала поправили", rejected: "отклонено", open: "без оценки",
    none: "За двенадцать недель ни один черновик на это не опирался.", noneOf: { one: "Написан {n} черновик, но на это он не опирался.", few: "Написано {n} черновика, но на это ни один не опирался.", many: "Написано {n} черновиков, но на это ни один не опирался.", other: "Написано {n} черновика, но на это ни один не опирался." }, shown: { one: "Среди источников показано {n} раз.", few: "Среди источников показано {n} раза.", many: "Среди источников показано {n} раз.", other: "Среди источников показано {n} раза." },
  },
);

const ends = ["unchanged", "edited", "rejected", "open"] as const;

/** Of twelve weeks, or of fewer where there were too many drafts to look through. */
const limited = (u: Usage): boolean => u.of >= 10_000;

export function UsageView({ usage: u }: { usage: Usage }) {
  if (u.served === 0) return <p>{u.of > 0 ? t("noneOf", { n: u.of }) : t("none")} {u.shown > 0 && t("shown", { n: u.shown })}</p>;
  const of = { unchanged: u.unchanged, edited: u.edited, rejected: u.rejected, open: u.served - u.unchanged - u.edited - u.rejected };
  return (
    <div class="knowledge-usage">
      <div class="knowledge-served"><p><strong>{number(u.served)}</strong> {t("served", { n: u.served })} <span class="soft">{limited(u) ? t("since", { when: date(u.since) }) : t("within")}</span></p><Sparkline values={u.weeks} label={t("weeks")} /></div>
      <div class="knowledge-fates" aria-hidden="true">{ends.map((e) => of[e] > 0 && <i class={e} style={{ flexGrow: of[e] }} />)}</div>
      <ul class="knowledge-ends">{ends.map((e) => of[e] > 0 && <li><i class={e} aria-hidden="true" /><span class="num">{number(of[e])}</span> {t(e)}</li>)}</ul>
    </div>
  );
}
