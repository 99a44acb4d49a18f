// Articles and cases as one: what both pages read, change and send.
import { api, ApiError, isAbort, seg } from "../../api";
import { asError } from "../../live";
import { readable } from "../../taken";
import { t } from "./docwords";

export type Kind = "article" | "case";
export type Status = "draft" | "published" | "archived";

export interface Doc {
  id: string;
  revision: number;
  author?: string;
  origin?: string;
  created_at: string;
  updated_at: string;
  /** In a list, which has no texts. */
  excerpt?: string;
  merged_from?: string;
  title?: string;
  locale?: string;
  product?: string;
  region?: string;
  tags?: string[] | null;
  audience?: string;
  url?: string;
  status?: string;
  body?: string;
  problem?: string;
  resolution?: string;
  resolved_at?: string;
  resolved_with?: string;
  evidence?: number;
}

export const root = (kind: Kind): string => (kind === "article" ? "/v1/articles" : "/v1/cases");
export const home = (kind: Kind): string => (kind === "article" ? "knowledge/articles" : "knowledge/cases");
export const path = (kind: Kind, id: string): string => root(kind) + "/" + seg(id);

const shared = ["title", "locale", "product", "region", "tags", "audience", "url", "status"] as const;
const own = { article: ["body"], case: ["problem", "resolution", "resolved_at", "resolved_with", "evidence"] } as const;

/** What is sent to store a document: the whole of what a person may write, without what is empty. */
export function written(kind: Kind, d: Partial<Doc>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of [...shared, ...own[kind]]) {
    const v = d[name];
    if (v !== undefined && v !== null && v !== "" && !(Array.isArray(v) && v.length === 0)) out[name] = v;
  }
  if (kind === "case") {
    out.problem ??= "";
    out.resolution ??= "";
  }
  return out;
}

/** Stores a document if it is still as it was read. */
export const store = (kind: Kind, id: string, d: Partial<Doc>, revision: number): Promise<Doc> =>
  api.put<Doc>(path(kind, id), written(kind, d), { ifMatch: revision });

export const restore = (kind: Kind, id: string, revision: number): Promise<Doc> => api.post<Doc>(path(kind, id) + "/restore", { revision });

export const remove = (kind: Kind, id: string): Promise<unknown> => api.del(path(kind, id));

/** What is shown of a text in a line: no headings, no marks. */
export const snippet = (text: string, most = 180): string =>
  readable(text).replace(/^#+ .*$/gm, " ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/^[|:\s-]{3,}$/gm, " ").replace(/[*_`>#|]+/g, "").replace(/\s+/g, " ").trim().slice(0, most);

/** Does something for each, four at a time, and says for which it failed. */
export async function each<T>(items: T[], work: (x: T) => Promise<unknown>): Promise<{ done: T[]; failed: ApiError[] }> {
  const done: T[] = [];
  const failed: ApiError[] = [];
  const rest = [...items];
  const worker = async () => {
    for (let x = rest.shift(); x !== undefined; x = rest.shift()) {
      try {
        await work(x);
        done.push(x);
      } catch (e) {
        if (isAbort(e)) throw e;
        failed.push(asError(e));
        // Without a connection the others would fail too.
        if (asError(e).kind === "offline") rest.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return { done, failed };
}

/** A text whose greatest heading is of the first level, so that headings follow those of the page without a gap. */
export function levelled(text: string): string {
  const marks = text.match(/^#{1,6}(?= )/gm);
  const spare = marks ? Math.min(...marks.map((m) => m.length)) - 1 : 0;
  return spare > 0 ? text.replace(new RegExp("^#{" + spare + "}(?=#{1,6} )", "gm"), "") : text;
}

/** Who wrote something, as people say it: a connection by its name. */
export const writer = (author: string | undefined) => (author === "tickets" ? t("fromTickets") : author?.replace(/^connection:/, ""));
