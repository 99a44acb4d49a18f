// A connection is made or changed: one form per kind, which says in words what
// will happen.
import { useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { ConnectConfig, ConnectionBody, ConnectionView } from "../../api.gen";
import { useDraft } from "../../draft";
import { dict } from "../../i18n";
import { useAction, useApi } from "../../live";
import { go, href } from "../../router";
import { Button, Card, Checkbox, Disclosure, Form, Icon, Loaded, Notice, Page, Radio, Select, Stack, TextField, errorOf, sayError, toast } from "../../ui";
import { common } from "../../words";
import { happens, w } from "./say";
import { t as words } from "./words";

const t = dict(
  EN && {
    new: "New connection", change: "Change {id}", lead: "Choose where the knowledge is, and read what will happen before it does.", name: "Name", nameHint: "Letters, digits, dots and dashes. It cannot be changed later.", kind: "Where is it?",
    folderHint: "Files on the server's disk", gitHint: "Files in a repository", siteHint: "A help centre that customers read", feedHint: "Release notes as RSS or Atom", deskHint: "Articles and solved tickets, by the helpdesk's API",
    path: "Folder on the server", pathGit: "Work tree on the server", pathHint: "An absolute path", remote: "Fetched from", remoteHint: "https, ssh or file; empty: the work tree as it is", branch: "Branch", url: "Address", urlSite: "Where the help centre begins", urlFeed: "Address of the feed", urlDesk: "Address of your helpdesk", urlHint: "https://…",
    within: "Only pages below", withinHint: "A path such as /help; empty: the folder of the address", sitemap: "Address of the sitemap", found: "Empty: found by itself", most: "Pages at most", mostHint: "Empty: the usual bound", depth: "Links from the start", depthHint: "Empty: the usual bound; −1: the sitemap alone", system: "Helpdesk system", login: "Login that goes with the token", token: "Name of the token", tokenHint: "Here only its name. Whoever runs the server sets the token itself: {setting}",
    articles: "Articles", tickets: "Solved tickets, as cases", take: "What is taken", when: "When", byHand: "By hand only", e15: "Every 15 minutes", e60: "Every hour", e360: "Every 6 hours", night: "Every night", own: "Other…", spec: "Timetable", specHint: "Five cron fields in UTC, or @every 30m",
    bounds: "How far it reads", more: "For documents that do not say it themselves", locale: "Language", localeHint: "Two letters; empty: found out", product: "Product", region: "Region", audience: "Who may read them", public: "Customers and operators", internal: "Operators only", tags: "Tags added to each", tagsHint: "With commas between them", base: "Where the pages are published", will: "What will happen", save: "Save", saveSync: "Save and sync now", saved: "Saved.", savedSync: "Saved. The first sync has begun.",
  },
  RU && {
    new: "Новое подключение", change: "Изменить {id}", lead: "Выберите, где лежат знания, и прочитайте, что произойдёт, прежде чем это случится.", name: "Имя", nameHint: "Латинские буквы, цифры, точки и дефисы. Потом не изменить.", kind: "Где это?",
    folderHint: "Файлы на диске сервера", gitHint: "Файлы в репозитории", siteHint: "Справка, которую читают клиенты", feedHint: "Заметки о выпусках в RSS или Atom", deskHint: "Статьи и решённые обращения через API хелпдеска",
    path: "Папка на сервере", pathGit: "Рабочий каталог на сервере", pathHint: "Полный путь", remote: "Откуда загружать", remoteHint: "https, ssh или file; пусто — каталог как есть", branch: "Ветка", url: "Адрес", urlSite: "Где начинается справка", urlFeed: "Адрес ленты", urlDesk: "Адрес вашего хелпдеска", urlHint: "https://…",
    within: "Только страницы внутри", withinHint: "Путь вроде /help; пусто — папка адреса", sitemap: "Адрес карты сайта", found: "Пусто — найдётся сама", most: "Страниц не больше", mostHint: "Пусто — обычный предел", depth: "Ссылок от начала", depthHint: "Пусто — обычный предел; −1 — только карта сайта", system: "Хелпдеск", login: "Логин к токену", token: "Имя токена", tokenHint: "Здесь только имя. Сам токен задаёт тот, кто ведёт сервер: {setting}",
    articles: "Статьи", tickets: "Решённые обращения, как случаи", take: "Что берётся", when: "Когда", byHand: "Только вручную", e15: "Каждые 15 минут", e60: "Каждый час", e360: "Каждые 6 часов", night: "Каждую ночь", own: "Иначе…", spec: "Расписание", specHint: "Пять полей cron по UTC или @every 30m",
    bounds: "Как далеко читать", more: "Если в документе этого нет", locale: "Язык", localeHint: "Две буквы; пусто — определится", product: "Продукт", region: "Регион", audience: "Кому можно читать", public: "Клиентам и операторам", internal: "Только операторам", tags: "Метки каждому", tagsHint: "Через запятую", base: "Где опубликованы страницы", will: "Что произойдёт", save: "Сохранить", saveSync: "Сохранить и обновить", saved: "Сохранено.", savedSync: "Сохранено. Первая синхронизация началась.",
  },
);

const systems = ["Zendesk", "Intercom", "Freshdesk", "Help Scout", "Chatwoot", "Zammad", "UseDesk", "Omnidesk"];
/** How a token is set, with what is known of it. */
function setting(f: ConnectConfig, kind: string): string {
  const host = (f.url || f.remote || "").match(/^\w+:\/\/(?:[^/@]*@)?([^/]+)/)?.[1];
  return `WHETSTONE_TOKEN_${f.token || (f.system || kind).toUpperCase()}="${host || "desk.example.org"} …"`;
}
const kinds = ["site", "git", "folder", "feed", "desk"] as const;
const specs = { "": "byHand", "@every 15m": "e15", "@every 1h": "e60", "@every 6h": "e360", "0 3 * * *": "night" } as const;

interface State extends ConnectionBody {
  id: string;
}
const blank: State = { id: "", kind: "site", config: {}, spec: "@every 6h" };

export function Edit({ id }: { id?: string }) {
  const there = useApi<ConnectionView>(id ? "/v1/connections/" + seg(id) : null);
  const title = id ? t("change", { id }) : t("new");
  const back = { label: words("back"), href: id ? href("sources", id) : href("sources") };
  return (
    <Page title={title} lead={t("lead")} back={back}>
      {id ? <Loaded of={there} as="form">{(c) => <Fill from={{ id: c.id, kind: c.kind, config: c.config, spec: c.spec ?? "" }} known />}</Loaded> : <Fill from={blank} />}
    </Page>
  );
}

function Fill({ from, known }: { from: State; known?: boolean }) {
  const draft = useDraft("connection/" + (from.id || "new"), JSON.stringify(from));
  const s = JSON.parse(draft.text) as State;
  const [own, setOwn] = useState(!((s.spec ?? "") in specs));
  const set = (change: Partial<State>) => draft.set(JSON.stringify({ ...s, ...change }));
  const config = (change: ConnectConfig) => set({ config: { ...s.config, ...change } });
  const save = useAction(async (sync: boolean) => {
    const path = "/v1/connections/" + seg(s.id.trim());
    const bare = Object.fromEntries(Object.entries(s.config).filter(([, v]) => v !== "" && v !== null && v !== undefined && v !== false));
    await api.put(path, { kind: s.kind, config: bare, spec: s.spec ?? "" });
    draft.clear();
    // The page of the connection shows how the first sync goes.
    if (sync) void api.post(path + "/sync", {}).catch(() => {});
    toast(t(sync ? "savedSync" : "saved"));
    go("sources", s.id.trim());
  }, true);
  const f = s.config;
  const error = (name: string) => errorOf(save.error, "config." + name) ?? errorOf(save.error, name);
  const text = (name: keyof ConnectConfig & string, label: string, hint?: string, o: { optional?: boolean; type?: "url" } = {}) => (
    <TextField label={label} hint={hint} value={String(f[name] ?? "")} onInput={(v) => config({ [name]: v.trim() })} error={error(name)} required={!o.optional} optional={o.optional} type={o.type} />
  );
  const count = (name: "max_pages" | "depth", label: string, hint: string) => (
    <TextField label={label} hint={hint} type="number" min={name === "depth" ? -1 : 0} value={f[name] ? String(f[name]) : ""} onInput={(v) => config({ [name]: v === "" ? undefined : Number(v) })} error={error(name)} optional />
  );
  const says = happens(s);
  return (
    <Form onSubmit={() => save.run(false)} label={t("new")} class="sources-form">
      <Stack>
        {save.error && <Notice tone="bad">{sayError(save.error)}</Notice>}
        <Card>
          <div class="form">
            {!known && <Radio label={t("kind")} value={s.kind} onChange={(kind) => set({ kind: kind as State["kind"], config: {} })} options={kinds.map((k) => ({ value: k, label: words(k), hint: t(`${k}Hint` as "siteHint") }))} />}
            <TextField label={t("name")} value={s.id} onInput={(id) => set({ id })} hint={t("nameHint")} disabled={known} required maxLength={64} error={errorOf(save.error, "id")} />
            {s.kind === "folder" && text("path", t("path"), t("pathHint"))}
            {s.kind === "git" && <>{text("path", t("pathGit"), t("pathHint"))}{text("remote", t("remote"), t("remoteHint"), { optional: true })}{text("branch", t("branch"), undefined, { optional: true })}</>}
            {s.kind === "site" && <>{text("url", t("urlSite"), t("urlHint"), { type: "url" })}<Disclosure title={t("bounds")} open={!!(f.within || f.sitemap || f.max_pages || f.depth)}>
              <div class="sources-pair">{text("within", t("within"), t("withinHint"), { optional: true })}{text("sitemap", t("sitemap"), t("found"), { optional: true, type: "url" })}{count("max_pages", t("most"), t("mostHint"))}{count("depth", t("depth"), t("depthHint"))}</div>
            </Disclosure></>}
            {s.kind === "feed" && text("url", t("urlFeed"), t("urlHint"), { type: "url" })}
            {s.kind === "desk" && <>
              <Select label={t("system")} value={f.system ?? ""} onChange={(system) => config({ system })} placeholder={common("choose")} options={systems.map((label) => ({ value: label.toLowerCase().replace(" ", ""), label }))} required error={error("system")} />
              {text("url", t("urlDesk"), t("urlHint"), { type: "url" })}
              <fieldset class="radio"><legend>{t("take")}</legend><Checkbox label={t("articles")} checked={!!f.articles} onChange={(articles) => config({ articles })} /><Checkbox label={t("tickets")} checked={!!f.tickets} onChange={(tickets) => config({ tickets })} /></fieldset>
            </>}
            {(s.kind === "desk" || s.kind === "git") && <div class="sources-pair">{text("token", t("token"), t("tokenHint", { setting: setting(f, s.kind) }), { optional: s.kind === "git" })}{text("login", t("login"), undefined, { optional: true })}</div>}
            <Select label={t("when")} value={own ? "own" : (s.spec ?? "")} onChange={(v) => { setOwn(v === "own"); if (v !== "own") set({ spec: v }); }} options={[...Object.entries(specs).map(([value, key]) => ({ value, label: t(key) })), { value: "own", label: t("own") }]} />
            {own && <TextField label={t("spec")} value={s.spec ?? ""} onInput={(spec) => set({ spec })} hint={t("specHint")} error={errorOf(save.error, "spec")} />}
            <Disclosure title={t("more")}>
              <div class="sources-pair">
                {text("locale", t("locale"), t("localeHint"), { optional: true })}
                <Select label={t("audience")} value={f.audience || "public"} onChange={(audience) => config({ audience: audience === "public" ? "" : audience })} options={[{ value: "public", label: t("public") }, { value: "internal", label: t("internal") }]} />
                {text("product", t("product"), undefined, { optional: true })}{text("region", t("region"), undefined, { optional: true })}
                <Tags value={f.tags ?? []} onChange={(tags) => config({ tags })} />
                {(s.kind === "folder" || s.kind === "git") && text("base_url", t("base"), undefined, { optional: true, type: "url" })}
              </div>
            </Disclosure>
          </div>
        </Card>
        <Stack row><Button type="submit" busy={save.busy}>{t("save")}</Button><Button kind="primary" icon="refresh" busy={save.busy} disabled={!says || !s.id.trim()} onClick={() => save.run(true)}>{t("saveSync")}</Button>
          <Button kind="quiet" onClick={() => { draft.discard(); go("sources", ...(known ? [s.id] : [])); }}>{common("cancel")}</Button></Stack>
      </Stack>
      <div class="sources-will" aria-live="polite">
        <h2><Icon name="info" />{t("will")}</h2>
        <p class="wrap">{says || w("missing")}</p>
        {f.token && <p class="soft wrap">{w("token", { name: f.token.toUpperCase() })}</p>}
      </div>
    </Form>
  );
}

function Tags({ value, onChange }: { value: string[]; onChange(tags: string[]): void }) {
  const [text, setText] = useState(value.join(", "));
  return <TextField label={t("tags")} hint={t("tagsHint")} value={text} optional onInput={(s) => { setText(s); onChange(s.split(",").map((x) => x.trim()).filter(Boolean)); }} />;
}
