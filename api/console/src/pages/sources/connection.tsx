// One connection: how it stands, what waits for a word, and its runs.
import { api, seg } from "../../api";
import type { ConnectReport, ConnectionView, SyncRunList, SyncRunView, SyncView } from "../../api.gen";
import { ago, dateTime, duration, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { linkTo } from "../../palette";
import { go, href } from "../../router";
import { noted } from "../../said/sources";
import { isRole } from "../../session";
import { Badge, Button, Card, Disclosure, Empty, Facts, Loaded, Menu, Notice, Page, Stack, Table, confirm, toast } from "../../ui";
import { common } from "../../words";
import { Status } from "./page";
import { happens, reads, spoken } from "./say";
import { t } from "./words";

export function Connection({ id }: { id: string }) {
  const path = "/v1/connections/" + seg(id);
  const one = useApi<ConnectionView>(path, undefined, 5000);
  const runs = useApi<SyncRunList>(path + "/runs", undefined, 5000);
  const again = () => Promise.all([one.reload(), runs.reload()]);
  const sync = useAction(async (how: { approve?: boolean; take?: string[] } = {}) => {
    const got = await api.post<SyncView>(path + "/sync", how);
    const r = got.report;
    if (!got.done || !r) toast(t("begun"));
    else if (r.error) toast(t("failed", { why: noted(r.error) }), { bad: true });
    else toast(how.take ? t("taken") : t("synced", { created: r.created, changed: r.changed, deleted: r.deleted }));
    await again();
  });
  const turn = useAction(async (to: "pause" | "resume") => {
    one.set(await api.post<ConnectionView>(path + "/" + to));
    toast(t(to === "pause" ? "pausedNow" : "resumed"));
  });
  const remove = useAction(async () => {
    if (!(await confirm({ title: t("removeTitle"), body: t("removeBody"), action: t("remove"), danger: true }))) return;
    await api.del(path);
    toast(t("removed"));
    go("sources");
  });
  const c = one.data;
  const manages = isRole("admin");
  const free = manages && !!c && !c.syncing && c.status !== "held";
  useKeys([{ keys: "s", label: t("sync"), run: () => void sync.run(), when: free }, { keys: "e", label: t("edit"), run: () => go("sources", id, "edit"), when: manages }]);
  return (
    <Page title={id} lead={c && reads(c)} back={{ label: t("back"), href: href("sources") }} actions={c && manages && <>
      <Button kind={c.status === "held" ? "plain" : "primary"} icon="refresh" keys="s" busy={sync.busy || c.syncing} disabled={c.status === "held"} onClick={() => sync.run()}>{t("sync")}</Button>
      <Button icon="edit" href={href("sources", id, "edit")}>{t("edit")}</Button>
      <Menu label={common("actions")} items={[
        c.status === "active" || c.status === "held" ? { label: t("pause"), icon: "stop", onClick: () => turn.run("pause") } : { label: t("resume"), icon: "play", onClick: () => turn.run("resume") },
        null, { label: t("remove"), icon: "trash", danger: true, onClick: remove.run },
      ]} />
    </>}>
      <Loaded of={one} as="figures">
        {(now) => (
          <Stack>
            {now.status === "held" && now.held && manages && <Held c={now} busy={sync.busy} approve={() => sync.run({ approve: true })} pause={() => turn.run("pause")} />}
            <Card>
              <Stack>
                <Facts items={[[t("status"), <Status c={now} last={runs.data?.runs[0]} />], [t("kind"), t(now.kind)], [t("when"), spoken(now.spec)], [t("last"), runs.data?.runs[0] ? ago(runs.data.runs[0].started_at) : t("never")]]} />
                <p class="soft sources-words">{happens(now)}</p>
              </Stack>
            </Card>
            <Loaded of={runs} as="rows" empty={(d) => d.runs.length === 0 && <Empty icon="history" title={t("noRuns")}>{t("noRunsBody")}</Empty>}>
              {({ runs: list }) => (
                <Stack>
                  {list[0] && <Report run={list[0]} busy={sync.busy} held={now.status === "held" || !manages} take={(doc) => sync.run({ take: [doc] })} />}
                  <Card title={t("runs")} flush><Runs list={list} /></Card>
                </Stack>
              )}
            </Loaded>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Held({ c, busy, approve, pause }: { c: ConnectionView; busy: boolean; approve(): unknown; pause(): unknown }) {
  const gone = c.held?.gone ?? [];
  const all = c.held?.documents ?? 0;
  const go = async () => {
    if (await confirm({ title: t("letGoTitle"), body: t("letGoBody"), action: t("letGo", { n: gone.length }), danger: true })) await approve();
  };
  return (
    <Card title={t("heldTitle", { n: gone.length })} icon="warn" class="sources-held">
      <Stack>
        <p>{t("heldBody", { share: percent(all ? gone.length / all : 1), all })}</p>
        <Disclosure title={t("would")} open={gone.length <= 12}>
          <ul class="sources-gone">{gone.map((id) => <li><a class="wrap" href={linkTo("article", id)} dir="auto">{id}</a></li>)}</ul>
        </Disclosure>
        <Stack row><Button kind="danger" icon="trash" busy={busy} onClick={go}>{t("letGo", { n: gone.length })}</Button><Button icon="stop" onClick={pause}>{t("pause")}</Button></Stack>
      </Stack>
    </Card>
  );
}

const tones = { running: "accent", done: "good", held: "warn", broken: "bad", stopped: "plain", died: "bad" } as const;
const counts = (r: ConnectReport) => t("counts", { seen: r.seen, created: r.created, changed: r.changed, deleted: r.deleted });

function Report({ run, busy, held, take }: { run: SyncRunView; busy: boolean; held: boolean; take(id: string): unknown }) {
  const r = run.report;
  if (!r.error && !r.skips?.length && !r.conflict?.length) return null;
  return (
    <Card title={t("report")} lead={dateTime(run.started_at)} actions={<Badge tone={tones[run.status]}>{t(`run_${run.status}`)}</Badge>}>
      <Stack>
        {r.error && <Notice tone="bad"><span dir="auto">{noted(r.error)}</span></Notice>}
        {!!r.conflict?.length && (
          <Disclosure open title={t("conflicts", { n: r.conflicts })}>
            <ul class="sources-list">{r.conflict.map((c) => (
              <li><div><a class="wrap" href={linkTo("article", c.id)} dir="auto">{c.id}</a><span class="row-sub wrap">{noted(c.reason)}</span></div>{!held && <Button small busy={busy} onClick={() => take(c.id)} label={t("takeIt") + ": " + c.id}>{t("takeIt")}</Button>}</li>
            ))}</ul>
          </Disclosure>
        )}
        {!!r.skips?.length && (
          <Disclosure title={t("skipped", { n: r.skipped })}>
            <ul class="sources-list">{r.skips.map((s) => <li><div><span class="wrap mono" dir="auto">{s.place}</span><span class="row-sub wrap">{noted(s.reason)}</span></div>{s.lost && <Badge tone="warn">{t("lost")}</Badge>}</li>)}</ul>
          </Disclosure>
        )}
      </Stack>
    </Card>
  );
}

function Runs({ list }: { list: SyncRunView[] }) {
  return (
    <Table label={t("runs")} rows={list} id={(r) => r.id} columns={[
      { key: "started", title: t("started"), main: true, width: 200, sort: (a, b) => a.started_at.localeCompare(b.started_at), cell: (r) => dateTime(r.started_at) },
      { key: "status", title: t("status"), width: 140, cell: (r) => <Badge tone={tones[r.status]}>{t(`run_${r.status}`)}</Badge> },
      { key: "result", title: t("result"), wide: true, cell: (r) => <><span class="wrap">{r.report.error ? noted(r.report.error) : counts(r.report)}</span>
        <span class="row-sub wrap">{[r.report.unchanged > 0 && t("unchanged", { n: r.report.unchanged }), r.report.skipped > 0 && t("skipped", { n: r.report.skipped }), r.report.kept > 0 && t("kept", { n: r.report.kept }), r.report.conflicts > 0 && t("conflicts", { n: r.report.conflicts })].filter(Boolean).join(" · ")}</span></> },
      { key: "took", title: t("took"), align: "end", width: 110, wide: true, cell: (r) => (r.finished_at ? duration(r.report.took_ns / 1e6) : "–") },
    ]} />
  );
}
