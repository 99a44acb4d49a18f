// Addresses behind the hash: #/gaps/01J…?status=open is page "gaps" with rest
// ["01J…"] and query status=open.
//
//   go("gaps", id)                 go("gaps", { status: "open" })
//   <a href={href("gaps", id)}>
//   const [q, setQ] = useQuery("q");   a filter that a reload and a link keep
//   useLeave(() => dirty && t("leave"))  asks before an edited page is left
import { useCallback, useEffect } from "preact/hooks";
import { store, useStore } from "./store";

export interface Place {
  /** The segments of the path, decoded. */
  path: string[];
  query: URLSearchParams;
}

type Part = string | number | Record<string, string | undefined>;

function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const segments = path.split("/").filter((s) => s !== "").map((s) => {
    try {
      return decodeURIComponent(s);
    } catch {
      return s;
    }
  });
  return { path: segments, query: new URLSearchParams(query) };
}

export const place = store<Place>(parse(location.hash));

/** An address for a link: the page's path, then segments, then a query. */
export function href(page: string, ...parts: Part[]): string {
  let path = "#/" + page;
  const query = new URLSearchParams();
  for (const p of parts) {
    if (typeof p === "object") {
      for (const [k, v] of Object.entries(p)) if (v) query.set(k, v);
    } else path += "/" + encodeURIComponent(String(p));
  }
  const q = query.toString();
  return q ? path + "?" + q : path;
}

export function go(page: string, ...parts: Part[]) {
  location.hash = href(page, ...parts);
}

/** As go, without a new entry in the browser's history. */
export function replace(page: string, ...parts: Part[]) {
  history.replaceState(null, "", href(page, ...parts));
  arrive();
}

let leaving: (() => string | false) | undefined;
let ask: (question: string) => Promise<boolean> = async () => true;
let here = location.hash;

/** Who asks before a page is left; set by the shell. */
export function askWith(fn: typeof ask) {
  ask = fn;
}

function arrive() {
  here = location.hash;
  place.set(parse(here));
}

addEventListener("hashchange", () => {
  if (location.hash === here) return;
  const question = leaving?.();
  if (!question) return arrive();
  const wanted = location.hash;
  history.replaceState(null, "", here);
  void ask(question).then((yes) => {
    if (!yes) return;
    leaving = undefined;
    location.hash = wanted;
  });
});
addEventListener("beforeunload", (e) => {
  if (leaving?.()) e.preventDefault();
});

/** While the component is shown, leaving asks the question that fn returns; false: it may be left. */
export function useLeave(fn: () => string | false) {
  useEffect(() => {
    leaving = fn;
    return () => {
      if (leaving === fn) leaving = undefined;
    };
  });
}

/** A value in the address's query, and what changes it; "" takes it out. */
export function useQuery(name: string): [string, (value: string) => void] {
  const at = useStore(place);
  const set = useCallback((value: string) => {
    const { path, query } = place.get();
    const next = new URLSearchParams(query);
    if (value) next.set(name, value);
    else next.delete(name);
    const q = next.toString();
    history.replaceState(null, "", "#/" + path.map(encodeURIComponent).join("/") + (q ? "?" + q : ""));
    arrive();
  }, [name]);
  return [at.query.get(name) ?? "", set];
}
