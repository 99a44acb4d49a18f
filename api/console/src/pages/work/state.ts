// Everything that an open ticket's panes share: see useDesk.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError, newKey, online, seg } from "../../api";
import type { Cited, LearnedView, RepliedView, TicketPage, TicketView } from "../../api.gen";
import { useDraft } from "../../draft";
import { asError, useAction, type Live } from "../../live";
import { go } from "../../router";
import { useStore } from "../../store";
import { memory } from "../../store";
import { sayError, toast, toastError } from "../../ui";
import { forgetKey, learnedLater, readBy, replyKey, seenBy, tell, untell, useDrafting, useEditing } from "./desk";
import { hold, held as onItsWay, holdTime, release, takeBack } from "./hold";
import { sayLearned } from "./learned";
import { queue } from "./queue";
import { insertion, streamed, without } from "./spans";
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
  const rated = useRef("");
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
  useEffect(() => readBy.add(ticket), [ticket.asked_at]);
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

  const now = useStore(onItsWay);
  const held = now?.ticket === id ? now : undefined;
  const was = useRef(held);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
      const h = onItsWay.get();
      if (h?.ticket !== id) return;
      toast(t("sendingTo", { subject: latest.current.subject }), { ms: holdTime - (Date.now() - h.since), action: { label: t("undo"), run: () => { if (unsend()) go("work", id); } } });
    };
  }, []);
  useEffect(() => {
    // It was sent from here before, and this place was left and come back to.
    if (was.current && !held && !send.busy) void live.reload();
    was.current = held;
  }, [held]);
  useEffect(() => {
    // A reload came between sending and hearing of it: what is kept has gone out.
    if (!editing.kept || held || send.busy || !fresh.some((m) => m.role === "operator" && m.text.trim() === editing.text.trim())) return;
    editing.done();
    before.discard();
    forgetKey(id);
    setSeen(ticket.version);
    seenBy.set(id, 0);
  }, [ticket.version, editing.kept]);
  const unsend = () => {
    if (onItsWay.get()?.ticket !== id || !takeBack()) return false;
    queue.answered(latest.current);
    requestAnimationFrame(() => area.current?.focus());
    return true;
  };
  const post = (text: string) => {
    const body = text.trim();
    if (!body) {
      toast(t("empty"), { bad: true });
      area.current?.focus();
      return;
    }
    const sending = () => void send.run(body).then((ok) => {
      if (ok) return;
      queue.answered(latest.current);
      requestAnimationFrame(() => area.current?.focus());
    });
    if (!online.get()) return sending();
    hold(id, sending);
    queue.answered({ ...ticket, status: "pending" });
    void findNext(id).then(setNextId, () => setNextId(null));
    void live.reload(); // whoever has written in the meantime stops it at once
    // Not a button: what is still held down would press it.
    requestAnimationFrame(() => document.getElementById("work-held")?.focus());
  };
  useEffect(() => { if (held && fresh.length > 0 && unsend()) setBlocked(true); }, [held, fresh.length]);
  const send = useAction(async (body: string) => {
    const key = replyKey(id, body);
    try {
      const r = await api.post<RepliedView>("/v1/tickets/" + seg(id) + "/reply", { text: body, suggestion_id: drafting.made?.id, version: seen, close, idempotency_key: key }, { idempotencyKey: key, keepalive: body.length < 10_000 });
      forgetKey(id);
      seenBy.set(id, 0);
      setSent(r);
      setBlocked(false);
      setAgain(false);
      setSeenOnly(r.ticket.version);
      live.set({ ...r.ticket, messages: r.ticket.messages ?? [...messages, r.message] });
      editing.done();
      before.discard();
      queue.answered(r.ticket);
      if (!here.current) return toast(sayLearned(r, undefined));
      void findNext(id).then(setNextId, () => setNextId(null));
      requestAnimationFrame(() => document.getElementById("work-next")?.focus());
      if (r.learned && !r.learned.digested && drafting.made) void learnedLater(drafting.made).then(setLater, () => {}); // the line says that it is being looked at
    } catch (e) {
      if (!here.current) return toast(t("heldNotSent", { subject: ticket.subject, why: sayError(asError(e)) }), { bad: true, action: { label: t("openIt"), run: () => go("work", id) }, ms: 60_000 });
      if (!(e instanceof ApiError) || e.kind !== "conflict") throw e;
      // What was written is in the field still; what the customer wrote comes above it.
      setBlocked(true);
      await live.reload();
    }
  }, true);

  // While a draft is written, and where it broke off, what has come of it stands in the field.
  const coming = (drafting.phase === "writing" || drafting.phase === "stopped") && !editing.kept;
  const shown = useMemo(() => (coming ? streamed(drafting.pieces, drafting.sources) : { text: editing.text, spans: editing.spans }), [coming, drafting.pieces, drafting.sources, editing.text, editing.spans]);
  // What broke off is nobody's reply until somebody has changed it.
  const unfinished = drafting.phase === "stopped" && shown.text.trim() === streamed(drafting.pieces, drafting.sources).text.trim();
  const desk = {
    shown, unfinished, ticket, live, drafting, editing, before, area, seen, newer, blocked: fresh.some((m) => blocked || m.role === "operator"), sent, later, again, rejected, told, setTold, close, nextId, rating, brought,
    question: messages.filter((m) => m.role === "customer").at(-1)?.text ?? ticket.preview ?? ticket.subject,
    lastAuthor: fresh.at(-1)?.author ?? "",
    send,
    setClose: (on: boolean) => { setCloseOnly(on); memory.set("work.close", on ? "1" : null); },
    type: (text: string) => {
      editing.set(text);
      seenBy.set(id, seen);
    },
    held, unsend, sendNow: release,
    sendText: () => {
      // Pressed again, it need not wait; pressed twice, it was pressed once.
      const h = onItsWay.get(); // what is drawn may be a press behind
      if (h?.ticket === id) return Date.now() - h.since > 700 ? release() : undefined;
      if (unfinished) return toast(t("stopped"), { bad: true });
      if (drafting.phase !== "writing" && !sent) post(shown.text);
    },
    sendAsIs: () => {
      if (!drafting.made?.answer || sent || onItsWay.get()?.ticket === id) return;
      post(editing.base.text);
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
    afterReject: (event: string) => {
      setRejected(true);
      const made = drafting.made, text = editing.text;
      if (!editing.changed) editing.set("");
      toast(t("rejectedShort"), { action: { label: t("undo"), run: () => {
        if (!made) return;
        untell(made, event).then(() => { setRejected(false); if (text === editing.base.text) editing.done(); }, (e: unknown) => toastError(asError(e)));
      } } });
      requestAnimationFrame(() => area.current?.focus());
    },
    afterTelling: () => {
      setTold(true);
      requestAnimationFrame(() => area.current?.focus());
    },
    rate: useAction(async (next: string) => {
      if (!drafting.made) return;
      const made = drafting.made;
      if (next === rating) { // pressed again: it is taken back
        if (!rated.current) return;
        await untell(made, rated.current);
        rated.current = "";
        return setRating("");
      }
      const event = "t-" + newKey();
      await tell(made.id, { id: event, kind: "rated", rating: next, supersedes: rated.current || undefined });
      rated.current = event;
      setRating(next);
    }),
    insert: (c: Cited) => {
      const el = area.current;
      const at = el?.selectionStart ?? editing.text.length, to = el?.selectionEnd ?? at;
      const head = editing.text.slice(0, at), tail = editing.text.slice(to);
      const piece = (head && !/\s$/.test(head) ? "\n" : "") + insertion(c) + (tail && !/^\s/.test(tail) ? "\n" : "");
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
