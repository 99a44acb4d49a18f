// What the panel does: gets a draft for the token's ticket and tells what became
// of it. The state is one store; panel.tsx draws it.
import { api, ApiError, credentials, isAbort, seg, stream, type Options } from "../api";
import type { Cited, MessageIn, SuggestBody, SuggestionView, TicketView, Told, WidgetSession } from "../api.gen";
import { store } from "../store";
import { lang } from "../i18n";
import type { Setting, ToPanel } from "./contract";
import { host } from "./host";
import { bare, type Answer } from "./text";

export interface State {
  phase: "waiting" | "writing" | "done" | "failed" | "stranger";
  session?: WidgetSession;
  /** The draft as far as it is written, and where no source supports it. */
  text: string;
  unproven: { start: number; end: number }[];
  sources: Cited[];
  made?: SuggestionView & { answer: Answer | null };
  error?: unknown;
  /** The token has expired and another is awaited. */
  expired: boolean;
  /** The customer has written since the draft was asked for. */
  newer: boolean;
  /** What became of the draft, as far as it is known here. */
  became?: "sent" | "edited" | { rejected: string };
  rated?: "up" | "down";
}

const blank: State = { phase: "waiting", text: "", unproven: [], sources: [], expired: false, newer: false };
export const work = store<State>(blank);
const change = (c: Partial<State>) => work.set({ ...work.get(), ...c });

let given: Setting = {};
/** The dialogue that the draft was asked for. */
let asked: string | undefined;
let turn = 0;
let running: AbortController | undefined;
let redone = 0;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

// Tokens. One that expired is asked for once, whoever notices; all wait for it.
let awaited: { promise: Promise<void>; done(): void } | undefined;

function another(): Promise<void> {
  if (!awaited) {
    let done = () => {};
    awaited = { promise: new Promise<void>((d) => (done = d)), done: () => done() };
    change({ expired: true });
    host.send({ type: "token" });
  }
  return awaited.promise;
}

/** Asks the page for a token once more. */
export const askAgain = () => host.send({ type: "token" });

async function authed<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const with_ = credentials.bearer;
    try {
      if (!with_) await another();
      return await call();
    } catch (e) {
      if (!(e instanceof ApiError) || e.kind !== "unauthorized" || tries >= 4) throw e;
      // Another may have come while this call was on its way.
      if (credentials.bearer === with_) await another();
    }
  }
}

let soon: ReturnType<typeof setTimeout> | undefined;
let taking = 0;

async function take(token: string) {
  const mine = ++taking;
  credentials.bearer = token;
  awaited?.done();
  awaited = undefined;
  change({ expired: false });
  try {
    const session = await authed(() => api.get<WidgetSession>("/v1/widget/session"));
    if (mine !== taking) return; // another came in the meantime
    clearTimeout(soon);
    soon = setTimeout(() => host.send({ type: "token" }), Math.max(5_000, Date.parse(session.expires_at) - Date.now() - 60_000));
    if (host.origin() && !session.origins.includes(host.origin())) {
      credentials.bearer = "";
      running?.abort();
      return work.set({ ...blank, phase: "stranger" });
    }
    const before = work.get().session;
    change({ session });
    if (before?.ticket_id === session.ticket_id && before.operator.id === session.operator.id && asked !== undefined) return;
    await begin();
  } catch (e) {
    if (mine === taking && !isAbort(e)) change({ phase: "failed", error: e });
  }
}

/** Listens to the page, and begins with the token behind the address's # if there is one. */
export function start() {
  host.listen(hear);
  const token = decodeURIComponent(location.hash.slice(1));
  if (token) history.replaceState(null, "", location.pathname + location.search); // it stands in no history
  host.send({ type: "hello" });
  if (token.startsWith("wst_")) void take(token);
  setInterval(() => void look(), 20_000);
}

function hear(m: ToPanel) {
  if (m.type === "sent") {
    if (typeof m.text === "string") void sent(m.text);
    return;
  }
  if (m.type !== "set") return;
  spoken.set(true);
  if (m.lang === "ru" || m.lang === "en") {
    document.documentElement.lang = m.lang;
    lang.set(m.lang);
  }
  if (m.theme === "light" || m.theme === "dark") document.documentElement.dataset.theme = m.theme;
  else if (m.theme === "system") delete document.documentElement.dataset.theme;
  const fresh = typeof m.token === "string" && m.token.startsWith("wst_") && m.token !== credentials.bearer ? m.token : undefined;
  const other = fresh !== undefined && ticketOf(fresh) !== work.get().session?.ticket_id;
  if (other) {
    // What is shown is of another ticket: it goes before anything else is known.
    running?.abort();
    turn++;
    asked = undefined;
    given = {};
    work.set(blank);
  }
  if (Array.isArray(m.messages)) given.messages = m.messages;
  if (typeof m.locale === "string") given.locale = m.locale;
  if (typeof m.customer_id === "string") given.customer_id = m.customer_id;
  if (fresh) void take(fresh);
  else if (Array.isArray(m.messages) && work.get().session) void look();
}

/** Whether the page answers: only then can it put a text into its editor. */
export const spoken = store(false);

function ticketOf(token: string): string | undefined {
  try {
    const said = token.slice(4).split(".")[0]!.replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(said), (c) => c.charCodeAt(0));
    return (JSON.parse(new TextDecoder().decode(bytes)) as { t?: string }).t;
  } catch {
    return undefined;
  }
}

interface Dialogue {
  messages: MessageIn[];
  customer?: string;
}

// dialogue returns what the page said of it, or else what the ticket says.
async function dialogue(session: WidgetSession, signal?: AbortSignal): Promise<Dialogue> {
  if (given.messages) {
    const messages = given.messages.filter((m) => m && typeof m.text === "string").slice(-200);
    return { messages: messages.map(({ role, text, at }) => (at ? { role, text, at } : { role, text })), customer: given.customer_id };
  }
  try {
    const t = await authed(() => api.get<TicketView>("/v1/tickets/" + seg(session.ticket_id), { signal }));
    return { messages: (t.messages ?? []).slice(-200).map(({ role, text, at }) => ({ role, text, at })), customer: given.customer_id ?? t.customer_id };
  } catch (e) {
    if (e instanceof ApiError && e.kind === "not_found") return { messages: [] };
    throw e;
  }
}

const questions = (d: Dialogue) => JSON.stringify(d.messages.filter((m) => m.role === "customer").map((m) => m.text));

// look sees whether the customer has written since, and begins if nothing was asked yet.
async function look() {
  const { session, phase } = work.get();
  if (!session || phase === "writing" || phase === "stranger" || document.visibilityState === "hidden") return;
  if (asked === undefined) return begin();
  try {
    const d = await dialogue(session);
    if (work.get().session === session && asked !== undefined) change({ newer: questions(d) !== asked });
  } catch {
    // What is shown stays; the next look may do better.
  }
}

// A number for a text: the same dialogue is answered once, however often the
// panel is loaded.
function hash(text: string): string {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36) + text.length.toString(36);
}

async function begin() {
  const mine = ++turn;
  running?.abort();
  const abort = (running = new AbortController());
  const session = work.get().session!;
  work.set({ ...blank, session, phase: "writing" });
  try {
    const d = await dialogue(session, abort.signal);
    if (mine !== turn) return;
    if (!d.messages.some((m) => m.role === "customer" && m.text.trim())) {
      asked = undefined;
      return change({ phase: "waiting" });
    }
    asked = questions(d);
    const body: SuggestBody = { ticket_id: session.ticket_id, messages: d.messages };
    if (given.locale) body.locale = given.locale;
    if (d.customer) body.customer_id = d.customer;
    const key = ["panel", session.operator.id, hash(JSON.stringify(body)), redone].join(":").slice(-200);
    const made = (await authed(() => written(body, { idempotencyKey: encodeURIComponent(key).slice(-200), signal: abort.signal }, mine))) as State["made"];
    if (mine !== turn || !made) return;
    change({ phase: "done", made, sources: made.sources, text: made.answer?.text ?? "" });
    const text = made.answer ? bare(made.answer.text) : null;
    host.send({ type: "draft", ticket_id: session.ticket_id, suggestion_id: made.id, text, reason: made.abstain_reason });
    void tell({ kind: "displayed", shown: made.sources.map((s) => s.id) }).catch(() => {}); // that it was seen is no reason to disturb
  } catch (e) {
    if (mine === turn && !isAbort(e)) change({ phase: "failed", error: e });
  }
}

// written asks for the draft; while the same is being written for a panel that
// was closed halfway it waits.
async function written(body: SuggestBody, o: Options, mine: number): Promise<SuggestionView> {
  for (let tries = 1; ; tries++) {
    change({ text: "", unproven: [], sources: [] });
    const add = (piece: string, unproven: boolean) => {
      const w = work.get(), start = Array.from(w.text).length;
      if (mine === turn) change({ text: w.text + piece, unproven: unproven ? [...w.unproven, { start, end: start + Array.from(piece).length }] : w.unproven });
    };
    try {
      return await stream(body, {
        sources: (sources) => mine === turn && change({ sources }),
        text: (piece) => add(piece, false),
        unproven: (piece) => add(piece, true),
      }, o);
    } catch (e) {
      if (!(e instanceof ApiError) || e.kind !== "conflict" || tries >= 6) throw e;
      await pause(500 * tries);
    }
  }
}

/** Tries once more what failed. */
export const again = () => (work.get().session ? void begin() : credentials.bearer ? void take(credentials.bearer) : askAgain());

/** Has a draft written anew. */
export function redraft() {
  redone = Date.now();
  void begin();
}

/** Tells what became of the draft. */
export async function tell(event: Told): Promise<void> {
  const id = work.get().made?.id;
  if (!id) return;
  const key = "panel:" + Date.now().toString(36) + Math.random().toString(36).slice(2);
  await authed(() => api.post("/v1/suggestions/" + seg(id) + "/feedback", event, { idempotencyKey: key }));
}

export async function rate(rating: "up" | "down") {
  await tell({ kind: "rated", rating });
  change({ rated: rating });
}

export async function reject(reason: NonNullable<Told["reason"]>, remark: string) {
  const { made, session } = work.get();
  await tell(remark.trim() ? { kind: "rejected", reason, text: remark.trim() } : { kind: "rejected", reason });
  change({ became: { rejected: reason } });
  if (made && session) host.send({ type: "rejected", ticket_id: session.ticket_id, suggestion_id: made.id, reason });
}

/** Hands the draft's text to the page's editor. */
export async function insert() {
  const { made, session } = work.get();
  if (!made?.answer || !session) return;
  host.send({ type: "insert", ticket_id: session.ticket_id, suggestion_id: made.id, text: bare(made.answer.text) });
  await tell({ kind: "copied" });
}

const same = (a: string, b: string) => a.replace(/\s+/g, " ").trim() === b.replace(/\s+/g, " ").trim();

async function sent(text: string) {
  const { made } = work.get();
  if (!made || !text.trim()) return;
  const asIs = made.answer && (same(text, bare(made.answer.text)) || same(text, made.answer.text));
  try {
    await tell(asIs ? { kind: "sent" } : { kind: "edited", text });
    if (work.get().made === made) change({ became: asIs ? "sent" : "edited", newer: false });
  } catch {
    // The page told it; there is nobody here to tell that it did not arrive.
  }
}
