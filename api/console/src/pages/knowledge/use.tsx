// Who uses a source, what operators made of it, and what that adds to its place.
import { api, seg } from "../../api";
import type { InfluenceView, SourceLearning } from "../../api.gen";
import { ago, collate, dateTime, dict, number, percent } from "../../i18n";
import { useAction, useApi } from "../../live";
import { whyCredit } from "../../said/learning";
import { Badge, Card, Empty, Figure, Grid, Loaded, Notice, Radio, Stack, Table, toast } from "../../ui";
import { UsageView } from "./usage";

const t = dict(
  EN && {
    served: "Used in drafts", sent: "Kept", sentNote: "what a draft took from it was sent", brought: "Brought in", broughtNote: "operators fetched it themselves", dropped: "Dropped", droppedNote: "was taken out before sending", against: "Against it", againstNote: "contradicted or voted down",
    byTopic: "Influence by topic", byTopicLead: "What it adds to its own score, from −0.1 to +0.1, because of what operators did with it.", topic: "Topic", everywhere: "All topics together", influence: "Adds", last: "Last", counts: "Kept · brought · dropped · against",
    recent: "Latest judgements", recentNone: "Nobody has used it in a reply yet", recentNoneBody: "As soon as operators send, change or reject drafts that rest on it, each of them is listed here with its reason.", what: "What became of it", why: "Why", when: "When",
    kept: "Kept", brought_in: "Brought in", contradicted: "Contradicted", unused: "Not used", vote: "Vote", partly: "After the text was changed, {share} of this counts.", nothing: "Nothing was learned of it yet: it ranks by its text alone.",
    decide: "Decide yourself", decideLead: "Holds within a second, whatever is learned.", learned: "Leave it to learning", learnedHint: "It ranks by its text and by what operators do with it.", pin: "Pin it", pinHint: "It ranks as if it had proven as useful as can be (+0.1).", reset: "Forget what was learned", resetHint: "What was learned until now does not count; what comes counts.", exclude: "Do not use it", excludeHint: "No reply rests on it any more. It stays readable.",
    set: "Done. It holds from now on.", pinned: "Pinned by a person", wasReset: "Learning was reset by a person", excluded: "Excluded: no reply rests on it",
  },
  RU && {
    served: "В черновиках", sent: "Оставлено", sentNote: "взятое из неё отправили", brought: "Добавлено", broughtNote: "операторы взяли её сами", dropped: "Убрано", droppedNote: "вырезали до отправки", against: "Против", againstNote: "противоречит или плохая оценка",
    byTopic: "Влияние по темам", byTopicLead: "Сколько прибавляется к её оценке, от −0,1 до +0,1, за то, что с ней делали операторы.", topic: "Тема", everywhere: "Все темы вместе", influence: "Прибавка", last: "Последний раз", counts: "Оставлено · добавлено · убрано · против",
    recent: "Последние отзывы", recentNone: "В ответах этим ещё не пользовались", recentNoneBody: "Как только операторы отправят, поправят или отклонят черновики, которые на это опираются, здесь будет каждая и почему.", what: "Что с этим стало", why: "Почему", when: "Когда",
    kept: "Оставлено", brought_in: "Добавлено", contradicted: "Противоречит", unused: "Не пригодилось", vote: "Оценка", partly: "Текст меняли, поэтому из этого считается {share}.", nothing: "Пока ничего не выучено: место зависит только от текста.",
    decide: "Решить самим", decideLead: "Действует через секунду, что бы ни было выучено.", learned: "Оставить обучению", learnedHint: "Место зависит от текста и от того, что с этим делают операторы.", pin: "Закрепить", pinHint: "Как если бы польза была доказана вполне (+0,1).", reset: "Забыть выученное", resetHint: "Выученное до сих пор не считается; новое — считается.", exclude: "Не использовать", excludeHint: "Ответы больше на это не опираются. Читать можно.",
    set: "Готово. Уже действует.", pinned: "Закреплено человеком", wasReset: "Обучение сброшено человеком", excluded: "Исключено: ответы на это не опираются",
  },
);

const decided = { pin: "pinned", reset: "wasReset", exclude: "excluded" } as const;
const tones: Record<string, "good" | "bad" | "plain" | "warn"> = { kept: "good", brought_in: "good", dropped: "warn", contradicted: "bad" };

export function Use({ id }: { id: string }) {
  const path = "/v1/sources/" + seg(id);
  const learning = useApi<SourceLearning>(path + "/learning");
  const decide = useAction(async (action: string) => {
    if (action) await api.put(path + "/override", { action });
    else await api.del(path + "/override");
    toast(t("set"));
    await learning.reload();
  });
  return (
    <Loaded of={learning}>
      {(l) => {
        const whole = l.topics.find((x) => x.topic === "")?.learned;
        const sum = (of: (i: InfluenceView) => number) => l.topics.filter((x) => x.topic !== "").reduce((n, x) => n + of(x), 0);
        const figure = (name: "kept" | "brought" | "dropped" | "against") => number(whole?.[name] ?? sum((x) => x.learned[name]));
        return (
          <Stack>
            {l.override && <Notice tone={l.override === "exclude" ? "warn" : "info"}>{t(decided[l.override])}</Notice>}
            {l.kept < 1 && <Notice>{t("partly", { share: percent(l.kept) })}</Notice>}
            <Card title={t("served")}><UsageView usage={l.usage} /></Card>
            {l.topics.length > 0 ? (
              <>
                <Grid min={180}>
                  {(["kept", "brought", "dropped", "against"] as const).map((name) => (
                    <Card><Figure value={figure(name)} label={t(name === "kept" ? "sent" : name)} note={t(name === "kept" ? "sentNote" : `${name}Note` as "broughtNote")} /></Card>
                  ))}
                </Grid>
                <Card title={t("byTopic")} lead={t("byTopicLead")} flush>
                  <Table label={t("byTopic")} rows={l.topics} id={(x) => x.topic} columns={[
                    { key: "topic", title: t("topic"), main: true, sort: (a, b) => collate(a.label ?? "", b.label ?? ""), cell: (x) => (x.topic === "" ? t("everywhere") : x.label || x.topic) },
                    { key: "bonus", title: t("influence"), width: 190, sort: (a, b) => a.bonus - b.bonus, cell: (x) => <Bonus value={x.bonus} /> },
                    { key: "counts", title: t("counts"), width: 230, wide: true, cell: (x) => [x.learned.kept, x.learned.brought, x.learned.dropped, x.learned.against].map((n) => number(n)).join(" · ") },
                    { key: "last", title: t("last"), width: 168, wide: true, cell: (x) => <span title={dateTime(x.learned.last)}>{ago(x.learned.last)}</span> },
                  ]} />
                </Card>
              </>
            ) : <Notice>{t("nothing")}</Notice>}
            <Card title={t("recent")} flush>
              <Table label={t("recent")} rows={l.recent.filter((n) => n.verdict !== "unused")} id={(n) => n.suggestion_id + n.at} empty={<Empty icon="history" title={t("recentNone")}>{t("recentNoneBody")}</Empty>} columns={[
                { key: "what", title: t("what"), width: 180, main: true, cell: (n) => <Badge tone={tones[n.verdict ?? ""] ?? "plain"}>{t.any(n.verdict || "vote")}</Badge> },
                { key: "why", title: t("why"), cell: (n) => <span class="wrap">{whyCredit(n.why)}</span> },
                { key: "when", title: t("when"), width: 168, wide: true, cell: (n) => <span title={dateTime(n.at)}>{ago(n.at)}</span> },
              ]} />
            </Card>
            <Card title={t("decide")} lead={t("decideLead")}>
              <Radio label={t("decide")} bare value={l.override ?? ""} onChange={(v) => decide.run(v)} options={(["learned", "pin", "reset", "exclude"] as const).map((v) => ({
                value: v === "learned" ? "" : v, label: t(v), hint: t(`${v}Hint` as "pinHint"), disabled: decide.busy,
              }))} />
            </Card>
          </Stack>
        );
      }}
    </Loaded>
  );
}

const most = 0.1;

/** How much is added or taken away: a bar to either side of nought, and the figure. */
function Bonus({ value }: { value: number }) {
  const share = Math.min(1, Math.abs(value) / most) * 50;
  return (
    <span class="knowledge-bonus">
      <span class="knowledge-bar" aria-hidden="true"><i class={value < 0 ? "less" : ""} style={{ left: (value < 0 ? 50 - share : 50) + "%", width: share + "%" }} /></span>
      <span class="num">{value > 0 ? "+" : ""}{number(value, 3)}</span>
    </span>
  );
}

