// One gap: why it is one and what it costs, and the draft beside it.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, seg, streamed } from "../../api";
import type { ArticleView, GapChangeBody, GapWhole } from "../../api.gen";
import { date } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { href } from "../../router";
import { session } from "../../session";
import { Button, Loaded, Menu, Notice, Page, Splitter, Stack, ask, confirm, toast, toastError, type MenuItem } from "../../ui";
import { common } from "../../words";
import { PickDialog, PublishDialog } from "./dialogs";
import { Editor } from "./editor";
import { Owner, StatusBadge, spent, usePresence } from "./parts";
import { OwnerDialog } from "./people";
import { Proof, type Asked } from "./proof";
import { undecided, useTyped } from "./typed";
import { Cost, Evidence, History, Why } from "./why";
import { t } from "./words";

const active = ["open", "assigned", "drafted", "published", "verifying", "reopened"];

export function Gap({ id }: { id: string }) {
  const path = "/v1/gaps/" + seg(id);
  const live = useApi<GapWhole>(path);
  const gap = live.data;
  return (
    <Page full title={gap?.label ?? t("title")} back={{ label: t("back"), href: href("gaps") }}
      lead={gap && <span class="gaps-lead"><StatusBadge gap={gap} /><span>{t.any(gap.cause)}</span><span>{t("monthly", { cost: spent(gap.cost) })}</span><Owner gap={gap} /></span>}
      actions={gap && <Head gap={gap} path={path} live={live} />}>
      <Loaded of={live} as="panes">{(g) => <Body gap={g} path={path} live={live} />}</Loaded>
    </Page>
  );
}

/** Where the draft stands below everything else, it is a press away. */
const toDraft = () => {
  const at = document.getElementById("gaps-draft");
  at?.scrollIntoView({ block: "start" });
  at?.focus({ preventScroll: true });
};

type Live = ReturnType<typeof useApi<GapWhole>>;

/** Tells of an error; where somebody else was faster what there is now is read. */
function useFailure(live: Live) {
  return (e: unknown) => {
    if (e instanceof ApiError && e.kind === "conflict") {
      toast(t("clashNew"), { bad: true });
      void live.reload();
    } else if (e instanceof ApiError) toastError(e);
    else throw e;
    return false;
  };
}

function Head({ gap, path, live }: { gap: GapWhole; path: string; live: Live }) {
  const me = session.get()?.person.name ?? "";
  const [assigning, setAssigning] = useState(false);
  const failed = useFailure(live);
  const change = async (body: GapChangeBody, said: string): Promise<boolean> => {
    try {
      const g = await api.patch<GapWhole>(path, { ...body, version: gap.version });
      live.set({ ...g, evidence: gap.evidence });
      toast(said);
      return true;
    } catch (e) {
      return failed(e);
    }
  };
  const take = useAction(() => change({ owner: me }, t("nowYours")));
  const dismiss = useAction(async () => {
    const reason = await ask({ title: t("dismissTitle"), body: t("dismissBody"), label: t("reason"), action: t("dismissAction"), required: true, danger: true });
    if (reason) await change({ status: "dismissed", reason }, t("isDismissed"));
  });
  const reopen = useAction(async () => {
    const reason = await ask({ title: t("reopenTitle"), label: t("reopenReason"), action: t("reopen") });
    if (reason !== null) await change({ status: "reopened", reason }, t("isReopened"));
  });
  const working = active.includes(gap.status);
  const assign = (owner: string, due: string) => change(due ? { owner, due } : { owner }, owner ? t("assignedTo", { who: owner }) : t("unassigned"));
  useKeys([
    { keys: "t", label: t("take"), run: () => void take.run(), when: working && gap.owner !== me },
    { keys: "a", label: t("assign"), run: () => setAssigning(true), when: working },
  ]);
  const items: MenuItem[] = [];
  if (working) items.push({ label: t("assign"), icon: "person", onClick: () => setAssigning(true) });
  if (working || gap.status === "waiting") items.push({ label: t("dismiss"), icon: "close", danger: true, onClick: () => void dismiss.run() });
  return (
    <>
      {(working || gap.status === "waiting" || gap.draft) && <Button class="gaps-jump" kind="primary" icon="edit" onClick={toDraft}>{t("toDraft")}</Button>}
      {working && gap.owner !== me && <Button icon="person" keys="t" busy={take.busy} onClick={take.run}>{t("take")}</Button>}
      {(gap.status === "dismissed" || gap.status === "closed") && <Button icon="undo" busy={reopen.busy} onClick={reopen.run}>{t("reopen")}</Button>}
      {items.length > 0 && <Menu label={common("actions")} items={items} />}
      {assigning && <OwnerDialog title={t("assignTitle")} owner={gap.owner ?? ""} due={gap.due ?? ""} onDone={assign} onClose={() => setAssigning(false)} />}
    </>
  );
}

function Body({ gap, path, live }: { gap: GapWhole; path: string; live: Live }) {
  const typed = useTyped(gap.id, gap.draft);
  const [lit, setLit] = useState<string[]>([]);
  const [open, setOpen] = useState<"" | "publish" | "existing" | "change">("");
  const [asked, setAsked] = useState<Asked[]>([]);
  const area = useRef<HTMLTextAreaElement>(null);
  const proofAt = useRef<HTMLDivElement>(null);
  const failed = useFailure(live);
  const latest = useRef(gap);
  latest.current = gap;
  const others = usePresence("gap:" + gap.id, typed.dirty);
  const articleId = gap.draft?.article_id;
  const article = useApi<ArticleView>(articleId ? "/v1/articles/" + seg(articleId) : null);
  const working = active.includes(gap.status);

  const take = (g: GapWhole) => {
    const next = { ...g, evidence: g.evidence ?? latest.current.evidence };
    latest.current = next;
    live.set(next);
    return next;
  };
  const save = async () => {
    const sent = { title: typed.title.trim(), body: typed.body };
    const g = take(await api.post<GapWhole>(path + "/draft", { ...sent, version: latest.current.version }));
    typed.saved({ ...sent, title: typed.title }, g.draft?.at ?? "");
  };
  const saving = useAction(() => save().then(() => toast(t("isSaved"))).catch(failed));
  const writing = useAction(async (change?: string, instead?: boolean, fresh?: boolean) => {
    try {
      const g = await api.post<GapWhole>(path + "/draft", { version: latest.current.version, instead, article_id: change, new: fresh });
      typed.discard();
      take(g);
      return;
    } catch (e) {
      failed(e);
    }
  });
  const prove = async (body: Record<string, unknown> | null): Promise<boolean> => {
    requestAnimationFrame(() => proofAt.current?.scrollIntoView({ block: "nearest" }));
    setAsked([]);
    try {
      take(await streamed<GapWhole>(path + (body ? "/publish" : "/verify"), "gap", (_, v) => {
        const one = v as Asked;
        // Where the first comes once more, all are asked anew.
        setAsked((all) => [...all.slice(0, one.at - 1), one]);
      }, { body: body ? { ...body, version: latest.current.version } : undefined }));
      void article.reload();
      return true;
    } catch (e) {
      failed(e);
      // It may be published all the same, and only asking failed.
      await Promise.all([live.reload(), article.reload()]);
      return false;
    }
  };
  const checking = useAction((body: Record<string, unknown> | null) => prove(body));
  const publish = useAction(async (audience: string) => {
    try {
      if (typed.dirty || typed.decided.length > 0) await save();
    } catch (e) {
      failed(e);
      return;
    }
    const d = latest.current.draft;
    const text = { title: d?.title ?? typed.title.trim(), body: d?.body ?? typed.body };
    await checking.run(d?.article_id ? { ...text, revision: article.data?.revision } : { ...text, audience });
  });
  const rewrite = async (change: string | undefined, fresh = false) => {
    const d = gap.draft;
    const edited = typed.dirty || (d && d.writer === d.author);
    if (edited && !(await confirm({ title: t("rewriteTitle"), body: t("rewriteBody", { who: typed.dirty ? session.get()?.person.name ?? "" : d?.author ?? "" }), action: t("rewriteTitle"), danger: true }))) return;
    await writing.run(change, true, fresh);
  };
  const ready = working && !!typed.title.trim() && !!typed.body.trim();
  useEffect(() => {
    if (checking.busy) setOpen("");
  }, [checking.busy]);
  useKeys([
    { keys: "d", label: t("writeDraft"), run: () => void writing.run(), when: working && !gap.draft && !typed.dirty },
    { keys: "e", label: t("focusDraft"), run: () => area.current?.focus(), when: working },
    { keys: "mod+s", label: t("save"), run: () => typed.dirty && ready && void saving.run() },
    { keys: "mod+enter", label: t("publish"), run: () => setOpen("publish"), when: ready && !checking.busy },
    { keys: "r", label: t("refresh"), run: () => void live.reload() },
  ]);
  const menu: MenuItem[] = [
    { label: t(gap.draft ? "rewrite" : "writeDraft"), icon: "spark", onClick: () => rewrite(articleId, !!gap.draft && !articleId) },
    ...(articleId ? [{ label: t("asNew"), icon: "plus" as const, onClick: () => rewrite(undefined, true) }] : []),
    { label: t("change"), icon: "edit", onClick: () => setOpen("change") },
    { label: t("existing"), icon: "book", onClick: () => setOpen("existing") },
  ];
  const editing = others.filter((o) => o.editing);
  const known = new Set((gap.evidence ?? []).map((f) => f.question.toLowerCase()));
  return (
    <Stack>
      {others.length > 0 && <Notice>{editing.length > 0 ? t("alsoEditing", { names: editing.map((o) => o.name).join(", ") }) : t("also", { names: others.map((o) => o.name).join(", ") })}</Notice>}
      {gap.status === "waiting" && <Notice>{t("waitingNote")}</Notice>}
      {gap.status === "merged" && gap.merged_into && <Notice action={<Button small href={href("gaps", gap.merged_into)}>{t("toOther")}</Button>}>{t("mergedInto")}</Notice>}
      {gap.status === "dismissed" && gap.dismissal && <Notice>{t("dismissedBy", { who: gap.dismissal.author, when: date(gap.dismissal.at), why: gap.dismissal.reason })}</Notice>}
      <div ref={proofAt}>{(gap.proof || checking.busy) && <Proof gap={gap} checking={checking.busy} asked={asked} onAgain={() => void checking.run(null)} />}</div>
      <Splitter name="gap" initial={44} min={28} max={64}>
        <div class="gaps-side"><Why gap={gap} /><Evidence gap={gap} lit={lit} onLight={setLit} /><Cost gap={gap} /><History gap={gap} /></div>
        {working || gap.status === "waiting" || gap.draft ? (
          <div class="gaps-beside" id="gaps-draft" tabIndex={-1}><Editor gap={gap} typed={typed} article={article.data} lit={lit} onLight={setLit} area={area} over={!working && gap.status !== "waiting"} menu={menu} writing={writing.busy} saving={saving.busy}
            checking={checking.busy || publish.busy} onWrite={() => writing.run()} onSave={saving.run} onPublish={() => setOpen("publish")} /></div>
        ) : <div />}
      </Splitter>
      {open === "publish" && (
        <PublishDialog title={typed.title} body={typed.body} changes={!!articleId} article={article.data} undecided={undecided(gap.draft, typed).length} questions={known.size}
          onDone={publish.run} onClose={() => setOpen("")} />
      )}
      {open === "existing" && <PickDialog title={t("existingTitle")} body={t("existingBody")} action={t("existingAction")} onDone={(article_id) => checking.run({ article_id })} onClose={() => setOpen("")} />}
      {open === "change" && <PickDialog title={t("changeTitle")} action={t("changeAction")} onDone={async (id) => { setOpen(""); await rewrite(id); return true; }} onClose={() => setOpen("")} />}
    </Stack>
  );
}
