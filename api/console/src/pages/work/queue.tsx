// The queue: who waits, for what, how urgently.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ArticlePage, HereView, TicketPage, TicketView } from "../../api.gen";
import { draftsOf } from "../../draft";
import { ago, dateTime } from "../../i18n";
import { useKeys } from "../../keys";
import { useApi, usePages, useSettled } from "../../live";
import { go, href, useQuery } from "../../router";
import { isRole } from "../../session";
import { memory } from "../../store";
import { Badge, Button, Card, Empty, Failure, Icon, Keys, Loading, Notice, Page, Segments, Select, Stack, Table, Tail, TextField, Toolbar } from "../../ui";
import { common } from "../../words";
import { myName, readBy } from "./desk";
import { FirstSteps } from "./first";
import { NewTicket } from "./fresh";
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
  return <Badge tone={of === "urgent" ? "bad" : of === "high" ? "warn" : "plain"} icon={of === "low" ? "down" : "up"} title={t("priority")}>{t(of)}</Badge>;
}

export function Tone({ of }: { of: string | undefined }) {
  return of ? <span class="work-tone" title={t("tone")}>{t.any(of)}</span> : null;
}

/** Those who are in a ticket at the moment, in one short line. */
function Here({ who }: { who: HereView[] }) {
  const first = [...who].sort((a, b) => Number(b.editing) - Number(a.editing))[0];
  if (!first) return null;
  const says = t(first.editing ? "writing" : "here", { who: who.length > 1 ? t("tooMany", { who: first.name, n: who.length - 1 }) : first.name });
  return <span class={"work-inside" + (first.editing ? " editing" : "")} title={says}><Icon name={first.editing ? "edit" : "person"} size={14} /><span class="clip" dir="auto">{first.name}</span><span class="hidden">{says}</span></span>;
}

/** What to do next: the most urgent ticket that waits and that nobody else sees to. */
function NextUp({ of }: { of: TicketView }) {
  return (
    <a class="work-up" href={href("work", of.id)}>
      <span class="work-up-name">{t("nextUp")}</span>
      <strong class="clip" dir="auto">{of.subject}</strong>
      <Priority of={of.priority} /><Tone of={of.tone} />
      <span class="work-quiet nowrap">{t("waits", { when: ago(of.asked_at) })}</span>
      <Keys keys="s" /><Icon name="right" size={18} />
    </a>
  );
}

export function Queue() {
  const [status, setStatus] = useQuery("status");
  const [whose, setWhose] = useQuery("whose");
  const [topic, setTopic] = useQuery("topic");
  const [tone, setTone] = useQuery("tone");
  const [priority, setPriority] = useQuery("priority");
  const [asked, setAsked] = useQuery("sort");
  const sort = asked || memory.get("work.sort") || "newest";
  const setSort = (v: string) => { setAsked(v); memory.set("work.sort", v); };
  const [q, setQ] = useQuery("q");
  const [words, setWords] = useState(q);
  const settled = useSettled(words);
  const [adding, setAdding] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => { if (settled !== q) setQ(settled); }, [settled]);
  const shownStatus = status || "open";
  const filter = { status: shownStatus === "all" ? "" : shownStatus, assignee: whose, topic, tone, priority, sort, q };
  const pages = usePages<TicketView>("/v1/tickets", "tickets", { ...filter, limit: 100 });
  const top = useApi<TicketPage>("/v1/tickets", { ...filter, limit: 1 }, 10_000);
  listed = pages.rows;
  const urgent = useApi<TicketPage>("/v1/tickets", { status: "open", sort: "priority", limit: 20 }, 15_000);
  const here = top.data?.here ?? [];
  const inside = (id: string) => here.filter((h) => h.ticket_id === id);
  const mine = (x: TicketView) => !x.assignee || x.assignee === myName();
  const nextUp = (urgent.data?.tickets ?? []).find((x) => mine(x) && inside(x.id).length === 0);
  const unsent = new Set(draftsOf("ticket/").map((k) => k.slice("ticket/".length)));
  const read = readBy.all();

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
  useEffect(() => { was.current = ""; }, [shownStatus, whose, topic, tone, priority, sort, q]);
  useKeys([
    { keys: "s", label: t("start"), when: !!nextUp, run: () => { if (nextUp) go("work", nextUp.id); } },
    { keys: "/", label: t("search"), run: () => search.current?.focus() },
    { keys: "n", label: t("newTicket"), run: () => setAdding(true) },
    { keys: "j", label: t("next"), run: () => { const x = pages.rows[0]; if (x) go("work", x.id); } },
  ]);
  const n = whose || topic || tone || priority || q ? undefined : top.data?.counts; // they are those of the whole queue
  const count = (label: string, x: number | undefined) => (x === undefined ? label : `${label} ${x}`);
  const filtered = !!(whose || topic || tone || priority || q || (status && status !== "open"));
  // Where there is nothing to answer from, an admin has other things to do first.
  const articles = useApi<ArticlePage>(isRole("admin") && !filtered && !pages.loading && !pages.error && pages.rows.length === 0 ? "/v1/articles" : null, { limit: 1, brief: true });
  const clear = () => { setWords(""); setQ(""); setWhose(""); setTopic(""); setTone(""); setPriority(""); setStatus(""); };
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button icon="plus" onClick={() => setAdding(true)}>{t("newTicket")}</Button>}>
      <Stack>
        {shownStatus === "open" && !filtered && (nextUp ? <NextUp of={nextUp} /> : !urgent.data && !urgent.error && <div class="work-up" aria-hidden="true" />)}
        {articles.data?.total === 0 && <FirstSteps />}
        <Toolbar>
          <Segments label={t("status")} value={shownStatus} onChange={(v) => setStatus(v === "open" ? "" : v)} options={[
            { value: "open", label: count(t("open"), n?.open) }, { value: "pending", label: count(t("pending"), n?.pending) }, { value: "solved", label: count(t("solved"), n?.solved) }, { value: "all", label: common("all") },
          ]} />
          <TextField bare label={t("search")} placeholder={t("search")} type="search" value={words} onInput={setWords} inputRef={search} />
          <Select bare label={t("assignee")} value={whose} onChange={setWhose} options={[{ value: "", label: t("anyone") }, { value: "me", label: t("mine") }, { value: "none", label: t("nobody") }]} />
          <Select bare label={t("sort")} value={sort} onChange={setSort} options={[{ value: "newest", label: t("newest") }, { value: "oldest", label: t("oldest") }, { value: "priority", label: t("byPriority") }]} />
          {priority && <Button small icon="close" onClick={() => setPriority("")}>{t("onlyPriority", { what: t.any(priority) })}</Button>}
          {tone && <Button small icon="close" onClick={() => setTone("")}>{t("onlyTone", { what: t.any(tone) })}</Button>}
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
                  <div class={"work-row" + (x.status === "open" && read[x.id] !== x.asked_at ? " fresh" : "")}>
                    <span class="work-row-top">{x.status === "open" && read[x.id] !== x.asked_at && <span class="work-dot" title={t("unread")}><span class="hidden">{t("unread")}</span></span>}<a class="row-title clip" dir="auto" href={href("work", x.id)} tabIndex={-1}>{x.subject}</a>{unsent.has(x.id) && <span class="work-unsent" title={t("unsent")}><Icon name="edit" size={14} />{t("unsent")}</span>}</span>
                    <span class="work-row-sub"><span class="work-row-small"><Priority of={x.priority} /></span><span class="work-row-small"><Here who={inside(x.id)} /></span><span class="row-sub clip" dir="auto">{x.preview}</span></span>
                  </div>) },
                ...pages.rows.some((x) => x.topic) ? [{ key: "topic", title: t("topic"), wide: true, width: 146, cell: (x: TicketView, reached: boolean) => x.topic ? <button type="button" tabIndex={reached ? 0 : -1} class="work-topic clip" dir="auto" title={t("onlyTopic", { topic: x.topic_label || x.topic })} onClick={() => setTopic(x.topic ?? "")}>{x.topic_label || x.topic}</button> : "–" }] : [],
                { key: "priority", title: t("priority"), wide: true, width: 128, cell: (x, reached) => x.priority && x.priority !== "normal" && <button type="button" tabIndex={reached ? 0 : -1} class="work-pick" title={t("onlyPriority", { what: t(x.priority) })} onClick={() => setPriority(x.priority ?? "")}><Priority of={x.priority} /></button> },
                { key: "tone", title: t("tone"), wide: true, width: 124, cell: (x, reached) => x.tone && <button type="button" tabIndex={reached ? 0 : -1} class="work-pick work-tone clip" title={t("onlyTone", { what: t.any(x.tone) })} onClick={() => setTone(x.tone ?? "")}>{t.any(x.tone)}</button> },
                { key: "assignee", title: t("assignee"), wide: true, width: 130, cell: (x) => inside(x.id).length > 0 ? <Here who={inside(x.id)} /> : <span class="clip work-cell" dir="auto">{x.assignee === myName() ? t("yours") : x.assignee || "–"}</span> },
                { key: "asked", title: t("asked"), width: 142, align: "end", cell: (x) => <time class="nowrap" dateTime={x.asked_at} title={dateTime(x.asked_at)}>{ago(x.asked_at)}</time> },
              ]} />
            <Tail of={pages} />
          </Card>
        )}
      </Stack>
      {adding && <NewTicket onClose={() => setAdding(false)} />}
    </Page>
  );
}
