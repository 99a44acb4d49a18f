// Learning → Jobs: what runs by itself, how it went, and a button that runs it.
// It is also the model of a page: words.ts beside it, one default export, all
// states by Loaded and Empty, words by t, addresses by go and href.
import { api, seg } from "../../api";
import type { JobList, JobView, RunList, RunView } from "../../api.gen";
import { ago, collate, dateTime, day, duration, time } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { outcome } from "../../said/jobs";
import { Badge, Button, Card, Empty, Facts, Loaded, NotFound, Notice, Page, Stack, Table, toast } from "../../ui";
import { Chart } from "../../ui/chart";
import { aboutOf, titleOf } from "./names";
import { t } from "./words";
import { spoken } from "./schedule";

export default function Jobs({ rest }: PageProps) {
  const name = rest[0];
  return name ? <Job key={name} name={name} /> : <List />;
}

function Status({ run }: { run: RunView | undefined }) {
  if (!run) return <Badge>{t("never")}</Badge>;
  const tones = { running: "accent", done: "good", failed: "bad", skipped: "plain", abandoned: "warn" } as const;
  return <Badge tone={tones[run.status]}>{t.any(run.status)}</Badge>;
}

function useRun(name: string, then: () => unknown) {
  return useAction(async () => {
    await api.post("/v1/jobs/" + seg(name) + "/run");
    toast(t("begun", { name: titleOf(name) }));
    await then();
  });
}

function RunButton({ job, then, primary }: { job: JobView; then: () => unknown; primary?: boolean }) {
  const run = useRun(job.name, then);
  const running = job.last_run?.status === "running";
  return (
    <Button icon="play" kind={primary ? "primary" : "plain"} small={!primary} busy={run.busy || running} disabled={job.everywhere} label={t("run") + ": " + titleOf(job.name)} onClick={run.run}>
      {t(running ? "running" : "run")}
    </Button>
  );
}

function List() {
  const jobs = useApi<JobList>("/v1/jobs", undefined, 10_000);
  useKeys([{ keys: "r", label: t("refresh"), run: () => void jobs.reload() }]);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded of={jobs} as="rows" rows={8} empty={(d) => d.jobs.length === 0 && <Empty icon="clock" title={t("noJobs")}>{t("noJobsBody")}</Empty>}>
        {({ jobs: list }) => {
          const failing = list.filter((j) => j.last_run?.status === "failed").length;
          return (
            <Stack>
              {failing > 0 && <Notice tone="warn">{t("failing", { n: failing })}</Notice>}
              <Card flush>
                <Table label={t("title")} rows={list} id={(j) => j.name} onOpen={(j) => go("learning/jobs", j.name)} columns={[
                  { key: "name", title: t("name"), main: true, sort: (a, b) => collate(titleOf(a.name), titleOf(b.name)),
                    cell: (j) => <><a class="row-title" href={href("learning/jobs", j.name)} tabIndex={-1}>{titleOf(j.name)}</a><span class="row-sub">{aboutOf(j)}</span></> },
                  { key: "schedule", title: t("schedule"), wide: true, width: 190, cell: (j) => spoken(j.schedule) },
                  { key: "status", title: t("status"), width: 150, cell: (j) => j.everywhere ? <Badge>{t("always")}</Badge> : <Status run={j.last_run} /> },
                  { key: "last", title: t("last"), wide: true, width: 150, sort: (a, b) => (a.last_run?.started_at ?? "").localeCompare(b.last_run?.started_at ?? ""),
                    cell: (j) => j.last_run ? <span title={dateTime(j.last_run.started_at)}>{ago(j.last_run.started_at)}</span> : "–" },
                  { key: "run", title: t("run"), bare: true, width: 170, align: "end", wide: true, cell: (j) => !j.everywhere && <RunButton job={j} then={jobs.reload} /> },
                ]} />
              </Card>
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Job({ name }: { name: string }) {
  const jobs = useApi<JobList>("/v1/jobs", undefined, 5000);
  const job = jobs.data?.jobs.find((j) => j.name === name);
  const runs = useApi<RunList>(job && !job.everywhere ? "/v1/jobs/" + seg(name) + "/runs" : null, { limit: 200 }, 5000);
  const reload = () => Promise.all([jobs.reload(), runs.reload()]);
  return (
    <Page title={titleOf(name)} lead={job && aboutOf(job)} back={{ label: t("back"), href: href("learning/jobs") }} actions={job && !job.everywhere && <RunButton job={job} then={reload} primary />}>
      <Loaded of={jobs} empty={(d) => !d.jobs.some((j) => j.name === name) && <NotFound title={t("noJob")}>{t("noJobBody", { name })}</NotFound>}>
        {() => job && (
          <Stack>
            <Card><Facts items={[
              [t("schedule"), spoken(job.schedule)], [t("next"), <span title={dateTime(job.next_at)}>{ago(job.next_at)}</span>],
              [t("last"), job.last_run ? dateTime(job.last_run.started_at) : t("never")], !job.everywhere && [t("status"), <Status run={job.last_run} />],
            ]} /></Card>
            {job.everywhere ? <Notice>{t("everywhere")}</Notice> : (
              <Loaded of={runs} as="rows" empty={(d) => d.runs.length === 0 && <Empty icon="history" title={t("noRuns")} />}>
                {({ runs: list }) => <History name={name} runs={list} />}
              </Loaded>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function History({ name, runs }: { name: string; runs: RunView[] }) {
  const timed = runs.filter((r) => r.took_ms !== undefined).slice(0, 60).reverse();
  return (
    <>
      {timed.length > 2 && (
        <Card><Chart kind="line" title={t("tookChart")} height={200} x={{ label: t("when"), time: true, format: (v) => day(v) + ", " + time(v) }} y={{ label: t("minutes"), format: duration, min: 0 }}
          series={[{ name: titleOf(name), points: timed.map((r) => ({ x: +new Date(r.started_at), y: r.took_ms ?? null })) }]} /></Card>
      )}
      <Card title={t("history")} flush>
        <Table label={t("historyOf", { name: titleOf(name) })} rows={runs} id={(r) => r.slot} columns={[
          { key: "started", title: t("started"), main: true, width: 200, sort: (a, b) => a.started_at.localeCompare(b.started_at), cell: (r) => <span title={t("due", { when: dateTime(r.slot) })}>{dateTime(r.started_at)}</span> },
          { key: "status", title: t("status"), width: 150, cell: (r) => <Status run={r} /> },
          { key: "took", title: t("took"), align: "end", width: 120, wide: true, sort: (a, b) => (a.took_ms ?? 0) - (b.took_ms ?? 0), cell: (r) => r.took_ms === undefined ? "–" : duration(r.took_ms) },
          { key: "note", title: t("note"), wide: true, cell: (r) => <span class="wrap" dir="auto">{r.note ? outcome(r.note) : "–"}</span> },
        ]} />
      </Card>
    </>
  );
}
