// The draft of an article that would close the gap: its text, what it looks
// like, what it rests on, what is to be decided and what it does not know.
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import type { ArticleView, GapConflict, GapDraft, GapSentence, GapWhole } from "../../api.gen";
import { ago, date, dateTime } from "../../i18n";
import { Badge, Button, Card, Diff, Disclosure, Empty, Menu, Notice, Sides, Stack, TextArea, TextField, confirm, type MenuItem } from "../../ui";
import { common } from "../../words";
import { Changing } from "./changing";
import { Linked, marked } from "./linked";
import { saidAs, undecided, type Typed } from "./typed";
import { t } from "./words";

interface EditorProps {
  gap: GapWhole;
  typed: Typed;
  /** The article that the draft changes, as it is now. */
  article: ArticleView | undefined;
  lit: readonly string[];
  onLight(tickets: string[]): void;
  area: { current: HTMLTextAreaElement | null };
  /** Nobody works on the gap: its text is only shown. */
  over: boolean;
  menu: MenuItem[];
  writing: boolean;
  saving: boolean;
  checking: boolean;
  onWrite(): unknown;
  onSave(): unknown;
  onPublish(): unknown;
}

export function Editor(p: EditorProps) {
  const { gap, typed } = p;
  const draft = gap.draft;
  const [own, setOwn] = useState(false);
  const begun = !!draft || own || typed.dirty;
  useEffect(() => {
    if (own) p.area.current?.focus();
  }, [own]);
  if (!begun) {
    return (
      <Card title={t("draft")} icon="edit">
        <Empty icon="edit" title={t("noDraft")} action={<Stack row gap="s"><Button kind="primary" icon="spark" keys="d" busy={p.writing} onClick={p.onWrite}>{t(p.writing ? "writing" : "writeDraft")}</Button><Button icon="edit" onClick={() => setOwn(true)}>{t("writeMyself")}</Button></Stack>}>{t("noDraftBody")}</Empty>
      </Card>
    );
  }
  if (p.over) {
    return <Card title={t(gap.status === "closed" ? "closing" : "draft")} icon="edit"><div class="gaps-editor"><Preview draft={draft} typed={typed} lit={p.lit} onLight={p.onLight} /></div></Card>;
  }
  const changes = !!draft?.article_id;
  const open = undecided(draft, typed);
  const discard = async () => {
    if (await confirm({ title: t("discard"), body: t("discardBody"), action: t("discard"), danger: true })) typed.discard();
  };
  return (
    <Card title={t("draft")} icon="edit" lead={changes ? t("draftChange", { title: p.article?.title ?? draft.article_id ?? "" }) : t("draftNew")}
      actions={<Menu label={common("actions")} items={[...p.menu, ...(typed.dirty ? [null, { label: t("discard"), icon: "undo" as const, danger: true, onClick: discard }] : [])]} />}>
      <div class="gaps-editor">
        {typed.clash && draft && <Clash draft={draft} typed={typed} />}
        {(draft?.conflicts?.length ?? 0) > 0 && <Conflicts draft={draft!} typed={typed} open={open.length} />}
        <TextField label={t("articleTitle")} value={typed.title} onInput={(title) => typed.change({ title })} maxLength={500} />
        <TextArea label={t("body")} value={typed.body} onInput={(body) => typed.change({ body })} rows={8} most={18} areaRef={p.area}
          hint={typed.dirty ? <strong>{t("kept")}</strong> : draft && <span title={dateTime(draft.at)}>{t("saved", { ago: ago(draft.at), who: draft.author })}</span>} />
        <div class="gaps-actions">
          <Button kind="primary" icon="upload" keys="mod+enter" busy={p.checking} disabled={!typed.title.trim() || !typed.body.trim()} onClick={p.onPublish}>{t("publish")}</Button>
          <Button keys="mod+s" busy={p.saving} disabled={!typed.dirty || !typed.title.trim() || !typed.body.trim()} onClick={p.onSave}>{t("save")}</Button>
        </div>
        {changes && p.article && (
          <Disclosure title={t("diff")} open>
            {p.article.revision !== draft.revision && <Notice tone="warn">{t("articleMoved")}</Notice>}
            <Changing before={p.article.body ?? ""} after={typed.body} />
          </Disclosure>
        )}
        <Preview draft={draft} typed={typed} lit={p.lit} onLight={p.onLight} />
        {(draft?.unknown?.length ?? 0) > 0 && (
          <section class="gaps-unknown"><h3>{t("unknown")}</h3><ul>{draft!.unknown!.map((u) => <li class="wrap" dir="auto">{u}</li>)}</ul></section>
        )}
      </div>
    </Card>
  );
}

/** Sentences that have tickets: those of the draft, and the ways in which conflicting ones are told. */
function linkable(draft: GapDraft | undefined): GapSentence[] {
  const variants = (draft?.conflicts ?? []).flatMap((c) => c.variants ?? []).map((v) => ({ text: v.text, tickets: v.tickets, start: 0, end: 0 }));
  return [...(draft?.sentences ?? []), ...variants];
}

function Preview({ draft, typed, lit, onLight }: { draft: GapDraft | undefined; typed: Typed; lit: readonly string[]; onLight(tickets: string[]): void }) {
  const sentences = useMemo(() => linkable(draft), [draft]);
  const [from, setFrom] = useState<string[]>([]);
  const open = undecided(draft, typed).flatMap((i) => (draft!.conflicts![i]!.variants ?? []).map((v) => v.text));
  const n = useMemo(() => marked(typed.body, sentences).at.size, [typed.body, sentences]);
  return (
    <section class="gaps-preview" aria-label={t("preview")}>
      <header><h3>{t("preview")}</h3><p class="soft small-text">{n > 0 ? t("linked", { n }) : t("ownWords")}</p></header>
      <div class="gaps-sheet">
        {typed.title && <h3 dir="auto" class="gaps-sheet-title wrap">{typed.title}</h3>}
        {typed.body.trim() ? <Linked body={typed.body} sentences={sentences} open={open} lit={lit} onLight={(tickets) => { setFrom(tickets); onLight(tickets); }} /> : <p class="soft">{t("empty")}</p>}
      </div>
      <p class="gaps-from soft small-text wrap" aria-live="polite">{from.length > 0 ? t("comesFrom", { tickets: from.join(", ") }) : " "}</p>
    </section>
  );
}

const facts = ["number", "date", "price", "condition", "negation"];

function Conflicts({ draft, typed, open }: { draft: GapDraft; typed: Typed; open: number }) {
  const id = useId();
  const list = draft.conflicts ?? [];
  const choose = (c: GapConflict, i: number, to: string) => {
    const was = c.variants?.[saidAs(c, typed.body)]?.text;
    typed.change({ body: was === undefined ? typed.body : typed.body.replace(was, () => to), decided: [...new Set([...typed.decided, i])] });
  };
  return (
    <section class={`gaps-conflicts${open ? "" : " settled"}`} aria-label={t("conflicts", { n: list.length })}>
      <h3>{t("conflicts", { n: list.length })}</h3>
      {open > 0 && <p class="small-text">{t("conflictsLead")}</p>}
      {list.map((c, i) => {
        const at = saidAs(c, typed.body);
        const settled = typed.decided.includes(i) || at < 0;
        const best = (c.variants ?? [])[0]?.text ?? "";
        return (
          <div class="gaps-conflict">
            {settled && <Badge tone="good" icon="check">{t("decided")}</Badge>}
            <fieldset class="radio">
              <legend>{t("decideLabel", { what: facts.includes(c.what) ? t.any(c.what) : t("anotherFact") })}</legend>
              {(c.variants ?? []).map((v, k) => (
                <div class="check">
                  <input type="radio" id={`${id}-${i}-${k}`} name={`${id}-${i}`} checked={typed.decided.includes(i) && at === k} disabled={at < 0} onChange={() => choose(c, i, v.text)} />
                  <label for={`${id}-${i}-${k}`}>
                    <Diff before={k === 0 ? c.variants?.[1]?.text ?? "" : best} after={v.text} side="after" />
                    <span class="hint">{t("latest", { n: v.tickets?.length ?? 0, when: date(v.latest) })}</span>
                  </label>
                </div>
              ))}
            </fieldset>
          </div>
        );
      })}
    </section>
  );
}

function Clash({ draft, typed }: { draft: GapDraft; typed: Typed }) {
  const [compare, setCompare] = useState(false);
  const take = async () => {
    if (await confirm({ title: t("takeTheirs"), body: t("discardBody"), action: t("takeTheirs"), danger: true })) typed.discard();
  };
  return (
    <>
      <Notice tone="warn" action={
        <Stack row gap="s">
          <Button small pressed={compare} onClick={() => setCompare(!compare)}>{t("compare")}</Button>
          <Button small onClick={typed.rebase}>{t("keepMine")}</Button>
          <Button small onClick={take}>{t("takeTheirs")}</Button>
        </Stack>
      }>{t("clash", { who: draft.author, when: ago(draft.at) })}</Notice>
      {compare && <div class="gaps-diff" tabIndex={0} role="group" aria-label={t("compare")}><Sides before={draft.title + "\n\n" + draft.body} after={typed.title + "\n\n" + typed.body} titles={[t("theirs"), t("yours")]} /></div>}
    </>
  );
}
