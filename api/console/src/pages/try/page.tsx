// Try it: a question, what it finds and why in that order, with and without
// what was learned, and what would be answered.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, isAbort, type ApiError } from "../../api";
import type { AnswerView, SearchView, SuggestionView } from "../../api.gen";
import { useDraft } from "../../draft";
import { duration, languageName, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { asError } from "../../live";
import type { PageProps } from "../../pages";
import { linkTo } from "../../palette";
import { href, useQuery } from "../../router";
import { isRole } from "../../session";
import { Badge, Button, Card, Empty, Failure, Form, Loading, Markdown, Notice, Page, Select, Stack, TextArea } from "../../ui";
import { levelled } from "../knowledge/doc";
import { Bare, Ranking, movesOf } from "./ranking";
import { t } from "./words";

interface Tried {
  found?: { now: SearchView; bare: SearchView };
  answer?: SuggestionView;
  error?: ApiError;
  failed?: ApiError; // of the answer alone
}

export default function Try(_: PageProps) {
  const [q, setQ] = useQuery("q");
  const [kind, setKind] = useQuery("kind");
  const [locale, setLocale] = useQuery("locale");
  const [again, setAgain] = useState(0);
  const draft = useDraft("try", q);
  const [text, setText] = useState(q || draft.text);
  const tried = useTry(q, kind, locale, again);
  const area = useRef<HTMLTextAreaElement | null>(null);
  const type = (s: string) => {
    setText(s);
    draft.set(s);
  };
  useEffect(() => {
    if (q) setText(q);
  }, [q]);
  useEffect(() => {
    if (!q) requestAnimationFrame(() => area.current?.focus({ preventScroll: true })); // after the shell has put it on the title
  }, []);
  const ask = () => {
    const s = text.trim();
    if (!s) return area.current?.focus();
    setQ(s);
    setAgain(again + 1);
    draft.discard();
  };
  useKeys([{ keys: "mod+enter", label: t("ask"), run: ask }, { keys: "/", label: t("question"), run: () => area.current?.focus() }]);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Stack>
        <Card>
          <Form onSubmit={ask} label={t("question")}>
            <TextArea label={t("question")} value={text} onInput={type} placeholder={t("placeholder")} rows={2} most={10} maxLength={8000} areaRef={area} />
            <div class="try-bar">
              <Select label={t("kind")} bare value={kind} onChange={setKind} options={[{ value: "", label: t("anyKind") }, { value: "article", label: t("article") }, { value: "case", label: t("case") }]} />
              <Select label={t("language")} bare value={locale} onChange={setLocale} options={[{ value: "", label: t("anyLanguage") }, ...["en", "ru"].map((l) => ({ value: l, label: languageName(l) }))]} />
              <Button type="submit" kind="primary" icon="spark" keys="mod+enter">{t("ask")}</Button>
            </div>
          </Form>
        </Card>
        {!q ? <Empty icon="spark" title={t("none")}>{t("noneBody")}</Empty>
          : tried.error ? <Failure error={tried.error} retry={() => setAgain(again + 1)} />
            : <Result tried={tried} q={q} retry={() => setAgain(again + 1)} />}
      </Stack>
    </Page>
  );
}

function Result({ tried, q, retry }: { tried: Tried; q: string; retry(): void }) {
  const f = tried.found;
  if (!f) return <Loading as="rows" rows={8} />;
  if (f.now.sources.length === 0 && f.bare.sources.length === 0) {
    return <Empty icon="search" title={t("nothing")} action={isRole("editor", "admin") && <Button href={href("knowledge/articles", "new")}>{t("write")}</Button>}>{t("nothingBody")}</Empty>;
  }
  const moves = movesOf(f.now.sources, f.bare.sources);
  const n = [...moves.values()].filter((m) => m !== 0).length + f.bare.sources.filter((s) => !moves.has(s.id)).length;
  return (
    <Stack>
      <Answer made={tried.answer} error={tried.failed} retry={retry} key={q} />
      <Notice tone={n > 0 ? "good" : "info"}>{n > 0 ? t("moved", { n }) : t(f.now.ranker || f.now.sources.some((s) => s.parts.learned) ? "same" : "withNone")} <span class="soft">{t("took", { ms: duration(f.now.took_ms.total) })}</span></Notice>
      <div class={n > 0 ? "try-sides" : ""}>
        <Ranking title={t(n > 0 ? "with" : "found")} lead={t(n > 0 ? "withLead" : "foundLead")} sources={f.now.sources} bare={f.bare.sources} />
        {n > 0 && <Bare title={t("without")} lead={t("withoutLead")} sources={f.bare.sources} now={f.now.sources} />}
      </div>
    </Stack>
  );
}

function Answer({ made, error, retry }: { made?: SuggestionView; error?: ApiError; retry(): void }) {
  const answer = made?.answer as AnswerView | null | undefined;
  return (
    <Card title={t("answer")} actions={made && <Badge tone={made.decision === "abstain" ? "warn" : made.decision === "answer" ? "good" : "accent"}>{t(`answer_${made.decision}`)}</Badge>}>
      {error ? <Failure error={error} retry={retry} /> : !made ? <Loading rows={3} /> : (
        <Stack>
          {answer && <div dir="auto"><Markdown text={levelled(answer.text)} /></div>}
          {answer && <Rests made={made} answer={answer} />}
          {made.abstain_reason && <p class={answer ? "soft" : ""}>{t.any(made.abstain_reason)}</p>}
          {!!answer?.unproven?.length && <Notice tone="warn">{t("unproven", { n: answer.unproven.length })}</Notice>}
          {answer?.notice && <Notice>{answer.notice}</Notice>}
          <div class="try-sure"><span>{t("confidence", { share: percent(made.confidence) })}</span><meter min={0} max={1} value={made.confidence} aria-label={t("confidence", { share: percent(made.confidence) })} />
            {answer && <span class="soft">{t("method", { what: answer.method === "extract" ? t("extract") : answer.method.replace(/^model:/, "") })}</span>}</div>
        </Stack>
      )}
    </Card>
  );
}

/** What the numbers in brackets stand for. */
function Rests({ made, answer }: { made: SuggestionView; answer: AnswerView }) {
  const cited = new Map(answer.citations.map((c) => [c.marker, c.source_id]));
  return (
    <ul class="try-rests" aria-label={t("rests")}>
      {[...cited].sort(([a], [b]) => a - b).map(([n, id]) => {
        const s = made.sources.find((x) => x.id === id);
        const link = s && linkTo(s.kind, s.id);
        return s && <li><span class="soft">[{n}]</span> {link ? <a class="wrap" dir="auto" href={link}>{s.title || id}</a> : <span class="wrap" dir="auto">{s.title || id}</span>}</li>;
      })}
    </ul>
  );
}

/** Asks both ways at once, and then for the reply; nothing is kept. */
function useTry(q: string, kind: string, locale: string, again: number): Tried {
  const [state, set] = useState<Tried>({});
  useEffect(() => {
    set({});
    if (!q) return;
    const abort = new AbortController();
    const o = { signal: abort.signal };
    const body = { text: q, limit: 8, filters: { ...(kind ? { kind } : {}), ...(locale ? { locale } : {}) } };
    const failed = (field: "error" | "failed") => (e: unknown) => {
      if (!isAbort(e) && !abort.signal.aborted) set((s) => ({ ...s, [field]: asError(e) }));
    };
    Promise.all([api.post<SearchView>("/v1/search", body, o), api.post<SearchView>("/v1/search", { ...body, unlearned: true }, o)])
      .then(([now, bare]) => set((s) => ({ ...s, found: { now, bare } })), failed("error"));
    api.post<SuggestionView>("/v1/suggestions", { ...body, limit: 5, trial: true }, o).then((answer) => set((s) => ({ ...s, answer })), failed("failed"));
    return () => abort.abort();
  }, [q, kind, locale, again]);
  return state;
}
