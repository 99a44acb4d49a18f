// Reading from the API in a component.
//
//   const jobs = useApi<JobList>("/v1/jobs");
//   return <Loaded of={jobs}>{(list) => …}</Loaded>;      // ui: draws loading, error, offline, forbidden
//
//   const gaps = usePages<GapView>("/v1/gaps", "gaps", { status });
//   <Table rows={gaps.rows} onEnd={gaps.more} …/>
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, isAbort, retries, returns, withQuery, type Options } from "./api";
import { useStore } from "./store";
import { regain } from "./ui/layout";
import { toastError } from "./ui/toast";

export interface Live<T> {
  /** What was read last; it stays while it is read again. */
  data: T | undefined;
  /** Why the latest reading failed. */
  error: ApiError | undefined;
  loading: boolean;
  etag: string;
  /** Reads again and ends when that is done. */
  reload(): Promise<void>;
  /** Shows something else at once, such as what a write returned; with its etag, if there is one. */
  set(data: T, etag?: string): void;
}

export const asError = (e: unknown): ApiError =>
  e instanceof ApiError ? e : new ApiError("broken", 0, e instanceof Error ? e.message : String(e));

/**
 * Reads a path, again whenever path or query change or the server has come back
 * after it was gone. A null path reads nothing. every: milliseconds after which
 * it is read again while the page is visible.
 */
export function useApi<T>(path: string | null, query?: Options["query"], every = 0): Live<T> {
  const url = path === null ? null : withQuery(path, query);
  const [state, setState] = useState<{ url: string | null; data?: T; error?: ApiError; loading: boolean; etag: string }>({ url, loading: url !== null, etag: "" });
  const mine = state.url === url;
  const back = useStore(returns);
  const running = useRef<AbortController | undefined>(undefined);
  const reload = useCallback(async () => {
    running.current?.abort();
    if (url === null) return;
    const abort = (running.current = new AbortController());
    setState((s) => (s.url === url ? { ...s, loading: true } : { url, loading: true, etag: "" }));
    try {
      const { data, etag } = await api.send<T>("GET", url, { signal: abort.signal });
      if (!abort.signal.aborted) setState({ url, data, loading: false, etag });
    } catch (e) {
      if (!isAbort(e) && !abort.signal.aborted) setState((s) => ({ ...s, error: asError(e), loading: false }));
    }
  }, [url]);
  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload, back]);
  useAgain(mine ? state.error : undefined, reload);
  useEffect(() => {
    if (!every) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void reload();
    }, every);
    return () => clearInterval(timer);
  }, [reload, every]);
  return {
    data: mine ? state.data : undefined, error: mine ? state.error : undefined, loading: mine ? state.loading : url !== null, etag: state.etag, reload,
    set: (data, etag) => setState((s) => ({ ...s, url, data, error: undefined, loading: false, etag: etag ?? s.etag })),
  };
}

/** Reads again what failed when somebody tries again anywhere on the page. */
function useAgain(error: ApiError | undefined, read: () => unknown) {
  const asked = useStore(retries);
  const seen = useRef(asked);
  useEffect(() => {
    if (seen.current !== asked && error) void read();
    seen.current = asked;
  }, [asked]);
}

export interface Pages<T> {
  rows: T[];
  error: ApiError | undefined;
  /** Nothing has been read yet. */
  loading: boolean;
  /** There are no more. */
  complete: boolean;
  /** How many there are, read or not, if the server says it. */
  total: number | undefined;
  /** Reads the next page if there is one and none is being read. */
  more(): void;
  reload(): Promise<void>;
  /** Shows other rows at once. */
  set(change: (rows: T[]) => T[]): void;
}

/** Reads a list page by page: field is the name of its rows beside next_cursor. */
export function usePages<T>(path: string | null, field: string, query?: Options["query"]): Pages<T> {
  const url = path === null ? null : withQuery(path, query);
  const blank = { url, rows: [] as T[], cursor: "", error: undefined as ApiError | undefined, loading: url !== null, complete: false, total: undefined as number | undefined };
  const [state, setState] = useState(blank);
  const back = useStore(returns);
  const running = useRef<AbortController | undefined>(undefined);
  const read = useCallback(async (cursor: string) => {
    running.current?.abort();
    if (url === null) return;
    const abort = (running.current = new AbortController());
    try {
      const next = cursor ? url + (url.includes("?") ? "&" : "?") + "cursor=" + encodeURIComponent(cursor) : url;
      const got = await api.get<Record<string, unknown>>(next, { signal: abort.signal });
      const found = got[field] as T[];
      const following = (got.next_cursor as string | undefined) ?? "";
      setState((s) => ({ url, rows: cursor ? [...s.rows, ...found] : found, cursor: following, error: undefined, loading: false, complete: !following, total: (got.total as number | undefined) ?? (cursor ? s.total : undefined) }));
    } catch (e) {
      if (!isAbort(e)) setState((s) => ({ ...s, url, error: asError(e), loading: false }));
    } finally {
      if (running.current === abort) running.current = undefined;
    }
  }, [url, field]);
  useEffect(() => {
    setState((s) => (s.url === url ? s : blank));
    void read("");
    return () => running.current?.abort();
  }, [read, back]);
  const mine = state.url === url ? state : blank;
  useAgain(mine.error, () => read(""));
  return {
    rows: mine.rows, error: mine.error, loading: mine.loading, complete: mine.complete, total: mine.total,
    more: () => {
      if (mine.cursor && !running.current) void read(mine.cursor);
    },
    reload: () => read(""),
    set: (change) => setState((s) => ({ ...s, rows: change(s.rows) })),
  };
}

/** A value that follows another after it has been still for some milliseconds: for search as one types. */
export function useSettled<T>(value: T, ms = 200): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/**
 * Something done at a press: busy while it runs, never twice at once.
 *
 *   const send = useAction(async () => { await api.post(…); toast(t("sent")); });
 *   <Button busy={send.busy} onClick={send.run}>…
 *
 * What it throws is in error, and told as a toast unless quiet. If what was
 * pressed is gone afterwards, the title has the focus.
 */
export function useAction<A extends unknown[]>(fn: (...args: A) => Promise<unknown>, quiet = false) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const locked = useRef(false);
  const latest = useRef(fn);
  latest.current = fn;
  const run = useCallback(async (...args: A): Promise<boolean> => {
    if (locked.current) return false;
    locked.current = true;
    setBusy(true);
    setError(undefined);
    const pressed = document.activeElement;
    try {
      await latest.current(...args);
      return true;
    } catch (e) {
      if (isAbort(e)) return false;
      setError(asError(e));
      if (!quiet) toastError(asError(e));
      return false;
    } finally {
      locked.current = false;
      setBusy(false);
      requestAnimationFrame(() => { if (!pressed?.isConnected) regain(); });
    }
  }, [quiet]);
  return { run, busy, error };
}
