// The list of articles or cases: search as a suggestion searches, filters, and
// what is done with many at once.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, isAbort } from "../../api";
import type { FindView, SearchView } from "../../api.gen";
import { draftsOf } from "../../draft";
import { ago, collate, dateTime, languageName } from "../../i18n";
import { useKeys } from "../../keys";
import { asError, useAction, usePages, useSettled } from "../../live";
import { go, href, useQuery } from "../../router";
import { isRole } from "../../session";
import { Badge, Button, Card, Empty, Failure, Loading, Notice, Page, Select, Stack, Table, Tail, TextField, Toolbar, confirm, toast } from "../../ui";
import type { ApiError } from "../../api";
import { common } from "../../words";
import { each, home, path, remove, restore, root, snippet, store, writer, type Doc, type Kind, type Status } from "./doc";
import { Hits, type Found } from "./hits";
import { t } from "./words";

export function StatusBadge({ status }: { status: string | undefined }) {
  const s = status ?? "published";
  return <Badge tone={s === "published" ? "good" : s === "draft" ? "warn" : "plain"}>{t.any(s)}</Badge>;
}

const did = { published: "didPublish", archived: "didArchive", deleted: "didDelete" } as const;

export function List({ kind }: { kind: Kind }) {
  const [q, setQ] = useQuery("q");
  const [status, setStatus] = useQuery("status");
  const [locale, setLocale] = useQuery("locale");
  const [sort, setSort] = useQuery("sort");
  const order = sort || "-changed";
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const now = usePages<Doc>(root(kind), kind === "article" ? "articles" : "cases", { status, locale, sort: order, brief: true, limit: 200 });
  // In another order the rows stay until it has come, so that whoever has pressed a heading is still on it.
  const filters = status + "/" + locale;
  const before = useRef({ filters, docs: now });
  if (!now.loading) before.current = { filters, docs: now };
  const docs = before.current.filters === filters ? before.current.docs : now;
  const asked = useSettled(q.trim(), 250);
  const found = useFound(asked, kind, locale);
  const field = useRef<HTMLInputElement>(null);
  const edits = isRole("editor", "admin");
  useKeys([
    { keys: "/", label: t("focusFind"), run: () => field.current?.focus() },
    { keys: "n", label: t("newArticle"), run: () => go("knowledge/articles", "new"), when: edits },
  ]);
  const locales = useMemo(() => [...new Set([...docs.rows.map((d) => d.locale ?? ""), "en", "ru", locale])].filter(Boolean).sort(collate), [docs.rows, locale]);
  const rows = useMemo(() => docs.rows.filter((d) => picked.has(d.id)), [docs.rows, picked]);
  const bulk = useAction(async (to: Status | "deleted") => {
    const changing = to === "deleted" ? rows : rows.filter((d) => (d.status ?? "published") !== to);
    if (to === "deleted" && rows.length > 1 && !(await confirm({ title: t("deleteMany", { n: rows.length }), body: t("deleteBody"), action: common("delete"), danger: true }))) return;
    // The list has no texts: what is stored is read first, and must be the revision that was picked.
    const { done, failed } = await each(changing, async (d) => (to === "deleted" ? remove(kind, d.id) : store(kind, d.id, { ...(await api.get<Doc>(path(kind, d.id))), status: to }, d.revision)));
    setPicked(new Set());
    await docs.reload();
    if (failed.length > 0) toast(t("notDone", { n: failed.length }), { bad: true });
    if (done.length === 0) return;
    const undo = async () => {
      const back = await each(done, (d) => restore(kind, d.id, d.revision));
      await docs.reload();
      toast(back.failed.length > 0 ? t("notDone", { n: back.failed.length }) : t("undone", { n: back.done.length }), { bad: back.failed.length > 0 });
    };
    toast(t(did[to as keyof typeof did], { n: done.length }), { action: { label: common("undo"), run: undo } });
  });
  const filtered = status || locale;
  return (
    <Page title={t(kind === "article" ? "articles" : "cases")} lead={t(kind === "article" ? "articlesLead" : "casesLead")}
      actions={edits && <><Button icon="upload" href={href("sources", "import")}>{t("importFiles")}</Button>
        {kind === "article" && <Button kind="primary" icon="plus" href={href("knowledge/articles", "new")} keys="n">{t("newArticle")}</Button>}</>}>
      <Stack>
        <Drafts kind={kind} />
        <Toolbar>
          <div class="knowledge-find"><TextField label={t("find")} bare type="search" value={q} onInput={setQ} placeholder={t("find")} inputRef={field} maxLength={4000} /></div>
          <Select label={t("status")} bare value={asked ? "published" : status} disabled={!!asked} onChange={setStatus} options={[{ value: "", label: t("anyStatus") }, ...["published", "draft", "archived"].map((s) => ({ value: s, label: t.any(s) }))]} />
          <Select label={t("language")} bare value={locale} onChange={setLocale} options={[{ value: "", label: t("anyLanguage") }, ...locales.map((l) => ({ value: l, label: languageName(l) }))]} />
        </Toolbar>
        {asked ? <Hits found={found} kind={kind} q={asked} /> : docs.error && docs.rows.length === 0 ? <Failure error={docs.error} retry={docs.reload} /> : docs.loading ? <Loading as="rows" rows={8} /> : (
          <Card flush>
            {picked.size > 0 && (
              <div class="knowledge-bulk" role="toolbar" aria-label={common("actions")}>
                <strong>{t("selected", { n: picked.size })}</strong>
                <Button small icon="check" busy={bulk.busy} onClick={() => bulk.run("published")}>{t("publish")}</Button>
                <Button small icon="inbox" busy={bulk.busy} onClick={() => bulk.run("archived")}>{t("archive")}</Button>
                <Button small kind="danger" icon="trash" busy={bulk.busy} onClick={() => bulk.run("deleted")}>{common("delete")}</Button>
                <Button small kind="quiet" onClick={() => setPicked(new Set())}>{t("clear")}</Button>
              </div>
            )}
            <Table label={t(kind === "article" ? "articles" : "cases")} rows={docs.rows} id={(d) => d.id} onEnd={docs.more} onOpen={(d) => go(home(kind), d.id)} rowHeight={64}
              order={order} onOrder={(o) => setSort(o === "-changed" ? "" : o)} total={docs.total}
              selected={edits ? picked : undefined} onSelect={edits ? setPicked : undefined} called={(d) => d.title ?? ""}
              empty={filtered ? <Empty icon="filter" title={t("noneFit")} action={<Button onClick={() => go(home(kind))}>{t("dropFilters")}</Button>} /> :
                <Empty icon="book" title={t(kind === "article" ? "noArticles" : "noCases")} action={edits && <Stack row gap="s">{kind === "article" && <Button kind="primary" icon="plus" href={href("knowledge/articles", "new")}>{t("newArticle")}</Button>}<Button icon="upload" href={href("sources", "import")}>{t("importFiles")}</Button></Stack>}>{t(kind === "article" ? "noArticlesBody" : "noCasesBody")}</Empty>}
              columns={[
                { key: "title", title: t("title"), main: true, sort: true, cell: (d) => (
                  <><a class="row-title" href={href(home(kind), d.id)} tabIndex={-1} dir="auto">{d.title || t("untitled")}</a>
                    <span class="row-sub clip" dir="auto">{d.status !== "published" && <span class="knowledge-narrow"><StatusBadge status={d.status} /></span>}{snippet(d.excerpt ?? "")}</span></>
                ) },
                { key: "status", title: t("status"), width: 225, wide: true, cell: (d) => <span class="knowledge-marks"><StatusBadge status={d.status} />{d.audience === "internal" && <Badge icon="lock">{t("internal")}</Badge>}</span> },
                { key: "locale", title: t("language"), width: 120, wide: true, cell: (d) => (d.locale ? languageName(d.locale) : "–") },
                { key: "changed", title: t("changed"), width: 150, wide: true, sort: true,
                  cell: (d) => <><span title={dateTime(d.updated_at)}>{ago(d.updated_at)}</span><span class="row-sub clip" dir="auto">{writer(d.author)}</span></> },
              ]} />
            <Tail of={docs} />
          </Card>
        )}
      </Stack>
    </Page>
  );
}

/** What was typed and not saved. */
function Drafts({ kind }: { kind: Kind }) {
  const ids = draftsOf(kind + "/").map((s) => s.slice(kind.length + 1));
  if (ids.length === 0) return null;
  return (
    <Notice>{t("unsaved", { n: ids.length })} {ids.slice(0, 8).map((id, i) => <>{i > 0 && ", "}<a href={href(home(kind), id)}>{id === "new" ? t("newOne") : id}</a></>)}</Notice>
  );
}

/** What a question finds, and what has its words in the name. */
function useFound(q: string, kind: Kind, locale: string): Found {
  const [state, set] = useState<Found>({ loading: false });
  useEffect(() => {
    if (!q) return set({ loading: false });
    const abort = new AbortController();
    set((s) => ({ ...s, loading: true }));
    const filters = { kind, ...(locale ? { locale } : {}) };
    Promise.all([
      api.post<SearchView>("/v1/search", { text: q, limit: 20, filters }, { signal: abort.signal }),
      api.get<FindView>("/v1/find", { query: { q: q.slice(0, 200) }, signal: abort.signal }),
    ]).then(([s, f]) => set({ loading: false, sources: s.sources, named: kind === "article" ? f.articles : f.cases }),
      (e: unknown) => { if (!isAbort(e) && !abort.signal.aborted) set({ loading: false, error: asError(e) as ApiError }); });
    return () => abort.abort();
  }, [q, kind, locale]);
  return state;
}

