// The queue: who waits, for what, how urgently.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, newKey, seg } from "../../api";
import type { TicketPage, TicketView } from "../../api.gen";
import { useDraft } from "../../draft";
import { ago, dateTime } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi, usePages, useSettled } from "../../live";
import { go, href, useQuery } from "../../router";
import { Badge, Button, Card, Dialog, Empty, errorOf, Failure, Form, Loading, Notice, Page, Segments, Select, Stack, Table, Tail, TextArea, TextField, Toolbar } from "../../ui";
import { common } from "../../words";
import { myName } from "./desk";
import { t } from "./words";

// What was listed last: an open ticket is shown from it at once, and followed by
// the next one that waits.
let listed: TicketView[] = [];
export const queue = {
  row: (id: string): TicketView | undefined => listed.find((x) => x.id === id),
  after: (id: string): string | undefined => {
    const i = listed.findIndex((x) => x.id === id);
    return [...listed.slice(i + 1), ...listed.slice(0, Math.max(0, i))].find((x) => x.status === "open" && x.id !== id)?.id;
  },
  before: (id: string): string | undefined => listed[listed.findIndex((x) => x.id === id) - 1]?.id,
  answered: (ticket: TicketView) => { listed = listed.map((x) => (x.id === ticket.id ? { ...x, status: ticket.status } : x)); },
};

export function Priority({ of }: { of: TicketView["priority"] }) {
  if (!of || of === "normal") return null;
  return <Badge tone={of === "urgent" ? "bad" : of === "high" ? "warn" : "plain"} icon={of === "low" ? "down" : "up"}>{t(of)}</Badge>;
}

export function Tone({ of }: { of: string | undefined }) {
  return of ? <span class="work-tone" title={t("tone")}>{t.any(of)}</span> : null;
}

export function Queue() {
  const [status, setStatus] = useQuery("status");
  const [whose, setWhose] = useQuery("whose");
  const [topic, setTopic] = useQuery("topic");
  const [sort, setSort] = useQuery("sort");
  const [q, setQ] = useQuery("q");
  const [words, setWords] = useState(q);
  const settled = useSettled(words);
  const [adding, setAdding] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => { if (settled !== q) setQ(settled); }, [settled]);
  const shownStatus = status || "open";
  const filter = { status: shownStatus === "all" ? "" : shownStatus, assignee: whose, topic, sort, q };
  const pages = usePages<TicketView>("/v1/tickets", "tickets", { ...filter, limit: 100 });
  const top = useApi<TicketPage>("/v1/tickets", { ...filter, limit: 1 }, 10_000);
  listed = pages.rows;

  // What is new is shown by itself while the first page is all there is; further down it would move what is read.
  const first = top.data?.tickets[0];
  const mark = first ? first.id + "@" + first.version + "/" + JSON.stringify(top.data?.counts) : "";
  const [fresh, setFresh] = useState(false);
  const was = useRef("");
  useEffect(() => {
    if (!mark) return;
    if (was.current && was.current !== mark) {
      if (pages.rows.length <= 100) void pages.reload();
      else setFresh(true);
    }
    was.current = mark;
  }, [mark]);
  useEffect(() => { was.current = ""; }, [shownStatus, whose, topic, sort, q]);
  useKeys([
    { keys: "/", label: t("search"), run: () => search.current?.focus() },
    { keys: "n", label: t("newTicket"), run: () => setAdding(true) },
    { keys: "j", label: t("next"), run: () => { const x = pages.rows[0]; if (x) go("work", x.id); } },
  ]);
  const n = top.data?.counts;
  const count = (label: string, x: number | undefined) => (x === undefined ? label : `${label} ${x}`);
  const filtered = !!(whose || topic || q || (status && status !== "open"));
  const clear = () => { setWords(""); setQ(""); setWhose(""); setTopic(""); setStatus(""); };
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button kind="primary" icon="plus" onClick={() => setAdding(true)}>{t("newTicket")}</Button>}>
      <Stack>
        <Toolbar>
          <Segments label={t("status")} value={shownStatus} onChange={(v) => setStatus(v === "open" ? "" : v)} options={[
            { value: "open", label: count(t("open"), n?.open) }, { value: "pending", label: count(t("pending"), n?.pending) }, { value: "solved", label: count(t("solved"), n?.solved) }, { value: "all", label: common("all") },
          ]} />
          <TextField bare label={t("search")} placeholder={t("search")} type="search" value={words} onInput={setWords} inputRef={search} />
          <Select bare label={t("assignee")} value={whose} onChange={setWhose} options={[{ value: "", label: t("anyone") }, { value: "me", label: t("mine") }, { value: "none", label: t("nobody") }]} />
          <Select bare label={t("sort")} value={sort || "newest"} onChange={(v) => setSort(v === "newest" ? "" : v)} options={[{ value: "newest", label: t("newest") }, { value: "oldest", label: t("oldest") }, { value: "priority", label: t("byPriority") }]} />
          {topic && <Button small icon="close" onClick={() => setTopic("")}>{t("onlyTopic", { topic: pages.rows.find((r) => r.topic === topic)?.topic_label ?? topic })}</Button>}
        </Toolbar>
        {fresh && <Notice action={<Button small onClick={() => { setFresh(false); void pages.reload(); }}>{t("show")}</Button>}>{t("fresh")}</Notice>}
        {pages.error && pages.rows.length === 0 ? <Failure error={pages.error} retry={pages.reload} /> : pages.loading ? <Loading as="rows" rows={8} /> : (
          <Card flush>
            <Table label={t("queue")} rows={pages.rows} id={(x) => x.id} onOpen={(x) => go("work", x.id)} onEnd={pages.more} rowHeight={66} height={pages.rows.length >= 100 ? "min(72dvh, 1200px)" : undefined}
              empty={filtered ? <Empty icon="search" title={t("noMatch")} action={<Button onClick={clear}>{t("clear")}</Button>}>{t("noMatchBody")}</Empty>
                : <Empty icon="inbox" title={t("noTickets")} action={<Button icon="plus" onClick={() => setAdding(true)}>{t("newTicket")}</Button>}>{t("noTicketsBody")}</Empty>}
              columns={[
                { key: "subject", title: t("subject"), main: true, cell: (x) => (
                  <div class="work-row">
                    <span class="work-row-top"><a class="row-title clip" dir="auto" href={href("work", x.id)} tabIndex={-1}>{x.subject}</a><span class="work-row-small"><Priority of={x.priority} /></span></span>
                    <span class="row-sub clip" dir="auto">{x.preview}</span>
                  </div>) },
                ...pages.rows.some((x) => x.topic) ? [{ key: "topic", title: t("topic"), wide: true, width: 150, cell: (x: TicketView) => x.topic ? <button type="button" class="work-topic clip" dir="auto" title={t("onlyTopic", { topic: x.topic_label || x.topic })} onClick={() => setTopic(x.topic ?? "")}>{x.topic_label || x.topic}</button> : "–" }] : [],
                { key: "priority", title: t("priority"), wide: true, width: 128, cell: (x) => <Priority of={x.priority} /> },
                { key: "tone", title: t("tone"), wide: true, width: 104, cell: (x) => <Tone of={x.tone} /> },
                { key: "assignee", title: t("assignee"), wide: true, width: 130, cell: (x) => <span class="clip work-cell" dir="auto">{x.assignee === myName() ? t("yours") : x.assignee || "–"}</span> },
                { key: "asked", title: t("asked"), width: 128, align: "end", cell: (x) => <time class="nowrap" dateTime={x.asked_at} title={dateTime(x.asked_at)}>{ago(x.asked_at)}</time> },
              ]} />
            <Tail of={pages} />
          </Card>
        )}
      </Stack>
      {adding && <NewTicket onClose={() => setAdding(false)} />}
    </Page>
  );
}

function NewTicket({ onClose }: { onClose(): void }) {
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
