// Settings → Webhooks: who is told of what happens by itself, and what was sent.
import { useMemo, useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { DeliveryList, DeliveryView, Setup, WebhookList, WebhookView } from "../../api.gen";
import { ago, dateTime } from "../../i18n";
import { useKeys } from "../../keys";
import { asError, useAction, useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { noted } from "../../said/sources";
import { common } from "../../words";
import { Badge, Button, Card, Checkbox, confirm, Dialog, Empty, errorOf, Facts, Form, Loaded, NotFound, Notice, Page, Radio, sayError, Table, TextField, toast } from "../../ui";
import { Once, useForm } from "./shared";
import { t } from "./webhooks_words";

const kinds = ["gap.opened", "gap.closed", "gap.reopened", "alarm.burst", "alarm.new_topic", "alarm.drift", "source.held", "article.quarantined", "ticket.replied"] as const;
const placeOf = (h: WebhookView) => h.email ?? h.url ?? "";

/** Whether a hook's kinds, which may be groups such as gap.*, name a kind; none name all but what is everyday. */
const wants = (list: string[], kind: string) =>
  list.length === 0 ? kind !== "ticket.replied" : list.some((k) => k === kind || k === "*" || (k.endsWith("*") && kind.startsWith(k.slice(0, -1))));

function Kinds({ list }: { list: string[] }) {
  return <>{list.length === 0 ? t("all") : list.map((k) => t.any(k)).join(", ")}</>;
}

export default function Webhooks({ rest }: PageProps) {
  const hooks = useApi<WebhookList>("/v1/webhooks");
  const setup = useApi<Setup>("/v1/service");
  return rest[0] ? <One key={rest[0]} id={rest[0]} hooks={hooks} setup={setup.data} /> : <List hooks={hooks} setup={setup.data} />;
}

type Hooks = ReturnType<typeof useApi<WebhookList>>;

function List({ hooks, setup }: { hooks: Hooks; setup?: Setup }) {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<WebhookView | undefined>();
  useKeys([{ keys: "n", label: t("make"), run: () => setMaking(true) }]);
  const make = <Button kind="primary" icon="plus" keys="n" onClick={() => setMaking(true)}>{t("make")}</Button>;
  return (
    <Page title={t("title")} lead={t("lead")} actions={make}>
      <Loaded of={hooks} as="rows" empty={(d) => d.webhooks.length === 0 && <Empty icon="send" title={t("none")} action={make}>{t("noneBody")}</Empty>}>
        {({ webhooks: list }) => (
          <Card flush>
            <Table label={t("title")} rows={list} id={(h) => h.id} onOpen={(h) => go("settings/webhooks", h.id)} columns={[
              { key: "to", title: t("to"), main: true, cell: (h) => <><a class="row-title" href={href("settings/webhooks", h.id)} tabIndex={-1}>{placeOf(h)}</a><span class="row-sub"><Kinds list={h.kinds} /></span></> },
              { key: "how", title: t("how"), width: 130, wide: true, cell: (h) => t(h.email ? "mail" : "post") },
              { key: "state", title: t("state"), width: 140, cell: (h) => <Badge tone={h.active ? "good" : "plain"}>{t(h.active ? "on" : "off")}</Badge> },
              { key: "at", title: t("at"), width: 150, wide: true, cell: (h) => <span title={dateTime(h.created_at)}>{ago(h.created_at)}</span> },
            ]} />
          </Card>
        )}
      </Loaded>
      {making && <Edit setup={setup} onClose={() => setMaking(false)} done={(h) => { setMaking(false); if (h.secret && h.url) setMade(h); void hooks.reload(); }} />}
      {made && <Once title={t("secret")} label={t("secret")} value={made.secret ?? ""} onClose={() => setMade(undefined)}><p>{t("secretHint")}</p></Once>}
    </Page>
  );
}

function Edit({ of: h, setup, done, onClose }: { of?: WebhookView; setup?: Setup; done(h: WebhookView): void; onClose(): void }) {
  const initial = useMemo(() => ({ how: h?.email ? "mail" : "post", to: h ? placeOf(h) : "", every: !h || h.kinds.length === 0, kinds: h ? kinds.filter((k) => h.kinds.length > 0 && wants(h.kinds, k)) as string[] : [] as string[] }), [h]);
  const form = useForm("webhook/" + (h?.id ?? "new"), initial);
  const v = form.value;
  const mail = v.how === "mail";
  const noMail = mail && setup !== undefined && !setup.mail_from;
  const save = useAction(async () => {
    const body = { [mail ? "email" : "url"]: v.to.trim(), active: h?.active ?? true, ...(!v.every && { kinds: v.kinds }) };
    const got = h ? await api.put<WebhookView>("/v1/webhooks/" + seg(h.id), body) : await api.post<WebhookView>("/v1/webhooks", body);
    form.discard();
    if (h) toast(t("saved"));
    done(got);
  }, true);
  return (
    <Dialog title={t(h ? "edit" : "make")} onClose={onClose}>
      <Form onSubmit={save.run}>
        <Radio label={t("how")} inline value={v.how} onChange={(how) => form.set({ how, to: how === initial.how ? initial.to : "" })} options={[{ value: "post", label: t("post") }, { value: "mail", label: t("mail") }]} />
        {noMail && <Notice tone="warn">{t("noMail")}</Notice>}
        <TextField label={t(mail ? "email" : "url")} hint={t(mail ? "emailHint" : "urlHint")} type={mail ? "email" : "url"} value={v.to} onInput={(to) => form.set({ to })} required autoFocus
          placeholder={mail ? "team@example.org" : "https://hooks.example.org/whetstone"} error={save.error && (errorOf(save.error, mail ? "email" : "url") ?? sayError(save.error))} />
        <Checkbox toggle label={t("every")} hint={t("everyHint")} checked={v.every} onChange={(every) => form.set({ every })} />
        {!v.every && (
          <div class="settings-kinds" role="group" aria-label={t("kinds")}>
            {kinds.map((k) => <Checkbox label={t(k)} checked={v.kinds.includes(k)} onChange={(on) => form.set({ kinds: on ? [...v.kinds, k] : v.kinds.filter((x) => x !== k) })} />)}
          </div>
        )}
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={save.busy} disabled={!v.every && v.kinds.length === 0}>{common(h ? "save" : "add")}</Button></div>
      </Form>
    </Dialog>
  );
}

function One({ id, hooks, setup }: { id: string; hooks: Hooks; setup?: Setup }) {
  const [editing, setEditing] = useState(false);
  const h = hooks.data?.webhooks.find((x) => x.id === id);
  const body = (w: WebhookView) => ({ ...(w.url ? { url: w.url } : { email: w.email }), ...(w.kinds.length > 0 && { kinds: w.kinds }) });
  const turn = useAction(async (w: WebhookView) => {
    await api.put("/v1/webhooks/" + seg(id), { ...body(w), active: !w.active });
    await hooks.reload();
  });
  const remove = useAction(async () => {
    if (!(await confirm({ title: t("removeSure"), body: t("removeBody"), action: t("remove"), danger: true }))) return;
    await api.del("/v1/webhooks/" + seg(id));
    toast(t("removed"));
    await hooks.reload();
    go("settings/webhooks");
  });
  return (
    <Page title={h ? placeOf(h) : t("title")} back={{ label: t("title"), href: href("settings/webhooks") }} actions={h && (
      <>
        <Button busy={turn.busy} icon={h.active ? "stop" : "play"} onClick={() => turn.run(h)}>{t(h.active ? "turnOff" : "turnOn")}</Button>
        <Button icon="edit" onClick={() => setEditing(true)}>{common("edit")}</Button>
        <Button kind="danger" icon="trash" label={t("remove")} busy={remove.busy} onClick={remove.run} />
      </>)}>
      <Loaded of={hooks} as="rows" empty={() => !h && <NotFound title={t("noSuch")} />}>
        {() => h && (
          <>
            <Card><Facts items={[
              [t("state"), <Badge tone={h.active ? "good" : "plain"}>{t(h.active ? "on" : "off")}</Badge>], [t("how"), t(h.email ? "mail" : "post")], [t("kinds"), <Kinds list={h.kinds} />], [t("at"), dateTime(h.created_at)],
            ]} /></Card>
            <Log id={id} />
          </>
        )}
      </Loaded>
      {editing && h && <Edit of={h} setup={setup} onClose={() => setEditing(false)} done={() => { setEditing(false); void hooks.reload(); }} />}
    </Page>
  );
}

const page = 100;
const tones = { pending: "warn", delivered: "good", failed: "bad" } as const;

/** What was sent, the newest first; older ones are read as one comes to them. */
function Log({ id }: { id: string }) {
  const path = "/v1/webhooks/" + seg(id) + "/deliveries";
  const first = useApi<DeliveryList>(path, { limit: page }, 10_000);
  const [older, setOlder] = useState<{ rows: DeliveryView[]; end: boolean }>({ rows: [], end: false });
  const more = useAction(async () => {
    const all = [...(first.data?.deliveries ?? []), ...older.rows];
    const last = all.at(-1);
    if (!last || older.end || all.length < page) return;
    try {
      const got = await api.get<DeliveryList>(path, { query: { limit: page, before: last.id } });
      setOlder((o) => ({ rows: [...o.rows, ...got.deliveries], end: got.deliveries.length < page }));
    } catch (e) {
      setOlder((o) => ({ ...o, end: true }));
      throw asError(e);
    }
  });
  const resend = useAction(async (d: DeliveryView) => {
    const now = await api.post<DeliveryView>("/v1/deliveries/" + seg(d.id) + "/resend");
    setOlder((o) => ({ ...o, rows: o.rows.map((x) => (x.id === d.id ? now : x)) }));
    toast(t("resent"));
    await first.reload();
  });
  return (
    <Card title={t("log")} lead={t("logLead")} flush>
      <Loaded of={first} as="rows" empty={(d) => d.deliveries.length === 0 && <Empty icon="history" title={t("noLog")}>{t("noLogBody")}</Empty>}>
        {({ deliveries }) => {
          const seen = new Set(deliveries.map((d) => d.id));
          return (
            <Table label={t("log")} rows={[...deliveries, ...older.rows.filter((d) => !seen.has(d.id))]} id={(d) => d.id} onEnd={more.run} columns={[
              { key: "at", title: t("when"), main: true, cell: (d) => <><span class="row-title" title={d.id}>{dateTime(d.at)}</span>{d.status === "pending" && <span class="row-sub">{t("due", { when: ago(d.due) })}</span>}</> },
              { key: "what", title: t("what"), wide: true, cell: (d) => d.kind ? <><span>{t.any(d.kind)}</span><span class="row-sub" dir="auto">{d.subject}</span></> : "–" },
              { key: "status", title: t("state"), width: 138, cell: (d) => <Badge tone={tones[d.status]}>{t(d.status)}</Badge> },
              { key: "code", title: t("answer"), wide: true, cell: (d) => <span class="wrap" dir="auto">{[d.code && `HTTP ${d.code}`, d.error && noted(d.error)].filter(Boolean).join(" · ") || "–"}</span> },
              { key: "attempts", title: t("attempts"), width: 110, align: "end", wide: true, cell: (d) => d.attempts },
              { key: "do", title: common("actions"), bare: true, align: "end", width: 76, cell: (d) => <Button small icon="refresh" disabled={resend.busy} label={t("resendOf", { when: dateTime(d.at) })} onClick={() => resend.run(d)} /> },
            ]} />
          );
        }}
      </Loaded>
    </Card>
  );
}
