// One article or case: read, edited, its history, who uses it.
import { useState } from "preact/hooks";
import { draftsOf } from "../../draft";
import { ago, dateTime, languageName } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi, type Live } from "../../live";
import { linkTo } from "../../palette";
import { go, href, useQuery } from "../../router";
import { isRole } from "../../session";
import { readable } from "../../taken";
import { Badge, Button, Card, Empty, Facts, Loaded, Markdown, Menu, Notice, Page, Stack, TabPanel, Tabs, safeUrl, toast } from "../../ui";
import type { RevisionList } from "../../api.gen";
import { common } from "../../words";
import { CareCard } from "./care";
import { home, levelled, path, remove, restore, store, writer, type Doc, type Kind, type Status } from "./doc";
import { t } from "./docwords";
import { Editor } from "./editor";
import { History } from "./history";
import { StatusBadge } from "./list";
import { Glance } from "./next";
import { Present, usePresence } from "./presence";
import { Use } from "./use";

export function Document({ kind, id }: { kind: Kind; id: string }) {
  const doc = useApi<Doc>(path(kind, id), undefined, 20_000);
  if (doc.error?.kind === "not_found") return <Gone kind={kind} id={id} again={doc.reload} />;
  return doc.data ? <Whole kind={kind} doc={doc} d={doc.data} /> : <Page title={id} back={back(kind)}><Loaded of={doc}>{() => null}</Loaded></Page>;
}

const back = (kind: Kind) => ({ label: t(kind === "article" ? "articles" : "cases"), href: href(home(kind)) });

function Whole({ kind, doc, d }: { kind: Kind; doc: Live<Doc>; d: Doc }) {
  const [tab, setTab] = useQuery("tab");
  const edits = isRole("editor", "admin");
  const weighs = isRole("editor", "admin", "lead");
  const [editing, setEditing] = useState(() => edits && draftsOf(kind + "/").includes(kind + "/" + d.id));
  const others = usePresence(kind + ":" + d.id, editing);
  const begin = () => {
    setTab("");
    setEditing(true);
  };
  const change = useAction(async (status: Status) => {
    const was = d;
    doc.set(await store(kind, d.id, { ...d, status }, d.revision));
    toast(t(status === "published" ? "published" : "archived"), { action: { label: common("undo"), run: async () => doc.set(await restore(kind, was.id, was.revision)) } });
  });
  const del = useAction(async () => {
    await remove(kind, d.id);
    toast(t("deleted"), { action: { label: common("undo"), run: async () => { await restore(kind, d.id, d.revision); go(home(kind), d.id); } } });
    go(home(kind));
  });
  useKeys([{ keys: "e", label: t("edit"), run: begin, when: edits && !editing }]);
  const status = d.status ?? "published";
  return (
    <Page title={d.title || d.id} back={back(kind)}
      lead={<span class="knowledge-marks"><StatusBadge status={status} />{d.audience === "internal" && <Badge icon="lock">{t("internal")}</Badge>}{d.locale && <span>{languageName(d.locale)}</span>}
        <span title={dateTime(d.updated_at)}>{d.author === "tickets" ? t("fromTickets") : t("wrote", { who: writer(d.author) ?? "–" })} · {ago(d.updated_at)}</span></span>}
      actions={edits && !editing && <>
        <Button kind="primary" icon="edit" keys="e" onClick={begin}>{t("edit")}</Button>
        <Menu label={common("actions")} items={[
          status !== "published" && { label: t("publish"), icon: "check" as const, onClick: () => change.run("published") },
          status !== "archived" && { label: t("archive"), icon: "inbox" as const, onClick: () => change.run("archived") },
          { label: t("try"), icon: "spark" as const, onClick: () => go("try", { q: d.problem ?? d.title }) },
          null, { label: t("remove"), icon: "trash" as const, danger: true, onClick: del.run },
        ].filter((x) => x !== false)} />
      </>}>
      <Stack>
        <Present others={others} />
        {doc.error && doc.error.kind !== "not_found" && <Notice tone="warn">{common("offlineBanner")}</Notice>}
        {d.merged_from && <Notice>{t("merged", { id: d.merged_from })}</Notice>}
        <Tabs label={common("details")} value={tab || "text"} onChange={(v) => setTab(v === "text" ? "" : v)} tabs={[
          { value: "text", label: t("text") }, { value: "history", label: t("history"), count: d.revision }, ...(weighs ? [{ value: "use", label: t("use") }] : []),
        ]} />
        {tab === "history" ? <TabPanel label={t("history")}><History kind={kind} d={d} edits={edits} onRestored={(got) => doc.set(got)} /></TabPanel>
          : tab === "use" && weighs ? <TabPanel label={t("use")}><Use id={d.id} /></TabPanel>
            : editing ? <Editor kind={kind} doc={d} onSaved={(got) => { doc.set(got); setEditing(false); }} onStop={() => setEditing(false)} />
              : <TabPanel label={t("text")}><Read kind={kind} d={d} edits={edits} onPublish={() => change.run("published")} /></TabPanel>}
      </Stack>
    </Page>
  );
}

function Read({ kind, d, edits, onPublish }: { kind: Kind; d: Doc; edits: boolean; onPublish(): unknown }) {
  const rests = d.resolved_with && linkTo("article", d.resolved_with);
  return (
    <div class="knowledge-doc">
      <div class="knowledge-main">
        {kind === "article" ? <Card class="knowledge-sheet"><div dir="auto"><h2 class="hidden">{t("text")}</h2>{d.body?.trim() ? <Markdown text={levelled(d.body)} /> : <Empty icon="book" title={t("nothingYet")} />}</div></Card> : (
          <Stack>
            <Card title={t("problem")}><div class="knowledge-said wrap" dir="auto">{readable(d.problem ?? "")}</div></Card>
            <Card title={t("resolution")}><div dir="auto"><Markdown text={levelled(readable(d.resolution ?? ""))} /></div></Card>
          </Stack>
        )}
      </div>
      <div class="knowledge-side">
        {kind === "article" && <><Glance d={d} onPublish={onPublish} /><CareCard id={d.id} revision={d.revision} edits={edits} /></>}
        <Card>
          <Facts items={[
            !!d.resolved_with && [t("resolvedWith"), <bdi class="wrap">{rests ? <a href={rests}>{d.resolved_with}</a> : d.resolved_with}</bdi>],
            !!d.evidence && [t("evidence"), d.evidence],
            !!d.tags?.length && [t("tags"), <span class="knowledge-marks">{d.tags.map((x) => <Badge><bdi>{x}</bdi></Badge>)}</span>],
            !!d.product && [t("product"), d.product], !!d.region && [t("region"), d.region],
            !!d.url && [t("original"), safeUrl(d.url) ? <a class="wrap" href={safeUrl(d.url)} rel="noreferrer noopener" target="_blank">{d.url.replace(/^https?:\/\//, "")}</a> : d.url],
            [t("origin"), d.origin === "api" ? t("viaApi") : d.origin === "tickets" ? t("fromTickets") : d.origin || "–"], [t("created"), dateTime(d.created_at)], [t("id"), <span class="mono wrap">{d.id}</span>],
          ]} />
        </Card>
      </div>
    </div>
  );
}

/** What was deleted can be brought back; what never was is not found. */
function Gone({ kind, id, again }: { kind: Kind; id: string; again(): Promise<void> }) {
  const revisions = useApi<RevisionList>(path(kind, id) + "/revisions");
  const list = revisions.data?.revisions ?? [];
  const last = list.find((r) => !r.deleted);
  const bring = useAction(async () => {
    if (!last) return;
    await restore(kind, id, last.revision);
    toast(t("brought"));
    await again();
  });
  return (
    <Page title={last?.title || id} back={back(kind)}>
      <Loaded of={revisions}>
        {() => (
          <Empty icon="trash" title={t("gone")} action={isRole("editor", "admin") && last && <Button kind="primary" icon="undo" busy={bring.busy} onClick={bring.run}>{t("bring")}</Button>}>
            {t("goneBody", { who: list[0]?.author ?? "–", when: ago(list[0]?.at) })}
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
