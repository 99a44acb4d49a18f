// What is at work behind an open ticket: the draft as it arrives, the text as
// it is edited, sending, and who else is there.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError, isAbort, newKey, seg, stream } from "../../api";
import type { AnswerView, Cited, JudgementView, LearnedView, PresenceList, PresenceView, SuggestBody, SuggestionView, TicketView } from "../../api.gen";
import { useDraft } from "../../draft";
import { asError } from "../../live";
import { session } from "../../session";
import { memory } from "../../store";
import { draftOf, moved, within, type Draft, type Piece, type Span } from "./spans";

/** What the operator is known by in feedback and in the ticket. */
export const myName = (): string => session.get()?.person.name || session.get()?.person.email || "";

export interface Drafting {
  /** none: not asked for. stopped: it broke off halfway, pieces are what came. */
  phase: "none" | "writing" | "done" | "stopped" | "failed";
  sources: Cited[];
  /** What has come so far. */
  pieces: Piece[];
  made?: SuggestionView;
  error?: ApiError;
  /** Milliseconds until it was whole. */
  ms?: number;
}

const nothing: Drafting = { phase: "none", sources: [], pieces: [] };

/** With a piece more; those that sources support are one until a bare one comes between. */
function longer(pieces: Piece[], text: string, bare: boolean): Piece[] {
  const last = pieces.at(-1);
  return last && last.bare === bare ? [...pieces.slice(0, -1), { text: last.text + text, bare }] : [...pieces, { text, bare }];
}

// What broke off may be sent once somebody has changed it: it has no bare sentences.
function brokenOff(s: Drafting, otherwise: "none" | "failed"): Drafting {
  const pieces = s.pieces.filter((p) => !p.bare);
  return { ...s, pieces, phase: pieces.length > 0 ? "stopped" : otherwise };
}

/** Asks for drafts of one ticket; the latest wins. */
export function useDrafting(id: string) {
  const [state, set] = useState<Drafting>(nothing);
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const begin = useCallback(async (t: TicketView) => {
    running.current?.abort();
    const abort = (running.current = new AbortController());
    const since = performance.now();
    const body: SuggestBody = {
      ticket_id: t.id, customer_id: t.customer_id, topic: t.topic, locale: t.language, operator: { id: myName() },
      messages: (t.messages ?? []).slice(-200).map((m) => ({ role: m.role, text: m.text, at: m.at })),
    };
    const live = (change: (s: Drafting) => Drafting) => { if (!abort.signal.aborted) set(change); };
    set({ ...nothing, phase: "writing" });
    try {
      const made = await stream(body, {
        sources: (sources) => live((s) => ({ ...s, sources })),
        text: (piece) => live((s) => ({ ...s, pieces: longer(s.pieces, piece, false) })),
        unproven: (piece) => live((s) => ({ ...s, pieces: longer(s.pieces, piece, true) })),
      }, { signal: abort.signal, idempotencyKey: newKey() });
      live(() => ({ phase: "done", sources: made.sources, pieces: [], made, ms: performance.now() - since }));
      tell(made.id, { id: "d-" + made.id, kind: "displayed", shown: made.sources.map((c) => c.id) }).catch(() => {}); // it is said again by nobody, and nothing hangs on it
    } catch (e) {
      if (isAbort(e)) return;
      live((s) => ({ ...brokenOff(s, "failed"), error: asError(e) }));
    }
  }, []);
  /** The draft that the ticket has already, or a new one where the customer has written since. */
  const open = useCallback(async (t: TicketView) => {
    if (t.suggestion_id) {
      try {
        const made = await api.get<SuggestionView>("/v1/tickets/" + seg(id) + "/suggestion");
        if (t.status !== "open" || +new Date(made.created_at) >= +new Date(t.asked_at)) {
          set({ phase: "done", sources: made.sources, pieces: [], made });
          return;
        }
      } catch {
        // Then there is a new one.
      }
    }
    if (t.status === "open" && (t.messages ?? []).some((m) => m.role === "customer")) await begin(t);
  }, [id]);
  const stop = () => {
    running.current?.abort();
    set((s) => brokenOff(s, "none"));
  };
  return { ...state, begin, open, stop };
}

/** Tells something of a suggestion. */
export const tell = (suggestion: string, event: object) =>
  api.post("/v1/suggestions/" + seg(suggestion) + "/feedback", { operator_id: myName(), ...event }, { idempotencyKey: newKey() });

/** Takes back what was told by the event of an id, as far as it counts. */
export const untell = (made: SuggestionView, event: string) =>
  tell(made.id, { kind: "displayed", shown: made.sources.map((c) => c.id), supersedes: event || undefined });

interface Step extends Draft {
  at: number;
}

/** The reply as it is edited: kept, with spans that move along, and undone step by step. */
export function useEditing(id: string, made: SuggestionView | undefined) {
  const base = useMemo<Draft>(() => made?.answer ? draftOf(made.answer as AnswerView, made.sources) : { text: "", spans: [] }, [made?.id]);
  const kept = useDraft("ticket/" + id, base.text);
  const text = kept.text;
  const spans = useRef<{ base: Draft; text: string; spans: Span[] }>({ base, text, spans: within(base, text) });
  if (spans.current.base !== base || spans.current.text !== text) spans.current = { base, text, spans: within(base, text) };
  const [past, setPast] = useState<Step[]>([]);
  const [future, setFuture] = useState<Draft[]>([]);
  const show = (d: Draft) => {
    spans.current = { base, text: d.text, spans: d.spans };
    if (d.text === base.text) kept.discard();
    else kept.set(d.text);
  };
  const set = (next: string) => {
    if (next === text) return;
    const now = Date.now();
    const last = past.at(-1);
    // What is typed in one go is one step.
    const same = last && now - last.at < 800 && Math.abs(next.length - text.length) === 1;
    setPast(same ? [...past.slice(0, -1), { ...last, at: now }] : [...past.slice(-200), { text, spans: spans.current.spans, at: now }]);
    setFuture([]);
    show({ text: next, spans: next === base.text ? base.spans : moved(spans.current.spans, text, next) });
  };
  /** One step to a text whose spans are known. */
  const put = (d: Draft) => {
    setPast([...past.slice(-200), { text, spans: spans.current.spans, at: 0 }]);
    setFuture([]);
    show(d);
  };
  const undo = () => {
    const last = past.at(-1);
    if (!last) return;
    setPast(past.slice(0, -1));
    setFuture([...future, { text, spans: spans.current.spans }]);
    show(last);
  };
  const redo = () => {
    const next = future.at(-1);
    if (!next) return;
    setFuture(future.slice(0, -1));
    setPast([...past, { text, spans: spans.current.spans, at: 0 }]);
    show(next);
  };
  return {
    text, base, spans: spans.current.spans, changed: text !== base.text, kept: kept.kept, at: kept.at,
    set, put, undo, redo, canUndo: past.length > 0, canRedo: future.length > 0,
    /** Forgets what was typed, once it is stored elsewhere. */
    done: () => { kept.discard(); setPast([]); setFuture([]); },
  };
}

/** Which version of the ticket the kept text was written for; it is asked again after a reload. */
export const seenBy = {
  get: (id: string): number => Number(memory.get("work.seen." + id)) || 0,
  set: (id: string, version: number) => memory.set("work.seen." + id, version ? String(version) : null),
};

/** Up to which question the tickets were read by whoever sits here; those opened last are remembered. */
export const readBy = {
  all: (): Record<string, string> => {
    try {
      return (JSON.parse(memory.get("work.read/" + (session.get()?.person.id ?? "")) ?? "{}") ?? {}) as Record<string, string>;
    } catch {
      return {};
    }
  },
  add: (t: TicketView) => {
    const { [t.id]: _, ...others } = readBy.all();
    memory.set("work.read/" + (session.get()?.person.id ?? ""), JSON.stringify(Object.fromEntries([...Object.entries(others).slice(-400), [t.id, t.asked_at]])));
  },
};

/** The id of a reply: the same for the same text until it is known to have arrived. */
export function replyKey(id: string, text: string): string {
  const place = "work.key." + id;
  try {
    const was = JSON.parse(memory.get(place) ?? "null") as { text: string; key: string } | null;
    if (was?.text === text) return was.key;
  } catch {
    // Not ours.
  }
  const key = newKey();
  memory.set(place, JSON.stringify({ text, key }));
  return key;
}
export const forgetKey = (id: string) => memory.set("work.key." + id, null);

/** What was learned, read again while it is still being looked at. */
export async function learnedLater(made: SuggestionView): Promise<LearnedView | undefined> {
  for (const wait of [1500, 4000]) {
    await new Promise((done) => setTimeout(done, wait));
    const j = (await api.get<SuggestionView>("/v1/suggestions/" + seg(made.id))).feedback;
    if (j?.used) return learnedOf(made, j);
  }
  return undefined;
}

function learnedOf(made: SuggestionView, j: JudgementView): LearnedView {
  const of = (...verdicts: string[]) => j.credits.filter((c) => verdicts.includes(c.verdict ?? "")).length;
  return {
    digested: true, used: j.used, edit_distance: j.edit_distance, kept: of("kept"), of: of("kept", "dropped", "contradicted"), brought_in: of("brought_in"),
    credits: j.credits.map((c) => ({ ...c, title: made.sources.find((s) => s.id === c.source_id)?.title ?? c.source_id })),
  };
}

/** Says every ten seconds that one is in the ticket, and returns who else is. */
export function usePresence(subject: string, editing: boolean): PresenceView[] {
  const [others, set] = useState<PresenceView[]>([]);
  useEffect(() => {
    const say = (left = false) => api.post<PresenceList>("/v1/presence", { subject, editing, left });
    const beat = () => {
      if (document.visibilityState === "visible") say().then((p) => set(p.others), () => {}); // the next beat tells again
    };
    beat();
    const timer = setInterval(beat, 10_000);
    return () => {
      clearInterval(timer);
    };
  }, [subject, editing]);
  useEffect(() => () => void api.post("/v1/presence", { subject, left: true }).catch(() => {}), [subject]);
  return others;
}

const wide = matchMedia("(min-width: 1080px)");

/** Whether there is room for panes beside each other. */
export function useWide(): boolean {
  const [is, set] = useState(wide.matches);
  useEffect(() => {
    const change = () => set(wide.matches);
    wide.addEventListener("change", change);
    return () => wide.removeEventListener("change", change);
  }, []);
  return is;
}
