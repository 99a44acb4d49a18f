// The frame around every page: navigation, the person's menu, what is said of
// the connection, keys, and the guard of roles.
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Account } from "./account";
import { online, ApiError } from "./api";
import { Brand, languages, Mark, themes } from "./brand";
import { both, lang } from "./i18n";
import { printed, shortcuts, useKeys } from "./keys";
import { asError } from "./live";
import { Palette } from "./palette";
import { entry, find, landing, may, pages, sections, type PageDef, type PageProps, type SectionName } from "./pages";
import { askWith, href, place, replace } from "./router";
import { signOut, type Session } from "./session";
import { t } from "./shell_words";
import { useStore } from "./store";
import { theme } from "./theme";
import { Button, confirm, Empty, Failure, Forbidden, Icon, Keys, Loading, Menu, NotFound, Page, toastError } from "./ui";
import { Asking, Dialog } from "./ui/dialog";
import { titled } from "./ui/layout";
import { Toasts } from "./ui/toast";
import { common, roles } from "./words";

askWith((question) => confirm({ title: t("leaveTitle"), body: question, action: t("leaveAction"), danger: true }));

export function Shell({ who }: { who: Session }) {
  const at = useStore(place);
  useStore(theme);
  const role = who.person.role;
  const [dialog, setDialog] = useState<"" | "find" | "keys" | "nav" | "account">("");
  const visible = pages.filter((p) => !p.hidden && may(p, role));
  const start = landing(role);
  const begin = entry(at.path, role);
  const hit = at.path.length === 0 || at.path[0] === "sign-in" ? start && { page: start, rest: [] } : begin ? { page: begin, rest: [] } : find(at.path);
  useEffect(() => {
    if (begin) replace(begin.path, Object.fromEntries(at.query));
  }, [begin]);
  useLayoutEffect(() => setDialog(""), [at]); // at once: what is opened on the new page stays
  useKeys([
    { keys: "?", label: t("keysHelp"), run: () => setDialog("keys"), everywhere: true },
    { keys: "mod+k", label: t("keysFind"), run: () => setDialog("find"), everywhere: true },
    ...visible.filter((p) => p.key).map((p) => ({
      keys: "g " + p.key, label: t("keysGo", { page: both(p.title) }), run: () => { location.hash = href(p.path); }, everywhere: true,
    })),
  ]);
  const shown = sections.filter((s) => visible.some((p) => p.section === s.name));
  const bar = shown.length > 4 ? shown.slice(0, 3) : shown;
  const nav = { visible, shown, current: hit?.page };
  return (
    <div class="shell">
      <a class="skip" href="#content" onClick={(e) => { e.preventDefault(); document.getElementById("content")?.focus(); }}>{t("skip")}</a>
      <aside class="side">
        <div class="side-head">
          <Brand />
          <span class="workspace" dir="auto" title={who.workspace.name}>{who.workspace.name}</span>
        </div>
        <button type="button" class="find-button" onClick={() => setDialog("find")}><Icon name="search" /><span>{t("find")}</span><Keys keys="mod+k" /></button>
        <Nav {...nav} />
        <div class="side-foot">
          <PersonMenu who={who} account={() => setDialog("account")} />
          <Button kind="quiet" small label={t("keysTitle")} onClick={() => setDialog("keys")}>?</Button>
        </div>
      </aside>
      <header class="top">
        <Mark size={26} />
        <span class="workspace" dir="auto">{who.workspace.name}</span>
        <Button kind="quiet" icon="search" label={t("find")} onClick={() => setDialog("find")} />
        <PersonMenu who={who} small account={() => setDialog("account")} />
      </header>
      <Strip {...nav} />
      <main class="content" id="content" tabIndex={-1}>
        <Connection />
        {begin === null ? <Forbidden whole /> : hit ? may(hit.page, role) ? <PageHost page={hit.page} rest={hit.rest} query={at.query} /> : <Forbidden whole />
          : at.path.length > 0 ? <NotFound whole />
            : <Empty whole icon="lock" title={t("noPages")}>{t("noPagesBody", { role: roles.any(role) })}</Empty>}
      </main>
      <nav class="thumb-bar" aria-label={t("sections")}>
        {bar.map((s) => <SectionLink name={s.name} {...nav} />)}
        {shown.length > bar.length && <button type="button" onClick={() => setDialog("nav")}><Icon name="menu" size={20} /><span>{t("more")}</span></button>}
      </nav>
      {dialog === "find" && <Palette onClose={() => setDialog("")} />}
      {dialog === "keys" && <KeyHelp onClose={() => setDialog("")} />}
      {dialog === "account" && <Account who={who} onClose={() => setDialog("")} />}
      {dialog === "nav" && <Dialog title={t("navigation")} onClose={() => setDialog("")} shape="side"><Nav {...nav} all /></Dialog>}
      <Asking />
      <Toasts />
    </div>
  );
}

interface NavProps {
  visible: PageDef[];
  shown: typeof sections;
  current?: PageDef;
}

const firstOf = (visible: PageDef[], name: SectionName) => visible.find((p) => p.section === name)!;

function SectionLink({ name, visible, current }: NavProps & { name: SectionName }) {
  const s = sections.find((x) => x.name === name)!;
  const here = current?.section === name;
  return (
    <a href={href(firstOf(visible, name).path)} class={here ? "here" : ""} aria-current={here && current?.path === firstOf(visible, name).path ? "page" : undefined}>
      <Icon name={s.icon} size={20} /><span>{both(s.title)}</span>
    </a>
  );
}

function Nav({ visible, shown, current, all }: NavProps & { all?: boolean }) {
  return (
    <nav class="nav" aria-label={t("navigation")}>
      {shown.map((s) => {
        const own = visible.filter((p) => p.section === s.name);
        const here = current?.section === s.name;
        return (
          <div class={`nav-section${here ? " here" : ""}`}>
            <SectionLink name={s.name} visible={visible} shown={shown} current={current} />
            {(here || all) && own.length > 1 && (
              <ul>{own.map((p) => <li><a href={href(p.path)} aria-current={p === current ? "page" : undefined}>{both(p.title)}</a></li>)}</ul>
            )}
          </div>
        );
      })}
    </nav>
  );
}

/** The pages of the section beside each other, where there is no room for the side. */
function Strip({ visible, current }: NavProps) {
  const own = visible.filter((p) => p.section === current?.section);
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => here.current?.scrollIntoView({ block: "nearest", inline: "center" }), [current]);
  if (!current || own.length < 2) return null;
  const section = sections.find((s) => s.name === current.section)!;
  return (
    <nav class="strip" aria-label={t("pagesOf", { section: both(section.title) })}>
      {own.map((p) => <a href={href(p.path)} ref={p === current ? here : undefined} aria-current={p === current ? "page" : undefined}>{both(p.title)}</a>)}
    </nav>
  );
}

function PersonMenu({ who, small, account }: { who: Session; small?: boolean; account(): void }) {
  const name = who.person.name || who.person.email;
  const initials = name.split(/[\s@.]+/).slice(0, 2).map((w) => [...w][0] ?? "").join("").toUpperCase();
  return (
    <Menu label={t("account")} up={!small} class="person" items={[
      ...(who.csrf ? [{ label: t("yourAccount"), icon: "person" as const, onClick: account }, null] : []), ...languages(), null, ...themes(), null,
      { label: t("docs"), icon: "out", onClick: () => open("/docs", "_blank", "noopener") },
      { label: t("signOut"), icon: "exit", onClick: () => signOut().catch((e) => toastError(asError(e))) },
    ]}>
      <span class="avatar" aria-hidden="true">{initials}</span>
      <span class={small ? "hidden" : "person-text"}><span class="person-name" dir="auto">{name}</span><span class="person-role">{roles.any(who.person.role)}</span></span>
    </Menu>
  );
}

function Connection() {
  const up = useStore(online);
  return <div role="status">{!up && <div class="offline"><Icon name="cloudOff" />{common("offlineBanner")}</div>}</div>;
}

const loaded = new Map<string, ComponentType<PageProps>>();

/** Loads a page's code once and draws it; what a page throws while drawing stays in its place. */
function PageHost({ page, rest, query }: { page: PageDef; rest: string[]; query: URLSearchParams }) {
  const [, again] = useState(0);
  const [error, setError] = useState<ApiError | undefined>();
  const before = useRef<string | undefined>(undefined);
  const Component = loaded.get(page.path);
  const load = () => {
    setError(undefined);
    page.load().then(
      (component) => { loaded.set(page.path, component); again((n) => n + 1); },
      () => setError(new ApiError("offline", 0, "")),
    );
  };
  useEffect(() => {
    if (!loaded.has(page.path)) return load();
    // A new page begins at its top, unless it has put the focus somewhere itself.
    if (before.current !== undefined && before.current !== page.path) {
      scrollTo(0, 0);
      if (!document.querySelector(".page-body")?.contains(document.activeElement)) titled();
    }
    before.current = page.path;
  }, [page.path, Component]);
  if (error) return <Page title={both(page.title)}><Failure error={error} retry={load} /></Page>;
  return Component ? <Component key={page.path} rest={rest} query={query} /> : <Page title={both(page.title)}><Loading as="rows" rows={8} /></Page>;
}

function KeyHelp({ onClose }: { onClose(): void }) {
  const all = useStore(shortcuts);
  useStore(lang);
  const list = (everywhere: boolean) => all.filter((s) => !!s.everywhere === everywhere);
  const group = (title: string, everywhere: boolean) => list(everywhere).length > 0 && (
    <section>
      <h3>{title}</h3>
      <dl class="key-list">
        {list(everywhere).map((s) => (
          <div>
            <dt>{s.label}</dt>
            <dd>{s.keys.split(" ").map((part, i) => <>{i > 0 && <span class="then">{t("then")}</span>}{printed(part).map((k) => <kbd>{k}</kbd>)}</>)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
  return <Dialog title={t("keysTitle")} onClose={onClose}>{group(t("keysHere"), false)}{group(t("keysEverywhere"), true)}</Dialog>;
}
