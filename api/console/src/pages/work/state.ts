// Everything that an open ticket's panes share: see useDesk.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError, seg } from "../../api";
import type { Cited, LearnedView, RepliedView, TicketPage, TicketView } from "../../api.gen";
import { useDraft } from "../../draft";
import { useAction, type Live } from "../../live";
import { go } from "../../router";
import { memory } from "../../store";
import { toast } from "../../ui";
import { forgetKey, learnedLater, replyKey, seenBy, tell, useDrafting, useEditing } from "./desk";
import { queue } from "./queue";
import { insertion, streamed, without, type Span } from "./spans";
import { t } from "./words";

/** The state of one open ticket. */
export function useDesk(live: Live<TicketView>, ticket: TicketView) {
  const id = ticket.id;
  const drafting = useDrafting(id);
  const editing = useEditing(id, drafting.made);
  const before = useDraft("ticket-before/" + id);
  const area = useRef<HTMLTextAreaElement>(null);
  // The version whose dialogue was answered: a kept text is still an answer to what was read then.
  const [seen, setSeenOnly] = useState(() => (editing.kept && seenBy.get(id)) || ticket.version);
  const [brought] = useState(editing.kept);
  const [blocked, setBlocked] = useState(false);
  const [sent, setSent] = useState<RepliedView | undefined>(undefined);
  const [later, setLater] = useState<LearnedView | undefined>(undefined);
  const [again, setAgain] = useState(false);
  const [rejected, setRejected] = useState(false);
  const [rating, setRating] = useState("");
  const [told, setTold] = useState(false);
  const [close, setCloseOnly] = useState(() => memory.get("work.close") === "1");
  const [nextId, setNextId] = useState<string | null | undefined>(undefined);
  const messages = ticket.messages ?? [];
  const fresh = messages.filter((m) => m.version > seen && m.at && !(sent && m.place <= sent.message.place));
  const newer = fresh.filter((m) => m.role === "customer");
  const setSeen = (v: number) => {
    setSeenOnly(v);
    if (seenBy.get(id)) seenBy.set(id, v);
  };
  useEffect(() => {
    void drafting.open(ticket);
    void findNext(id).then(setNextId, () => setNextId(null));
  }, [id]);
  useEffect(() => {
    const use = drafting.made?.feedback;
    setRejected(use?.used === "rejected");
    setTold(!!use?.missing_knowledge);
    setRating(use?.rating === null || use?.rating === undefined ? "" : use.rating > 0.5 ? "up" : "down");
  }, [drafting.made?.id]);

  const keepBefore = () => { if (editing.kept && editing.text.trim()) before.set(editing.text); };
  const redraft = async () => {
    keepBefore();
    editing.done();
    seenBy.set(id, 0);
    setBlocked(false);
    await live.reload();
    setSeen(latest.current.version);
    await drafting.begin(latest.current);
  };
  const latest = useRef(ticket);
  latest.current = ticket;

  const send = useAction(async (text: string) => {
    const body = text.trim();
    if (!body) {
      toast(t("empty"), { bad: true });
      area.current?.focus();
      return;
    }
    const key = replyKey(id, body);
    try {
      const r = await api.post<RepliedView>("/v1/tickets/" + seg(id) + "/reply", { text: body, suggestion_id: drafting.made?.id, version: seen, close, idempotency_key: key }, { idempotencyKey: key });
      forgetKey(id);
      seenBy.set(id, 0);
      setSent(r);
      setBlocked(false);
      setAgain(false);
      setSeenOnly(r.ticket.version);
      live.set({ ...r.ticket, messages: r.ticket.messages ?? [...messages, r.message] });
      editing.done();
      queue.answered(r.ticket);
      void findNext(id).then(setNextId, () => setNextId(null));
      requestAnimationFrame(() => document.getElementById("work-next")?.focus());
      if (r.learned && !r.learned.digested && drafting.made) void learnedLater(drafting.made).then(setLater, () => {}); // the line says that it is being looked at
    } catch (e) {
      if (!(e instanceof ApiError) || e.kind !== "conflict") throw e;
      // What was written is in the field still; what the customer wrote comes above it.
      setBlocked(true);
      await live.reload();
    }
  }, true);

  // While a draft is written, and where it broke off, what has come of it stands in the field.
  const coming = (drafting.phase === "writing" || drafting.phase === "stopped") && !editing.kept;
  const shown = useMemo(() => (coming ? streamed(drafting.text, drafting.sources) : { text: editing.text, spans: editing.spans }), [coming, drafting.text, drafting.sources, editing.text, editing.spans]);
  const desk = {
    shown, ticket, live, drafting, editing, before, area, seen, newer, blocked: blocked && fresh.length > 0, sent, later, again, rejected, told, setTold, close, nextId, rating, brought,
    question: messages.filter((m) => m.role === "customer").at(-1)?.text ?? ticket.preview ?? ticket.subject,
    lastAuthor: fresh.at(-1)?.author ?? "",
    send,
    setClose: (on: boolean) => { setCloseOnly(on); memory.set("work.close", on ? "1" : null); },
    type: (text: string) => {
      editing.set(text);
      seenBy.set(id, seen);
    },
    sendText: () => { if (drafting.phase !== "writing" && !sent) void send.run(shown.text); },
    sendAsIs: () => {
      if (!drafting.made?.answer || sent) return;
      if (editing.changed) keepBefore();
      void send.run(editing.base.text).then((ok) => { if (ok) before.discard(); });
    },
    backToDraft: () => { editing.set(editing.base.text); area.current?.focus(); },
    /** Takes out the sentences that no source supports. */
    dropBare: () => {
      editing.put(without({ text: editing.text, spans: editing.spans }, (s) => s.marker === 0 && editing.text.slice(s.start, s.end) === s.was));
      seenBy.set(id, seen);
      area.current?.focus();
    },
    writeMyself: () => {
      drafting.stop();
      requestAnimationFrame(() => area.current?.focus());
    },
    keepMine: () => { setSeen(ticket.version); setBlocked(false); },
    redraft: () => void redraft(),
    writeAgain: () => {
      setSent(undefined);
      setAgain(true);
      setSeenOnly(ticket.version);
      void drafting.begin(ticket);
    },
    afterReject: () => {
      setRejected(true);
      if (!editing.changed) editing.set("");
      requestAnimationFrame(() => area.current?.focus());
    },
    rate: useAction(async (next: string) => {
      if (!drafting.made) return;
      await tell(drafting.made.id, { kind: "rated", rating: next });
      setRating(next);
    }),
    insert: (c: Cited, span: Span | undefined) => {
      const el = area.current;
      const at = el?.selectionStart ?? editing.text.length, to = el?.selectionEnd ?? at;
      const head = editing.text.slice(0, at), tail = editing.text.slice(to);
      const piece = (head && !/\s$/.test(head) ? "\n" : "") + insertion(c, span?.from, span?.to) + (tail && !/^\s/.test(tail) ? "\n" : "");
      desk.type(head + piece + tail);
      toast(t("inserted", { title: c.title }), { action: { label: t("undo"), run: () => desk.type(head + editing.text.slice(at, to) + tail) } });
      requestAnimationFrame(() => { el?.focus(); el?.setSelectionRange(at + piece.length, at + piece.length); });
      if (drafting.made) tell(drafting.made.id, { kind: "copied", source_id: c.id }).catch(() => {}); // it is a hint for learning, not the operator's work
    },
    next: () => (nextId ? go("work", nextId) : go("work")),
  };
  return desk;
}

/** The ticket that waits after this one, null if none does. */
async function findNext(id: string): Promise<string | null> {
  const known = queue.after(id);
  if (known) return known;
  const page = await api.get<TicketPage>("/v1/tickets", { query: { status: "open", sort: "oldest", limit: 2 } });
  return page.tickets.find((x) => x.id !== id)?.id ?? null;
}
