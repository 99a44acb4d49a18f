// One pilot: what comes of it in a sentence, its arms held against each other,
// and what can be done.
import { useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { AcceptanceReport, AssignmentView, Change, PilotView } from "../../api.gen";
import { dateTime, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { go, href } from "../../router";
import { Button, Card, confirm, Dialog, Disclosure, Form, Loaded, NotFound, Notice, Page, Stack, Table, TextField, toast } from "../../ui";
import { common } from "../../words";
import { Arms } from "./arms";
import { Dots, Percent, PilotForm } from "./form";
import { Status } from "./page";
import { profileName, says, split } from "./says";
import { t } from "./words";

export function Pilot({ name, edit }: { name: string; edit: boolean }) {
  const path = "/v1/pilots/" + seg(name);
  const pilot = useApi<PilotView>(path, undefined, 20_000);
  const [ramping, setRamping] = useState(false);
  const p = pilot.data;
  const start = useAction(async () => {
    if (!p || !(await confirm({ title: t("startTitle", { name }), body: split(p), action: t("start") }))) return;
    pilot.set(await api.post<PilotView>(path + "/start"));
    toast(t("started", { name }));
  });
  const stop = useAction(async () => {
    if (!(await confirm({ title: t("stopTitle", { name }), body: t("stopBody"), action: t("stop"), danger: true }))) return;
    pilot.set(await api.post<PilotView>(path + "/stop"));
    toast(t("stopDone", { name }));
  });
  const back = useAction(async (to: Change) => {
    if (!(await confirm({ title: t("returnTitle", { name }), body: split(bodyOf(to)), action: t("returnTo") }))) return;
    pilot.set(await api.put<PilotView>(path, bodyOf(to)));
    toast(t("returned", { name }));
  });
  useKeys([{ keys: "r", label: t("refresh"), run: () => void pilot.reload() }, { keys: "p", label: t("ramp"), run: () => setRamping(true), when: p?.status === "running" && !edit }]);
  if (edit && p) return <PilotForm of={p} onDone={pilot.reload} />;
  return (
    <Page title={name} back={{ label: t("back"), href: href("pilots") }} actions={p && (
      <>
        <Button icon="edit" onClick={() => go("pilots", name, { edit: "yes" })}>{t("edit")}</Button>
        {p.status === "running" ? (
          <>
            <Button kind="danger" icon="stop" busy={stop.busy} onClick={stop.run}>{t("stop")}</Button>
            <Button kind="primary" icon="curve" keys="p" onClick={() => setRamping(true)}>{t("ramp")}</Button>
          </>
        ) : <Button kind="primary" icon="play" busy={start.busy} onClick={start.run}>{t("start")}</Button>}
      </>
    )}>
      {pilot.error?.kind === "not_found" ? <NotFound title={t("noPilot")}>{t("noPilotBody", { name })}</NotFound> : (
        <Loaded of={pilot} as="figures">
          {(p) => (
            <Stack>
              <Card>
                <Stack>
                  <p class="pilots-sentence"><Status of={p} /> {says(p)}</p>
                  {p.status !== "stopped" && <Dots share={p.percent} tried={profileName(p.profile)} others={profileName(p.control)} />}
                </Stack>
              </Card>
              <Watch pilot={p} />
              <Assignment pilot={p} />
              <History pilot={p} back={back.run} busy={back.busy} />
              {ramping && <Ramp pilot={p} onClose={() => setRamping(false)} onDone={pilot.set} />}
            </Stack>
          )}
        </Loaded>
      )}
    </Page>
  );
}

const bodyOf = (c: Change) => ({ profile: c.profile, control: c.control, groups: c.groups?.length ? c.groups : undefined, percent: c.percent });

function Watch({ pilot: p }: { pilot: PilotView }) {
  const report = useApi<AcceptanceReport>("/v1/reports/acceptance", { by: "arm" }, 30_000);
  return <Loaded of={report} as="figures">{(d) => <Arms name={p.name} groups={d.groups} running={p.status === "running"} />}</Loaded>;
}

function Ramp({ pilot: p, onClose, onDone }: { pilot: PilotView; onClose(): void; onDone(p: PilotView): void }) {
  const [share, setShare] = useState(p.percent);
  const ramp = useAction(async () => {
    onDone(await api.post<PilotView>("/v1/pilots/" + seg(p.name) + "/ramp", { percent: share }));
    toast(t("ramped", { name: p.name, n: percent(share / 100) }));
    onClose();
  });
  return (
    <Dialog title={t("rampTitle")} onClose={onClose}>
      <Form class="asking" onSubmit={() => share !== p.percent && ramp.run()}>
        <Percent value={share} onChange={setShare} />
        <div class="pilots-quick" role="group" aria-label={t("percent")}>{[5, 10, 25, 50, 100].map((n) => <Button small pressed={n === share} onClick={() => setShare(n)}>{percent(n / 100)}</Button>)}</div>
        <div aria-live="polite">
          <p>{split({ ...p, percent: share })}</p>
          <p class="soft small-text">{share === p.percent ? t("nochange") : t(share > p.percent ? "more" : "less")}</p>
        </div>
        <Dots share={share} tried={profileName(p.profile)} others={profileName(p.control)} />
        <div class="asking-actions">
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button kind="primary" type="submit" busy={ramp.busy} disabled={share === p.percent}>{t("rampDo", { n: percent(share / 100) })}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

function Assignment({ pilot: p }: { pilot: PilotView }) {
  const [who, setWho] = useState("");
  const [group, setGroup] = useState(p.groups?.[0] ?? "");
  const [got, setGot] = useState<{ who: string; a: AssignmentView } | null>(null);
  const look = useAction(async () => {
    if (who.trim()) setGot({ who: who.trim(), a: await api.get<AssignmentView>("/v1/pilots/" + seg(p.name) + "/assignment", { query: { operator: who.trim(), group: group.trim() } }) });
  });
  const sentence = got && t(got.a.arm === "pilot" ? "isPilot" : got.a.arm === "control" ? "isControl" : p.status === "running" ? "isOut" : "isOutWould", { who: got.who, profile: profileName(got.a.profile) });
  return (
    <Card>
      <Disclosure title={t("who")}>
        <Form class="pilots-who" label={t("who")} onSubmit={look.run}>
          <TextField label={t("operator")} value={who} onInput={setWho} maxLength={128} />
          <TextField label={t("group")} value={group} onInput={setGroup} maxLength={128} list={p.groups} />
          <Button type="submit" icon="search" busy={look.busy}>{t("ask")}</Button>
        </Form>
        <div aria-live="polite">{sentence && <Notice>{sentence}</Notice>}</div>
      </Disclosure>
    </Card>
  );
}

const words = { created: "created", changed: "changedTo", ramped: "ramped2", started: "started2", stopped: "stopped2" } as const;

function History({ pilot: p, back, busy }: { pilot: PilotView; back(c: Change): unknown; busy: boolean }) {
  const rows = p.history.map((c, i) => ({ c, i })).reverse();
  const now = split(p);
  return (
    <Card title={t("history")} flush>
      <Table label={t("history")} rows={rows} id={(r) => String(r.i)} rowHeight={72} columns={[
        { key: "what", title: t("settings"), main: true, cell: ({ c }) => <><span class="row-title">{words[c.action as keyof typeof words] ? t(words[c.action as keyof typeof words]) : c.action}{" · "}{percent(c.percent / 100)}</span><span class="row-sub wrap">{split(bodyOf(c))}</span></> },
        { key: "by", title: t("by"), width: 190, wide: true, cell: ({ c }) => <span class="wrap" dir="auto">{c.author}</span> },
        { key: "at", title: t("when"), width: 215, wide: true, cell: ({ c }) => dateTime(c.at) },
        { key: "back", title: t("returnTo"), bare: true, width: 180, align: "end", cell: ({ c }) => split(bodyOf(c)) === now ? <span class="soft small-text">{t("current")}</span> : <Button small icon="undo" busy={busy} onClick={() => back(c)}>{t("returnTo")}</Button> },
      ]} />
    </Card>
  );
}
