// What is known of a gap: its cause, its cost, its questions, its history.
import { useEffect, useRef } from "preact/hooks";
import type { FailureView, GapStep, GapWhole } from "../../api.gen";
import { date, dateTime, day, number } from "../../i18n";
import { linkTo } from "../../palette";
import { whyGap } from "../../said/gaps";
import { readable } from "../../taken";
import { Badge, Card, Disclosure, Markdown } from "../../ui";
import { Chart } from "../../ui/chart";
import { spent, ticketOf } from "./parts";
import { t } from "./words";

export function Why({ gap }: { gap: GapWhole }) {
  const articles = gap.topic.articles ?? [];
  return (
    <Card title={t(gap.status === "closed" ? "whyWas" : "why")}>
      <p class="gaps-cause"><strong>{t.any(gap.cause)}.</strong> {whyGap(gap.topic.why)}</p>
      {articles.length > 0 && (
        <div class="gaps-articles">
          <h3>{t("articles")}</h3>
          <ul>{articles.map((a) => (
            <li>
              <Disclosure title={<><span class="wrap" dir="auto">{a.title || a.id}</span> <span class="soft small-text">{t("pointTo", { n: a.times })}</span></>}>
                {a.quote && <Markdown class="gaps-quote" text={a.quote} />}
                {linkTo("article", a.id) && <a href={linkTo("article", a.id)}>{t("toArticle")}</a>}
              </Disclosure>
            </li>
          ))}</ul>
        </div>
      )}
    </Card>
  );
}

const week = 7 * 86_400_000;

export function Cost({ gap }: { gap: GapWhole }) {
  const f = gap.topic.factors;
  const factors: [number, string][] = [[f.volume, t("volume")], [f.handling, t(f.measured ? "handling" : "handlingGuess")], [f.dissatisfaction, t("dissatisfaction")], [f.growth, t("growth")]];
  const trend = gap.topic.trend ?? [];
  const now = Date.now(); // figures move every night, which is no change of the gap
  return (
    <Card title={t("costs")} lead={t("factorHelp")}>
      <div class="gaps-factors">
        {factors.map(([v, label], i) => <div><div class="gaps-factor">{i > 0 && <span class="gaps-times">{t("times")} </span>}{number(v, i < 2 ? 1 : 2)}</div><div class="soft small-text">{label}</div></div>)}
        <strong class="gaps-sum">{t("costSum", { cost: spent(gap.cost) })}</strong>
      </div>
      {trend.some((n) => n > 0) && (
        <Chart kind="bars" title={t("trendOf")} height={170} x={{ label: t("trend") }} y={{ label: t("trendOf"), min: 0, format: (v) => (Number.isInteger(v) ? number(v) : "") }}
          series={[{ name: t("trendOf"), points: trend.map((y, i) => ({ x: i, y, label: day(now - (trend.length - i) * week + 86_400_000) })) }]} />
      )}
    </Card>
  );
}

export function Evidence({ gap, lit, onLight }: { gap: GapWhole; lit: readonly string[]; onLight(tickets: string[]): void }) {
  const all = gap.evidence ?? [];
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // Inside the list only: the page stays where the reader is.
    const list = box.current, item = list?.querySelector<HTMLElement>("li.lit");
    if (list && item) list.scrollTo({ top: item.offsetTop - list.offsetTop - 12 });
  }, [lit.join("\n")]);
  return (
    <Card title={t("evidence")} flush lead={<>{t("evidenceLead", { n: gap.topic.failures, customers: gap.topic.customers })}{all.length < gap.topic.failures && " · " + t("evidenceMore", { shown: all.length, all: gap.topic.failures })}</>}>
      <ul class="gaps-evidence" ref={box} tabIndex={0} aria-label={t("evidence")}>
        {all.map((f) => <Failed f={f} lit={lit.includes(ticketOf(f))} onLight={onLight} />)}
      </ul>
    </Card>
  );
}

const signs = (f: FailureView) => f.signs.map((s) => t.any(s === "reopened" ? "reopened_ticket" : s));

function Failed({ f, lit, onLight }: { f: FailureView & { missing?: string }; lit: boolean; onLight(tickets: string[]): void }) {
  const link = f.ticket_id && f.ticket_known ? linkTo("ticket", f.ticket_id) : ""; // of others there is only the number
  return (
    <li class={lit ? "lit" : ""} onMouseEnter={() => onLight([ticketOf(f)])} onMouseLeave={() => onLight([])}>
      <p class="wrap" dir="auto">{readable(f.question)}</p>
      <div class="gaps-meta">
        {link ? <a href={link}>{ticketOf(f)}</a> : <span>{ticketOf(f)}</span>}
        <span title={dateTime(f.at)}>{date(f.at)}</span>
        {signs(f).map((s) => <Badge>{s}</Badge>)}
        {!f.counted && <span>{t("uncounted")}</span>}
      </div>
      {f.missing && <p class="gaps-reply" dir="auto"><strong>{t("toldMissing")}</strong> {readable(f.missing)}</p>}
      {f.reply ? <Disclosure title={t("reply")}><p class="gaps-reply" dir="auto">{readable(f.reply)}</p></Disclosure> : <p class="soft small-text">{t("noReply")}</p>}
    </li>
  );
}

const steps: Record<string, "causeChanged" | "notProven"> = { cause: "causeChanged", "not proven": "notProven" };

function note(s: GapStep): string {
  if (!s.note) return "";
  const parts = s.what === "cause" && s.note.match(/^from (\S+) to (\S+)$/);
  if (parts) return t("from", { a: t.any(parts[1]!), b: t.any(parts[2]!) });
  return s.what === "dismissed" || (s.what === "reopened" && s.author !== "whetstone") ? s.note : whyGap(s.note); // the words of people stay theirs
}

export function History({ gap }: { gap: GapWhole }) {
  return (
    <Card>
      <Disclosure title={t("history")}>
        <ol class="gaps-history">
          {gap.history.toReversed().map((s) => (
            <li><strong>{t.any(steps[s.what] ?? s.what)}</strong> <span class="soft small-text">{dateTime(s.at)} · {s.author === "whetstone" ? t("byItself") : s.author}</span>{note(s) && <p class="wrap small-text" dir="auto">{note(s)}</p>}</li>
          ))}
        </ol>
      </Disclosure>
    </Card>
  );
}
