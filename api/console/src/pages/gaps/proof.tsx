// The questions that failed, asked again: what came of each.
import type { GapQuestion, GapWhole } from "../../api.gen";
import { ago, dateTime, percent } from "../../i18n";
import { linkTo } from "../../palette";
import { whyGap } from "../../said/gaps";
import { Badge, Button, Card, Icon } from "../../ui";
import { t } from "./words";

/** What an event says of one question: its place, how many there are, what came of it. */
export interface Asked {
  at: number;
  of: number;
  question: GapQuestion;
}

type Shown = Partial<GapQuestion> & { text: string };

/** The different questions of a gap, as they are asked again. */
function failing(gap: GapWhole): Shown[] {
  const seen = new Set<string>();
  return (gap.evidence ?? []).filter((f) => {
    const key = f.question.toLowerCase().split(/\s+/).join(" ").trim();
    return key && !seen.has(key) && seen.add(key);
  }).slice(0, 50).map((f) => ({ text: f.question }));
}

export function Proof({ gap, checking, asked, onAgain }: { gap: GapWhole; checking: boolean; asked: readonly Asked[]; onAgain(): void }) {
  const proof = gap.proof;
  const done = !checking && !!proof;
  // While they are asked, each shows what came of it as soon as that is known.
  const known: Shown[] = done ? proof.questions ?? [] : asked.map((a) => a.question);
  const list: Shown[] = done ? known : [...known, ...failing(gap).slice(known.length, asked[0]?.of)];
  const good = known.filter((q) => q.answered).length;
  const proven = done && proof.share >= proof.needed && proof.asked > 0;
  const link = gap.article_id ? linkTo("article", gap.article_id) : "";
  const title = !done ? t("asking") : proven ? t("provenTitle") : t(gap.status === "reopened" ? "goneTitle" : "failedTitle");
  return (
    <Card class={`gaps-proof ${proven ? "good" : done ? "warn" : ""}`} title={<span role="status">{title}</span>} icon={proven ? "check" : done ? "warn" : "refresh"}
      lead={done ? <>{t("answeredOf", { n: proof.answered, all: proof.asked })} {!proven && t("needed", { share: percent(proof.needed) })} <span title={dateTime(proof.at)}>{t("lastAsked", { ago: ago(proof.at) })}.</span></> : undefined}
      actions={<>{link && <Button small icon="book" href={link}>{t("toArticle")}</Button>}{proof && <Button small icon="refresh" busy={checking} onClick={onAgain}>{t("again")}</Button>}</>}>
      <div class="gaps-progress" role="progressbar" aria-label={t("proof")} aria-valuemin={0} aria-valuemax={list.length} aria-valuenow={good}>
        <span style={{ width: (good / Math.max(1, list.length)) * 100 + "%" }} /><i style={{ left: (proof?.needed ?? 0.8) * 100 + "%" }} />
      </div>
      <ul class="gaps-asked" tabIndex={0} aria-label={t("proof")}>
        {list.map((q, i) => {
          const state = i >= known.length ? "pending" : q.answered ? "yes" : "no";
          return (
            <li key={i} class={state}>
              {state === "pending" ? <span class="spinner" /> : <Icon name={state === "yes" ? "check" : "close"} />}
              <div>
                <span class="wrap" dir="auto">{q.text}</span>
                {state === "no" && q.why && <span class="row-sub wrap" dir="auto">{whyGap(q.why)}</span>}
              </div>
              <Badge tone={state === "yes" ? "good" : state === "no" ? "warn" : "plain"}>{t(state === "yes" ? "isAnswered" : state === "no" ? "stillFails" : "pending")}</Badge>
            </li>
          );
        })}
      </ul>
      {done && !proven && gap.status !== "closed" && <p class="soft">{t("failedHint")}</p>}
    </Card>
  );
}
