// The sources of a draft: what each says, which passage the reply rests on, and
// what an operator may say of them.
import { useEffect, useRef, useState } from "preact/hooks";
import { newKey, seg } from "../../api";
import type { ArticleView, CaseView, Cited, SuggestionView } from "../../api.gen";
import { asError, useAction, useApi } from "../../live";
import { linkTo } from "../../palette";
import { readable } from "../../taken";
import { Badge, Button, Dialog, Empty, Icon, Loaded, Markdown, Menu, safeUrl, toast, toastError } from "../../ui";
import { tell, untell } from "./desk";
import { passage, type Span } from "./spans";
import { t } from "./words";

export interface SourcesProps {
  sources: Cited[];
  spans: Span[];
  lit: Span | undefined;
  made: SuggestionView | undefined;
  writing: boolean;
  /** The source that was jumped to. */
  shown: string;
  mayInsert: boolean;
  onInsert(source: Cited): void;
  /** The source that is pointed at, empty: none. */
  onPoint(source: string): void;
}

export function Sources(p: SourcesProps) {
  const [open, setOpen] = useState<Cited | null>(null);
  const used = new Set(p.spans.map((s) => s.source));
  if (p.sources.length === 0) {
    if (p.writing) return <p class="work-quiet">{t("sourcesWait")}</p>;
    return <Empty icon="book" title={t(p.made ? "noSources" : "sources")}>{t(p.made ? "noSourcesBody" : "sourcesWait")}</Empty>;
  }
  const numbered = p.sources.map((c, i) => ({ c, n: i + 1 }));
  const list = (items: typeof numbered) => (
    <ul class="work-sources">
      {items.map(({ c, n }) => <Source key={c.id} {...p} c={c} n={n} used={used.has(c.id)} onRead={() => setOpen(c)} />)}
    </ul>
  );
  const rests = numbered.filter(({ c }) => used.has(c.id));
  const rest = numbered.filter(({ c }) => !used.has(c.id));
  return (
    <>
      {rests.length > 0 && <><p class="work-part">{t("cited")}</p>{list(rests)}</>}
      {rest.length > 0 && <>{rests.length > 0 && <p class="work-part">{t("found")}</p>}{list(rest)}</>}
      {open && <Whole c={open} onClose={() => setOpen(null)} />}
    </>
  );
}

const votes = ["outdated", "incorrect", "irrelevant", "relevant"] as const;

function Source(p: SourcesProps & { c: Cited; n: number; used: boolean; onRead(): void }) {
  const { c, n, made } = p;
  const [vote, setVote] = useState("");
  const voted = useRef(""); // the event that told of it
  const box = useRef<HTMLLIElement>(null);
  const bright = useRef<HTMLElement>(null);
  const mine = p.lit?.source === c.id ? p.lit : undefined;
  const shown = passage(c, mine?.from, mine?.to);
  useEffect(() => {
    if (mine) (bright.current ?? box.current)?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }, [mine?.from, mine?.source]);
  useEffect(() => {
    if (p.shown.startsWith(c.id + "\n")) box.current?.focus();
  }, [p.shown]);
  const say = useAction(async (next: string) => {
    if (!made) return;
    const before = voted.current;
    if (next === vote) { // chosen again: it is taken back
      await untell(made, before);
      voted.current = "";
      setVote("");
      return;
    }
    const event = "v-" + newKey();
    await tell(made.id, { id: event, kind: "source_vote", source_id: c.id, vote: next, supersedes: before || undefined });
    voted.current = event;
    setVote(next);
    toast(t("voted"), { action: { label: t("undo"), run: () => void untell(made, event).then(() => { voted.current = ""; setVote(""); }, (e: unknown) => toastError(asError(e))) } });
  });
  return (
    <li class={`work-source${p.used ? " used" : ""}${mine ? " lit" : ""}`} ref={box} tabIndex={-1} aria-label={`${n}. ${c.title}`}
      onMouseEnter={() => p.onPoint(c.id)} onMouseLeave={() => p.onPoint("")} onFocusCapture={() => p.onPoint(c.id)} onBlurCapture={() => p.onPoint("")}>
      <div class="work-source-head">
        <span class="work-number">{n}</span>
        <h3 dir="auto" class="wrap">{readable(c.title)}</h3>
        <Menu label={t("mark") + " " + n} items={[
          ...votes.map((v) => ({ label: t(`v_${v}`), checked: vote === v, disabled: !made || say.busy, onClick: () => say.run(v) })),
        ]} icon="flag" />
      </div>
      <div class="work-source-tags">
        <Badge>{t(c.kind === "case" ? "case" : "article")}</Badge>
        {c.audience === "internal" && <Badge tone="warn" icon="lock" title={t("internalHint")}>{t("internal")}</Badge>}
        {c.quarantined && <Badge tone="bad" icon="warn" title={t("quarantinedHint")}>{t("quarantined")}</Badge>}
        {c.changed && <Badge tone="bad" icon="warn" title={t("changedHint")}>{t("changed")}</Badge>}
        {vote && <Badge tone={vote === "relevant" ? "good" : "bad"}>{t.any("v_" + vote)}</Badge>}
      </div>
      <p class={`work-quote${mine ? " open" : shown.before.length > (p.used ? 330 : 180) ? " long" : ""}`} dir="auto">{readable(shown.before)}{shown.lit && <mark ref={bright}>{readable(shown.lit)}</mark>}{readable(shown.after)}</p>
      <div class="work-source-foot">
        <Button small kind="quiet" icon="plus" disabled={!p.mayInsert} hint={t("insertN", { n })} keys={n <= 5 ? "alt+" + n : undefined} onClick={() => p.onInsert(c)}>{t("insert")}<span class="hidden"> {n}</span></Button>
        <Button small kind="quiet" icon="book" onClick={() => { p.onRead(); if (made) tell(made.id, { kind: "opened", source_id: c.id }).catch(() => {}); }}>{t("read")}</Button>
      </div>
    </li>
  );
}

function Whole({ c, onClose }: { c: Cited; onClose(): void }) {
  const isCase = c.kind === "case";
  const whole = useApi<ArticleView & CaseView>((isCase ? "/v1/cases/" : "/v1/articles/") + seg(c.id));
  const link = linkTo(isCase ? "case" : "article", c.id);
  return (
    <Dialog title={c.title} shape="wide" onClose={onClose} footer={<>
      {c.url && safeUrl(c.url) && <a class="button quiet" href={safeUrl(c.url)} target="_blank" rel="noreferrer noopener"><Icon name="out" />{t("original_at")}</a>}
      {link && link !== "#/" && <Button href={link}>{t("inFull")}</Button>}
    </>}>
      <Loaded of={whole}>
        {(d) => isCase
          ? <><blockquote class="work-quiet wrap" dir="auto">{readable(d.problem ?? "")}</blockquote><p class="work-plain" dir="auto">{readable(d.resolution ?? "")}</p></>
          : <Markdown text={d.body ?? ""} />}
      </Loaded>
    </Dialog>
  );
}
