import type { LearnedView, RepliedView } from "../../api.gen";
import { t } from "./words";

/** What was learned from a reply, in a line. */
export function sayLearned(r: RepliedView | undefined, later: LearnedView | undefined): string {
  if (!r) return "";
  if (r.refused) return t("notTold", { why: r.refused });
  const first = t(r.event === "sent" ? "sentAsIs" : r.event === "edited" ? "sentEdited" : "sentOwn");
  const l = later ?? r.learned;
  if (!l) return first;
  if (!l.digested) return first + " " + t("learning").replace(/^./, (c) => c.toUpperCase()) + "…";
  const said: string[] = [];
  if (l.of > 0) said.push(t("keptPassages", { n: l.of, k: l.kept }));
  if (l.brought_in > 0) said.push(t("brought", { n: l.brought_in }));
  const titles = [...new Set(l.credits.filter((c) => c.amount > 0).map((c) => c.title || c.source_id))];
  const best = titles[0];
  if (best) said.push(titles.length > 1 ? t("creditedMore", { title: best, n: titles.length - 1 }) : t("credited", { title: best }));
  if (said.length === 0) said.push(t("nothingLearned"));
  return first + " " + said.join("; ").replace(/^./, (c) => c.toUpperCase()) + ".";
}
