// The editor of an article or a case. What is typed is kept with the revision
// that it was begun from, so that a reload neither loses it nor lets it write
// over somebody else's version unseen.
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError } from "../../api";
import { useDraft, type Draft } from "../../draft";
import { ago } from "../../i18n";
import { useKeys } from "../../keys";
import { asError, useAction } from "../../live";
import { go, href } from "../../router";
import { Button, Card, Disclosure, Markdown, Notice, Page, Select, Sides, Splitter, Stack, TextArea, TextField, errorOf, sayError, toast } from "../../ui";
import { levelled, path, store, type Doc, type Kind, type Status } from "./doc";
import { t } from "./docwords";
import { t as words } from "./words";

export type Form = Partial<Doc>;

interface Typed {
  base: number;
  form: Form;
}

function read(draft: Draft, doc: Doc | undefined): Typed {
  if (draft.kept) {
    try {
      const typed = JSON.parse(draft.text) as Typed;
      if (typed.form) return typed;
    } catch {
      // Not ours: begin anew.
    }
  }
  return { base: doc?.revision ?? 0, form: doc ?? { status: "draft" } };
}

export function Editor({ kind, doc, onSaved, onStop }: { kind: Kind; doc: Doc; onSaved(doc: Doc): void; onStop(): void }) {
  const draft = useDraft(kind + "/" + doc.id, "");
  const { base, form } = read(draft, doc);
  const [theirs, setTheirs] = useState<Doc | undefined>(undefined);
  const set = (change: Form) => draft.set(JSON.stringify({ base, form: { ...form, ...change } }));
  const saved = (got: Doc, before: number, text?: string) => {
    draft.discard();
    setTheirs(undefined);
    toast(text ?? t(got.revision === before ? "same" : got.status === "published" ? "saved" : "savedDraft"));
    onSaved(got);
  };
  const save = useAction(async (status?: Status) => {
    try {
      saved(await store(kind, doc.id, { ...form, status: status ?? form.status }, base), base);
    } catch (e) {
      if (asError(e).kind !== "conflict") throw e;
      const latest = await api.get<Doc>(path(kind, doc.id));
      if (latest.revision === base || latest.id !== doc.id) throw e; // it is another kind of conflict, such as a merge
      setTheirs(latest);
    }
  }, true);
  const over = useAction(async () => {
    if (!theirs) return;
    try {
      saved(await store(kind, doc.id, form, theirs.revision), theirs.revision, t("overDone"));
    } catch (e) {
      if (asError(e).kind !== "conflict") throw e;
      setTheirs(await api.get<Doc>(path(kind, doc.id)));
    }
  }, true);
  useKeys([
    { keys: "mod+s", label: t("save"), run: () => void save.run() },
    { keys: "mod+enter", label: t("publish"), run: () => void save.run("published") },
    { keys: "escape", label: t("stop"), run: onStop, when: !theirs },
  ]);
  const take = () => {
    draft.discard();
    onSaved(theirs as Doc);
  };
  const error = save.error ?? over.error;
  return (
    <Stack>
      {error && <Notice tone="bad">{sayError(error)}</Notice>}
      {theirs ? (
        <Conflict mine={form} theirs={theirs} kind={kind} actions={
          <><Button kind="primary" busy={over.busy} onClick={over.run}>{t("over")}</Button><Button onClick={take}>{t("take")}</Button><Button kind="quiet" onClick={() => setTheirs(undefined)}>{t("goOn")}</Button></>
        } />
      ) : doc.revision > base && draft.kept && <Notice tone="warn">{t("newer", { who: doc.author ?? "–", when: ago(doc.updated_at) })}</Notice>}
      <Fields kind={kind} form={form} set={set} error={save.error} />
      <div class="knowledge-save">
        <span class="soft small-text" role="status">{draft.kept && t("kept", { when: ago(draft.at) })}</span>
        {draft.kept && <Button kind="quiet" onClick={() => { const was = draft.text; draft.discard(); toast(t("discarded"), { action: { label: t("bring"), run: () => draft.set(was) } }); }}>{t("discard")}</Button>}
        <Button onClick={onStop}>{t("stop")}</Button>
        {form.status === "draft" && <Button busy={save.busy} onClick={() => save.run()} keys="mod+s">{t("saveDraft")}</Button>}
        <Button kind="primary" busy={save.busy} onClick={() => save.run(form.status === "draft" ? "published" : undefined)} keys={form.status === "draft" ? "mod+enter" : "mod+s"}>{t(form.status === "draft" ? "publish" : "save")}</Button>
      </div>
    </Stack>
  );
}

function Conflict({ mine, theirs, kind, actions }: { mine: Form; theirs: Doc; kind: Kind; actions: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []); // it comes up where one may have scrolled away from
  const status = (d: Form) => mine.status !== theirs.status && t("status") + ": " + words.any(d.status ?? "published");
  const whole = (d: Form) => [d.title, status(d), ...(kind === "article" ? [d.body] : [d.problem, d.resolution])].filter(Boolean).join("\n\n");
  return (
    <div ref={box} tabIndex={-1} class="knowledge-stop"><Card title={t("conflict")} icon="warn" lead={t("conflictLead")} class="knowledge-conflict">
      <Stack>
        <div role="alert" class="hidden">{t("conflict")}</div>
        <Sides before={whole(theirs)} after={whole(mine)} titles={[t("theirs", { who: theirs.author ?? "–", when: ago(theirs.updated_at) }), t("mine")]} />
        <Stack row>{actions}</Stack>
      </Stack>
    </Card></div>
  );
}

export function Fields({ kind, form, set, error }: { kind: Kind; form: Form; set(change: Form): void; error?: ApiError }) {
  const [tags, setTags] = useState((form.tags ?? []).join(", "));
  const title = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTextAreaElement | null>(null);
  // Where one goes on writing; autofocus is for the first page alone.
  useEffect(() => (form.title ? body : title).current?.focus({ preventScroll: true }), []);
  return (
    <Card>
      <Stack>
        <TextField label={t("title")} value={form.title ?? ""} onInput={(title) => set({ title })} hint={t("titleHint")} error={errorOf(error, "title")} maxLength={1000} inputRef={title} />
        {kind === "article" ? (
          <Splitter name="knowledge" initial={52}>
            <TextArea label={t("body")} value={form.body ?? ""} onInput={(body) => set({ body })} rows={18} most={40} code areaRef={body} hint={t("bodyHint")} error={errorOf(error, "body")} />
            <div class="knowledge-preview">
              <h2 class="knowledge-label">{t("preview")}</h2>
              <div class="knowledge-paper" dir="auto" tabIndex={0} role="region" aria-label={t("preview")}>{form.body?.trim() ? <Markdown text={levelled(form.body)} /> : <span class="soft">{t("nothingYet")}</span>}</div>
            </div>
          </Splitter>
        ) : (
          <>
            <Notice>{t("redacted")}</Notice>
            <TextArea label={t("problem")} value={form.problem ?? ""} onInput={(problem) => set({ problem })} rows={4} error={errorOf(error, "problem")} />
            <TextArea label={t("resolution")} value={form.resolution ?? ""} onInput={(resolution) => set({ resolution })} rows={8} areaRef={body} error={errorOf(error, "resolution")} />
            <TextField label={t("resolvedWith")} value={form.resolved_with ?? ""} onInput={(resolved_with) => set({ resolved_with: resolved_with.trim() })} optional error={errorOf(error, "resolved_with")} />
          </>
        )}
        <Disclosure title={t("more")}>
          <div class="knowledge-fields">
            <TextField label={t("locale")} value={form.locale ?? ""} onInput={(locale) => set({ locale: locale.trim() })} hint={t("localeHint")} maxLength={35} error={errorOf(error, "locale")} />
            <Select label={t("audience")} value={form.audience ?? "public"} onChange={(audience) => set({ audience })} options={[{ value: "public", label: t("public") }, { value: "internal", label: t("internal") }]} />
            <TextField label={t("product")} value={form.product ?? ""} onInput={(product) => set({ product })} hint={t("productHint")} />
            <TextField label={t("region")} value={form.region ?? ""} onInput={(region) => set({ region })} hint={t("productHint")} />
            <TextField label={t("tags")} value={tags} onInput={(text) => { setTags(text); set({ tags: text.split(",").map((s) => s.trim()).filter(Boolean) }); }} hint={t("tagsHint")} error={errorOf(error, "tags")} />
            <TextField label={t("url")} type="url" value={form.url ?? ""} onInput={(url) => set({ url: url.trim() })} error={errorOf(error, "url")} />
          </div>
        </Disclosure>
      </Stack>
    </Card>
  );
}

/** An article that is not there yet. */
export function NewArticle() {
  const draft = useDraft("article/new", "");
  const { form } = read(draft, undefined);
  const [missing, setMissing] = useState(false);
  const id = useMemo(() => "a-" + Date.now().toString(36) + Math.random().toString(36).slice(2, 6), []);
  const set = (change: Form) => {
    setMissing(false);
    draft.set(JSON.stringify({ base: 0, form: { ...form, ...change } }));
  };
  const save = useAction(async (status: Status) => {
    if (!form.title?.trim()) return setMissing(true);
    const got = await store("article", id, { ...form, status }, 0);
    draft.discard();
    toast(t(status === "published" ? "saved" : "savedDraft"));
    go("knowledge/articles", got.id);
  }, true);
  useKeys([
    { keys: "mod+s", label: t("saveDraft"), run: () => void save.run("draft") },
    { keys: "mod+enter", label: t("publish"), run: () => void save.run("published") },
  ]);
  const error = missing ? new ApiError("invalid", 422, t("needTitle"), [{ where: "title", message: t("needTitle") }]) : save.error;
  return (
    <Page title={t("newTitle")} lead={t("newLead")} back={{ label: t("articles"), href: href("knowledge/articles") }}>
      <Stack>
        {save.error && <Notice tone="bad">{sayError(save.error)}</Notice>}
        <Fields kind="article" form={form} set={set} error={error} />
        <div class="knowledge-save">
          <span class="soft small-text" role="status">{draft.kept && t("unsavedNew", { when: ago(draft.at) })}</span>
          {draft.kept && <Button kind="quiet" onClick={() => { const was = draft.text; draft.discard(); toast(t("discarded"), { action: { label: t("bring"), run: () => draft.set(was) } }); }}>{t("discard")}</Button>}
          <Button busy={save.busy} onClick={() => save.run("draft")} keys="mod+s">{t("saveDraft")}</Button>
          <Button kind="primary" busy={save.busy} onClick={() => save.run("published")} keys="mod+enter">{t("publish")}</Button>
        </div>
      </Stack>
    </Page>
  );
}

