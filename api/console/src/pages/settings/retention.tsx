// Settings → Retention and erasure: what is kept how long, and forgetting a
// customer for good.
import { useState } from "preact/hooks";
import { api } from "../../api";
import type { Erased, ErasedView, Setup } from "../../api.gen";
import { number } from "../../i18n";
import { useAction, useApi } from "../../live";
import { href } from "../../router";
import { Button, Card, confirm, Form, Loaded, Notice, Page, sayError, Stack, TextArea, TextField } from "../../ui";
import { useForm } from "./shared";
import { t } from "./retention_words";

export default function Retention() {
  const setup = useApi<Setup>("/v1/service");
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Card title={t("kept")} icon="history">
        <Loaded of={setup} as="form">{(s) => <Kept of={s} />}</Loaded>
      </Card>
      <Erase />
    </Page>
  );
}

function Kept({ of: s }: { of: Setup }) {
  const days = (n: number) => t("days", { n });
  const rows: [string, string, string][] = [
    [t("personal"), t("personalHint"), s.keep_days ? days(s.keep_days) : t("always")],
    [t("tickets"), t("ticketsHint"), s.keep_days ? days(s.keep_days) : t("always")],
    [t("suggestions"), t("suggestionsHint"), t("always")],
    [t("knowledge"), t("knowledgeHint"), t("always")],
    [t("audit"), t("auditHint"), days(s.audit_days)],
    [t("notices"), t("noticesHint"), days(s.notice_days)],
    [t("runs"), t("runsHint"), days(90)],
    [t("sessions"), t("sessionsHint"), days(7)],
    [t("requests"), t("requestsHint"), days(2)],
  ];
  return (
    <Stack>
      <dl class="settings-keep">{rows.map(([what, hint, long]) => <div><dt>{what}<span class="hint">{hint}</span></dt><dd>{long}</dd></div>)}</dl>
      <p class="soft small-text">{t("change")}</p>
    </Stack>
  );
}

const blank = { customer: "", tickets: "" };
const parts = ["tickets", "suggestions", "events", "judgements", "cases", "cases_retold", "vectors", "tuned_vectors", "topic_examples", "failures", "quotes", "idempotency_keys"] as const;

function Erase() {
  const form = useForm("erase", blank);
  const customer = form.value.customer.trim();
  const tickets = form.value.tickets.split(/[\s,;]+/).filter(Boolean);
  const whom = JSON.stringify([customer, tickets]);
  const [counted, setCounted] = useState<{ whom: string; found: ErasedView } | undefined>();
  const [done, setDone] = useState<Erased | undefined>();
  const body = (dry: boolean) => ({ dry, ...(customer && { customer_id: customer }), ...(tickets.length > 0 && { tickets }) });
  const count = useAction(async () => {
    if (!customer && tickets.length === 0) return;
    setDone(undefined);
    setCounted({ whom, found: await api.post<ErasedView>("/v1/erase", body(true)) });
  }, true);
  const erase = useAction(async () => {
    const sure = await confirm({
      title: t("sure", { who: customer || t("ticketsN", { n: tickets.length }) }), body: t("sureBody"), action: t("erase"), danger: true,
    });
    if (!sure) return;
    const got = await api.post<ErasedView>("/v1/erase", body(false));
    setDone(got.erased);
    setCounted(undefined);
    form.discard();
  }, true);
  const found = counted?.whom === whom ? counted.found : undefined;
  const error = erase.error ?? count.error;
  const total = done ? parts.reduce((n, k) => n + done[k], 0) : 0;
  return (
    <Card title={t("eraseTitle")} icon="trash" lead={t("eraseLead")}>
      <Stack>
        <Form onSubmit={count.run} class="settings-form" label={t("eraseTitle")}>
          <TextField label={t("customer")} hint={t("customerHint")} value={form.value.customer} onInput={(v) => form.set({ customer: v })} maxLength={300} spellcheck={false} disabled={erase.busy} />
          <TextArea label={t("ticketIds")} hint={t("ticketIdsHint")} optional rows={2} value={form.value.tickets} onInput={(v) => form.set({ tickets: v })} disabled={erase.busy} />
          <div><Button type="submit" icon="search" busy={count.busy} disabled={(!customer && tickets.length === 0) || erase.busy}>{t("count")}</Button></div>
        </Form>
        {error && <Notice tone="bad">{sayError(error)}</Notice>}
        <div role="status">
          {found && (found.suggestions + found.tickets === 0
            ? <Notice action={<Button small kind="danger" busy={erase.busy} onClick={erase.run}>{t("anyway")}</Button>}>{t("nothing")}</Notice>
            : <Notice tone="warn" action={<Button kind="danger" icon="trash" busy={erase.busy} onClick={erase.run}>{t(erase.busy ? "erasing" : "erase")}</Button>}>
              {t("found", { tickets: t("ticketsN", { n: found.tickets }), suggestions: t("suggestionsN", { n: found.suggestions }) })}
            </Notice>)}
          {done && (
            <Stack>
              <Notice tone="good">{t(total ? "done" : "doneNothing")}{done.refitted && " " + t("refitted")} {t("left")} <a href={href("settings/audit", { what: "erase" })}>{t("inAudit")}</a></Notice>
              {total > 0 && <dl class="settings-erased">{parts.filter((k) => done[k] > 0).map((k) => <div><dt>{t(`n_${k}`)}</dt><dd>{number(done[k])}</dd></div>)}</dl>}
            </Stack>
          )}
        </div>
      </Stack>
    </Card>
  );
}
