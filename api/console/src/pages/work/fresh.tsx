// A question that came by phone or in person.
import { useState } from "preact/hooks";
import { api, newKey, seg } from "../../api";
import type { TicketView } from "../../api.gen";
import { useDraft } from "../../draft";
import { useAction } from "../../live";
import { go } from "../../router";
import { Button, Dialog, errorOf, Form, Select, TextArea, TextField } from "../../ui";
import { common } from "../../words";
import { t } from "./words";

export function NewTicket({ onClose }: { onClose(): void }) {
  const text = useDraft("ticket-new");
  const subject = useDraft("ticket-new-subject");
  const [customer, setCustomer] = useState("");
  const [priority, setPriority] = useState("normal");
  const [id] = useState(() => "T-" + newKey().slice(0, 8));
  const make = useAction(async () => {
    if (!text.text.trim()) return;
    await api.put<TicketView>("/v1/tickets/" + seg(id), {
      subject: subject.text.trim() || undefined, customer_id: customer.trim() || undefined, priority, channel: "console",
      messages: [{ id: "first", role: "customer", text: text.text.trim() }],
    }, { idempotencyKey: id });
    text.discard();
    subject.discard();
    onClose();
    go("work", id);
  });
  const submit = (e: KeyboardEvent) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void make.run(); };
  return (
    <Dialog title={t("newTicket")} onClose={onClose}>
      <Form onSubmit={make.run}>
        <p class="work-quiet">{t("newLead")}</p>
        <TextArea label={t("theirWords")} value={text.text} onInput={text.set} rows={5} most={14} required autoFocus onKeyDown={submit} error={errorOf(make.error, "messages")} />
        <TextField label={t("subjectField")} optional hint={t("subjectHint")} value={subject.text} onInput={subject.set} maxLength={300} error={errorOf(make.error, "subject")} />
        <div class="work-two">
          <TextField label={t("customer")} optional hint={t("customerHint")} value={customer} onInput={setCustomer} maxLength={128} error={errorOf(make.error, "customer_id")} />
          <Select label={t("priority")} value={priority} onChange={setPriority} options={(["urgent", "high", "normal", "low"] as const).map((v) => ({ value: v, label: t(v) }))} />
        </div>
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" keys="mod+enter" busy={make.busy} disabled={!text.text.trim()}>{t("create")}</Button></div>
      </Form>
    </Dialog>
  );
}
