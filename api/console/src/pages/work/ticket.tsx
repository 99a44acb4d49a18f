// An open ticket: the dialogue, the draft, its sources.
import { useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { PresenceView, TicketView } from "../../api.gen";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { go, href, useLeave } from "../../router";
import { Badge, Button, Icon, Loaded, Menu, Page, Tabs } from "../../ui";
import { Composer, DraftHead } from "./composer";
import { myName, usePresence, useWide } from "./desk";
import { Dialogue } from "./dialogue";
import { Priority, queue, Tone } from "./queue";
import { Sources } from "./sources";
import { useDesk } from "./state";
import { t } from "./words";

export function Ticket({ id }: { id: string }) {
  const live = useApi<TicketView>("/v1/tickets/" + seg(id), undefined, 5000);
  const ticket = live.data;
  const name = ticket?.subject ?? queue.row(id)?.subject ?? id;
  const back = { label: t("back"), href: href("work") };
  if (!ticket?.messages && !ticket?.forgotten && !(ticket && ticket.status)) {
    return <Page title={name} back={back} full><Loaded of={live} as="panes">{() => null}</Loaded></Page>;
  }
  return <Desk live={live} ticket={ticket as TicketView} />;
}

function Desk({ live, ticket }: { live: ReturnType<typeof useApi<TicketView>>; ticket: TicketView }) {
  const desk = useDesk(live, ticket);
  const wide = useWide();
  const [tab, setTab] = useState("draft");
  const [lit, setLit] = useState(-1);
  const [pointed, setPointed] = useState("");
  const [jumped, setJumped] = useState("");
  const others = usePresence("ticket:" + ticket.id, desk.editing.kept && !desk.sent);
  const span = desk.shown.spans[lit];
  const mayInsert = desk.drafting.phase !== "writing" && !desk.sent;
  useLeave(() => desk.send.busy && t("leave"));
  useKeys([
    { keys: "mod+enter", label: t("send"), run: desk.sendText },
    { keys: "mod+shift+enter", label: t("asIs"), run: desk.sendAsIs },
    { keys: "mod+z", label: t("unsend"), when: !!desk.held, run: () => void desk.unsend() },
    { keys: "e", label: t("editDraft"), run: () => { setTab("draft"); requestAnimationFrame(() => desk.area.current?.focus()); } },
    { keys: "j", label: t("next"), run: desk.next },
    { keys: "k", label: t("prev"), run: () => { const b = queue.before(ticket.id); if (b) go("work", b); } },
    { keys: "escape", label: t("back"), run: () => go("work") },
    ...desk.drafting.sources.slice(0, 5).map((c, i) => ({ keys: "alt+" + (i + 1), label: t("insertN", { n: i + 1 }), when: mayInsert, run: () => desk.insert(c) })),
  ]);
  const jump = (to: { source: string; from: number }) => {
    setTab("sources");
    setJumped(to.source + "\n" + Date.now());
  };
  const shown = (name: string) => wide || tab === name;
  return (
    <Page full title={ticket.subject} back={{ label: t("back"), href: href("work") }} lead={<Lead ticket={ticket} />} actions={<Standing desk={desk} others={others} />}>
      <div class="work-desk">
        {!wide && <Tabs label={t("subject")} value={tab} onChange={setTab} tabs={[
          { value: "dialogue", label: t("dialogue"), count: ticket.messages?.length }, { value: "draft", label: t("draft") }, { value: "sources", label: t("sources"), count: desk.drafting.sources.length },
        ]} />}
        <section class="work-pane" hidden={!shown("dialogue")} aria-labelledby="work-h1">
          <header><h2 id="work-h1">{t("dialogue")}</h2></header>
          <div class="work-scroll" tabIndex={0} role="group" aria-label={t("dialogue")}><Dialogue ticket={ticket} seen={desk.seen} /></div>
        </section>
        <section class="work-pane work-middle" hidden={!shown("draft")} aria-labelledby="work-h2">
          <header><h2 id="work-h2">{t("draft")}</h2><DraftHead desk={desk} /></header>
          {!wide && <button type="button" class="work-asked" onClick={() => setTab("dialogue")}><span class="hidden">{t("dialogue")}: </span><span dir="auto">{desk.question}</span></button>}
          <Composer desk={desk} lit={lit} pointed={pointed} onLit={setLit} onJump={jump} />
        </section>
        <section class="work-pane" hidden={!shown("sources")} aria-labelledby="work-h3">
          <header><h2 id="work-h3">{t("sources")}</h2></header>
          <div class="work-scroll" tabIndex={0} role="group" aria-label={t("sources")}>
            <Sources sources={desk.drafting.sources} spans={desk.shown.spans} lit={span} made={desk.drafting.made} writing={desk.drafting.phase === "writing"} shown={jumped}
              mayInsert={mayInsert} onPoint={setPointed} onInsert={(c) => { setTab("draft"); desk.insert(c); }} />
          </div>
        </section>
      </div>
    </Page>
  );
}

function Lead({ ticket }: { ticket: TicketView }) {
  const tones = { open: "accent", pending: "plain", solved: "good" } as const;
  return (
    <span class="work-lead">
      <Badge tone={tones[ticket.status]}>{t(ticket.status === "open" ? "waiting" : ticket.status)}</Badge>
      <Priority of={ticket.priority} />
      {ticket.topic && <Badge icon="tag"><bdi>{ticket.topic_label || ticket.topic}</bdi></Badge>}
      <Tone of={ticket.tone} />
      <span class="work-quiet clip" dir="auto">{[ticket.id, ticket.channel && (ticket.channel === "console" ? t("typedIn") : t("via", { what: ticket.channel }))].filter(Boolean).join(" · ")}</span>
    </span>
  );
}

function Standing({ desk, others }: { desk: ReturnType<typeof useDesk>; others: PresenceView[] }) {
  const { ticket, live } = desk;
  const path = "/v1/tickets/" + seg(ticket.id);
  const act = useAction(async (what: string, body: object) => {
    live.set({ ...(await api.post<TicketView>(path + what, body)), messages: ticket.messages });
    await live.reload();
  });
  const mine = ticket.assignee === myName();
  const stand = (status: TicketView["status"]) => () => act.run("/status", { status });
  return (
    <>
      <Presence others={others} />
      {ticket.assignee ? <span class="work-assignee work-quiet clip"><Icon name="person" size={16} /><bdi>{mine ? t("yours") : ticket.assignee}</bdi></span>
        : <Button icon="person" busy={act.busy} onClick={() => act.run("/assign", {})}>{t("take")}</Button>}
      <Menu label={t("more")} items={[
        { label: t("release"), icon: "undo", disabled: !ticket.assignee, onClick: () => act.run("/assign", { assignee: "" }) },
        { label: t("take"), icon: "person", disabled: mine, onClick: () => act.run("/assign", { assignee: myName() }) },
        null,
        { label: t("solve"), icon: "check", disabled: ticket.status === "solved", onClick: stand("solved") },
        { label: t("wait"), icon: "clock", disabled: ticket.status === "pending", onClick: stand("pending") },
        { label: t("reopen"), icon: "refresh", disabled: ticket.status === "open", onClick: stand("open") },
      ]} />
      <Button icon="right" label={t("next")} onClick={desk.next} />
    </>
  );
}

function Presence({ others }: { others: PresenceView[] }) {
  const who = [...others].sort((a, b) => Number(b.editing) - Number(a.editing))[0];
  const name = who && others.length > 1 ? t("tooMany", { who: who.name, n: others.length - 1 }) : who?.name;
  return (
    <span role="status" class={who ? "work-presence" + (who.editing ? " editing" : "") : "hidden"}>
      {who && name && <><span class="avatar" aria-hidden="true">{who.name.slice(0, 2).toUpperCase()}</span><span>{t(who.editing ? "writing" : "here", { who: name })}</span></>}
    </span>
  );
}
