// Calls to Whetstone's API.
//
//   const list = await api.get<JobList>("/v1/jobs");
//   await api.post("/v1/jobs/" + seg(name) + "/run");
//   const { data, etag } = await api.send<ArticleView>("GET", "/v1/articles/" + seg(id));
//   await api.put("/v1/articles/" + seg(id), body, { ifMatch: etag });
//
// The types of bodies are in api.gen.ts (made from the API's description; the
// names are those of its schemas). What fails throws an ApiError; what is
// aborted throws the signal's AbortError. Reading is tried again when the
// network fails; writing only with an idempotencyKey, because nobody knows
// whether the first attempt arrived.
import { store } from "./store";
import type { ErrorModel, SuggestBody, SuggestionView, Cited } from "./api.gen";

export type Kind =
  | "offline" // nothing answered: the network, or the server is gone
  | "unauthorized" | "forbidden" | "not_found"
  | "conflict" // somebody else has changed it, or it is running
  | "invalid" // what was sent cannot be accepted; detail says why
  | "busy" // too many requests, or a part does not answer at the moment
  | "broken" // a fault of the server, or an answer that cannot be read, or a stream that stopped halfway
  ;

export class ApiError extends Error {
  constructor(
    readonly kind: Kind,
    readonly status: number,
    /** What the server said, in its words. */
    readonly detail: string,
    readonly fields: { where: string; message: string }[] = [],
    /** In how many seconds it is of use to try again; 0 if nobody knows. */
    readonly wait = 0,
  ) {
    super(detail || kind);
    this.name = "ApiError";
  }
}

export const isAbort = (e: unknown): boolean => e instanceof DOMException && e.name === "AbortError";

/** Whether the server can be reached, as far as the last call showed. */
export const online = store(true);

/** Counts how often the server came back after it was gone: what is shown is then read anew. */
export const returns = store(0);

/** Counts how often somebody asked to try again: whatever else failed on the page is then tried too. */
export const retries = store(0);

/**
 * The session's token and what to do when it is no longer valid; set by session.tsx.
 * The panel in another helpdesk's page has a bearer in its place, and then no cookie goes along.
 */
export const credentials = { csrf: "", bearer: "", expired: () => {} };

/** Says in the reader's language why a call was refused; set by main.tsx, and loaded with the first refusal. */
export const wording = { load: undefined as (() => Promise<(text: string) => string>) | undefined };

export interface Options {
  body?: unknown;
  query?: Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;
  /** The revision that was read: if there is a newer one the call fails with kind "conflict". */
  ifMatch?: string | number;
  idempotencyKey?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** The request outlives the page: for what is sent while it is left. */
  keepalive?: boolean;
}

export interface Answer<T> {
  data: T;
  etag: string;
  status: number;
  headers: Headers;
}

/** A segment of a path. */
export const seg = (s: string | number): string => encodeURIComponent(String(s));

/** A path with a query; empty values are left out, lists are joined with commas. */
export function withQuery(path: string, query: Options["query"]): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(query ?? {})) {
    if (v === null || v === undefined || v === "" || (Array.isArray(v) && v.length === 0)) continue;
    q.set(k, Array.isArray(v) ? v.join(",") : String(v));
  }
  const s = q.toString();
  return s ? path + "?" + s : path;
}

const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((done, fail) => {
    const end = () => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      done();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });

let watching = false;

// gone marks the server as unreachable and asks until it answers.
function gone() {
  online.set(false);
  if (watching) return;
  watching = true;
  void (async () => {
    for (let wait = 1000; ; wait = Math.min(wait * 1.5, 10_000)) {
      await Promise.race([pause(wait), new Promise((r) => addEventListener("online", r, { once: true }))]);
      try {
        if ((await fetch("/healthz", { cache: "no-store" })).ok) break;
      } catch {
        // Not yet.
      }
    }
    watching = false;
    online.set(true);
    returns.set(returns.get() + 1);
  })();
}

async function attempt(method: string, path: string, o: Options, accept: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept, ...o.headers };
  if (o.body !== undefined && !(o.body instanceof Blob) && typeof o.body !== "string") headers["Content-Type"] = "application/json";
  if (method !== "GET" && credentials.csrf) headers["Whetstone-CSRF"] = credentials.csrf;
  if (credentials.bearer) headers.Authorization = "Bearer " + credentials.bearer;
  if (o.ifMatch !== undefined && o.ifMatch !== "") headers["If-Match"] = String(o.ifMatch);
  if (o.idempotencyKey) headers["Idempotency-Key"] = o.idempotencyKey;
  const body = o.body === undefined ? undefined : o.body instanceof Blob || typeof o.body === "string" ? o.body : JSON.stringify(o.body);
  // While the server is known to be gone, whoever watches it says when it is back.
  const tries = online.get() && (method === "GET" || o.idempotencyKey) ? 3 : 1;
  for (let i = 1; ; i++) {
    try {
      const r = await fetch(withQuery(path, o.query), { method, headers, body, signal: o.signal, keepalive: o.keepalive, credentials: credentials.bearer ? "omit" : "same-origin", cache: "no-store" });
      online.set(true);
      return r;
    } catch (e) {
      if (isAbort(e) || o.signal?.aborted) throw e;
      if (i >= tries) {
        gone();
        throw new ApiError("offline", 0, "");
      }
      await pause(250 * 3 ** (i - 1), o.signal);
    }
  }
}

const kinds: Record<number, Kind> = { 401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict", 412: "conflict", 429: "busy", 503: "busy" };

// Without words of its own the console shows the server's.
const speaker = async () => wording.load?.().catch(() => undefined);

async function problem(r: Response): Promise<ApiError> {
  let said: Partial<ErrorModel> = {};
  const say = await speaker();
  try {
    if (r.headers.get("Content-Type")?.includes("json")) said = (await r.json()) as ErrorModel;
  } catch {
    // The status says enough.
  }
  return failed(r.status, said, { say, wait: Number(r.headers.get("Retry-After")) || 0 });
}

function failed(status: number, said: Partial<ErrorModel>, { say = (text: string) => text, wait = 0 } = {}): ApiError {
  const kind = kinds[status] ?? (status >= 500 ? "broken" : "invalid");
  if (kind === "unauthorized") credentials.expired();
  const fields = (said.errors ?? []).map((e) => ({ where: (e.location ?? "").replace(/^body\./, ""), message: say(e.message ?? "") }));
  // The title of a fault is its status in words, which says nothing to anybody.
  return new ApiError(kind, status, say(said.detail ?? (status < 500 ? said.title : undefined) ?? ""), fields, wait);
}

async function send<T>(method: string, path: string, o: Options = {}): Promise<Answer<T>> {
  const r = await attempt(method, path, o, "application/json");
  if (!r.ok) throw await problem(r);
  let data: unknown = undefined;
  if (r.status !== 204) {
    try {
      const text = await r.text();
      data = text === "" ? undefined : JSON.parse(text);
    } catch (e) {
      if (isAbort(e)) throw e;
      throw new ApiError("broken", r.status, "the answer did not arrive whole");
    }
  }
  return { data: data as T, etag: (r.headers.get("ETag") ?? "").replace(/^W\/|"/g, ""), status: r.status, headers: r.headers };
}

export const api = {
  send,
  get: async <T>(path: string, o?: Options) => (await send<T>("GET", path, o)).data,
  post: async <T = unknown>(path: string, body?: unknown, o?: Options) => (await send<T>("POST", path, { ...o, body })).data,
  put: async <T = unknown>(path: string, body?: unknown, o?: Options) => (await send<T>("PUT", path, { ...o, body })).data,
  patch: async <T = unknown>(path: string, body?: unknown, o?: Options) => (await send<T>("PATCH", path, { ...o, body })).data,
  del: async <T = unknown>(path: string, o?: Options) => (await send<T>("DELETE", path, o)).data,
  /** The raw response, for downloads and lines of JSON; throws as the others do. */
  raw: async (method: string, path: string, o: Options = {}) => {
    const r = await attempt(method, path, o, "*/*");
    if (!r.ok) throw await problem(r);
    return r;
  },
};

/** A key under which a request may be sent again without being done twice. */
export const newKey = (): string => crypto.randomUUID();

export interface Streamed {
  sources?(sources: Cited[]): void;
  /** The next piece of text. */
  text?(piece: string): void;
  /** The next piece, which no source supports. */
  unproven?(piece: string): void;
}

// stream asks for a suggestion as it is written. It returns the whole
// suggestion, whose text counts: pieces may say something else where a model
// broke off.
export const stream = (body: SuggestBody, on: Streamed, o: Options = {}): Promise<SuggestionView> =>
  streamed<SuggestionView>("/v1/suggestions", "suggestion", (event, v) => {
    if (event === "sources") on.sources?.(v as Cited[]);
    else if (event === "text" || event === "unproven") on[event]?.((v as { text: string }).text);
  }, { ...o, body });

// streamed makes a call that is answered with events, and returns what the event
// named last brings. A stream that ends without it is an error, never an answer.
export async function streamed<T>(path: string, last: string, on: (event: string, data: unknown) => void, o: Options = {}): Promise<T> {
  const r = await attempt("POST", path, o, "text/event-stream");
  if (!r.ok) throw await problem(r);
  if (!r.body) throw new ApiError("broken", r.status, "the answer has no body");
  let whole: T | undefined, refused: ErrorModel | undefined;
  const handle = (event: string, data: string) => {
    const v: unknown = JSON.parse(data);
    if (event === last) whole = v as T;
    else if (event === "problem") refused = v as ErrorModel;
    else on(event, v);
  };
  try {
    await events(r.body, handle);
  } catch (e) {
    if (e instanceof ApiError || isAbort(e)) throw e;
    throw new ApiError("broken", r.status, "the answer stopped halfway");
  }
  if (refused) throw failed(refused.status ?? 500, refused, { say: await speaker() });
  if (!whole) throw new ApiError("broken", r.status, "the answer stopped halfway");
  return whole;
}

/** Milliseconds after which a stream that says nothing has been cut off: a server at work speaks every five seconds. */
const silence = 15_000;

// next reads what comes next of a stream, which fails where nothing comes.
const next = (reader: ReadableStreamDefaultReader<Uint8Array>) =>
  new Promise<ReadableStreamReadResult<Uint8Array>>((done, fail) => {
    const timer = setTimeout(() => {
      fail(new Error("silence"));
      void reader.cancel().catch(() => {}); // it is over, however that ends
    }, silence);
    reader.read().then(done, fail).finally(() => clearTimeout(timer));
  });

// events reads server-sent events; what follows the last blank line is not one.
async function events(body: ReadableStream<Uint8Array>, handle: (event: string, data: string) => void) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await next(reader);
      rest += decoder.decode(value, { stream: !done });
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        let event = "message";
        const data: string[] = [];
        for (const line of rest.slice(0, end).split("\n")) {
          if (line.startsWith("event:")) event = line.slice(6).trim();
          else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        }
        rest = rest.slice(end + 2);
        if (data.length > 0) handle(event, data.join("\n"));
      }
      if (done) return;
    }
  } finally {
    reader.releaseLock();
  }
}
