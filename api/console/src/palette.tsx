// Ctrl/⌘ K: finds any article, case, gap, ticket or page. What is not a page
// comes from GET /v1/find.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { api, isAbort } from "./api";
import { both, collate } from "./i18n";
import { useSettled } from "./live";
import { may, pages, sections } from "./pages";
import { href } from "./router";
import { session } from "./session";
import { t } from "./shell_words";
import { Dialog } from "./ui/dialog";
import { Icon, type IconName } from "./ui";

interface Found {
  kind: string;
  id: string;
  title: string;
  status: string;
}

const kinds = { tickets: "ticket", articles: "article", gaps: "gap", cases: "case" } as const;

// Where things of a kind are shown, if a page for them is registered.
const homes: Record<string, { page: string; icon: IconName }> = {
  article: { page: "knowledge/articles", icon: "book" }, case: { page: "knowledge/cases", icon: "history" }, gap: { page: "gaps", icon: "gap" },
  ticket: { page: "work", icon: "inbox" }, pilot: { page: "pilots", icon: "flask" }, person: { page: "settings/people", icon: "person" },
};

/** The address of a thing, or "" if no page that the person may see shows it. */
export function linkTo(kind: string, id: string): string {
  const home = homes[kind];
  const page = home && pages.find((p) => p.path === home.page);
  return page && may(page, session.get()?.person.role ?? "") ? href(page.path, id) : "";
}

interface Hit {
  href: string;
  icon: IconName;
  title: string;
  note: string;
}

/** Whether a word begins as w does, but for one letter that is wrong, missing, too many or in its neighbour's place; as GET /v1/find. */
function near(w: string, word: string): boolean {
  let i = 0;
  while (i < w.length && w[i] === word[i]) i++;
  const rest = (a: number, b: number) => a <= w.length && word.startsWith(w.slice(a), b);
  return rest(i + 1, i + 1) || rest(i + 1, i) || rest(i, i + 1) || (i + 1 < w.length && w[i] === word[i + 1] && w[i + 1] === word[i] && rest(i + 2, i + 2));
}

function ownPages(q: string): Hit[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const mine = pages.filter((p) => !p.hidden && may(p, session.get()?.person.role ?? ""))
    .map((p) => ({ p, name: [p.title.en, p.title.ru, p.path, p.also].join(" ").toLowerCase() }));
  const exact = mine.filter(({ name }) => words.every((w) => name.includes(w)));
  const found = exact.length > 0 ? exact : mine.filter(({ name }) => words.every((w) => w.length > 3 && name.split(/[\s/]+/).some((n) => near(w, n))));
  return found.sort((a, b) => collate(both(a.p.title), both(b.p.title)))
    .map(({ p }) => ({ href: href(p.path), icon: p.icon, title: both(p.title), note: both(sections.find((s) => s.name === p.section)!.title) }));
}

export function Palette({ onClose }: { onClose(): void }) {
  const [q, setQ] = useState("");
  const [found, setFound] = useState<Found[]>([]);
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const settled = useSettled(q.trim(), 120);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (settled.length < 2) return setFound([]);
    const abort = new AbortController();
    api.get<Partial<Record<string, Omit<Found, "kind">[]>>>("/v1/find", { query: { q: settled }, signal: abort.signal })
      .then((r) => {
        setFound(Object.entries(kinds).flatMap(([list, kind]) => (r[list] ?? []).map((f) => ({ ...f, kind }))));
        setAsked(settled);
      }, (e) => { if (!isAbort(e)) { setFound([]); setAsked(settled); } });
    return () => abort.abort();
  }, [settled]);
  useEffect(() => {
    api.get("/v1/find").catch(() => {}); // the first search after a start takes a moment longer: it is made ready while one types
  }, []);
  const hits: Hit[] = [
    ...ownPages(q),
    ...found.map((f) => ({ href: linkTo(f.kind, f.id), icon: homes[f.kind]?.icon ?? "info" as IconName, title: f.title, note: t.any(f.kind) })).filter((f) => f.href),
  ];
  const chosen = Math.min(at, hits.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const open = (h: Hit | undefined) => {
    if (!h) return;
    onClose();
    location.hash = h.href;
  };
  return (
    <Dialog title={t("find")} onClose={onClose} shape="palette">
      <div class="palette-field">
        <Icon name="search" size={20} />
        <input type="text" value={q} autoFocus placeholder={t("findPlaceholder")} aria-label={t("find")} role="combobox" aria-expanded="true" aria-controls={id} autocomplete="off"
          aria-activedescendant={hits[chosen] && `${id}-${chosen}`} onInput={(e) => { setQ(e.currentTarget.value); setAt(0); }}
          onKeyDown={(e) => {
            if (e.key === "ArrowDown") setAt(Math.min(hits.length - 1, chosen + 1));
            else if (e.key === "ArrowUp") setAt(Math.max(0, chosen - 1));
            else if (e.key === "Enter") open(hits[chosen]);
            else return;
            e.preventDefault();
          }} />
        <kbd>Esc</kbd>
      </div>
      <ul class="palette-list" role="listbox" id={id} aria-label={t("find")} ref={list}>
        {hits.map((h, i) => (
          <li role="option" id={`${id}-${i}`} aria-selected={i === chosen} onPointerMove={() => setAt(i)} onClick={() => open(h)}>
            <Icon name={h.icon} /><span class="palette-title" dir="auto">{h.title}</span><span class="palette-note">{h.note}</span>
          </li>
        ))}
      </ul>
      <p class="palette-hint">{hits.length === 0 && asked === q.trim() && q.trim() ? t("findNone", { q: q.trim() }) : t("findHint")}</p>
    </Dialog>
  );
}
