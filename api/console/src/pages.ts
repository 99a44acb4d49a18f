// The registry of pages. A page is one line here and a folder in pages/: what
// is not here is not in the navigation and has no address.
//
//   { path: "gaps", section: "gaps", roles: ["editor", "admin"], icon: "gap", key: "g",
//     title: { en: "Gaps", ru: "Пробелы" }, load: editing("Gaps") },
//
// The component is given { rest, query }, the segments of the address below
// path and its query. Pages of one section
// stand together in the navigation, in the order of this list; `g` and then the
// page's key jumps to it.
import type { ComponentType } from "preact";
import type { Both } from "./i18n";
import type { IconName } from "./ui/icon";

export type Role = "admin" | "editor" | "operator" | "lead";

export interface PageProps {
  rest: string[];
  query: URLSearchParams;
}

export interface PageDef {
  /** Below #/; the longest path that fits an address is its page. */
  path: string;
  section: SectionName;
  /** Who may see it. */
  roles: Role[];
  icon: IconName;
  title: Both;
  /** Other words by which the palette finds it. */
  also?: string;
  /** The letter that jumps here after g; unique. */
  key?: string;
  /** Not in the navigation. */
  hidden?: boolean;
  load(): Promise<ComponentType<PageProps>>;
}

export type SectionName = "work" | "gaps" | "knowledge" | "learning" | "pilots" | "settings";

/** In the order of the navigation. */
export const sections: { name: SectionName; title: Both; icon: IconName }[] = [
  { name: "work", title: { en: "Work", ru: "Работа" }, icon: "inbox" },
  { name: "gaps", title: { en: "Gaps", ru: "Пробелы" }, icon: "gap" },
  { name: "knowledge", title: { en: "Knowledge", ru: "Знания" }, icon: "book" },
  { name: "learning", title: { en: "Learning", ru: "Обучение" }, icon: "curve" },
  { name: "pilots", title: { en: "Pilots", ru: "Пилоты" }, icon: "flask" },
  { name: "settings", title: { en: "Settings", ru: "Настройки" }, icon: "gear" },
];

// Pages that the same roles open are one file: together they are smaller than
// each by itself, and the second opens at once. In such a file words come first,
// since beside each other they compress better than among code.
const work = () => import("./pages/work/page").then((m) => m.default);
const knowing = (name: keyof typeof import("./pages/knowing")) => () => import("./pages/knowing").then((m) => m[name]);
const editing = (name: keyof typeof import("./pages/editing")) => () => import("./pages/editing").then((m) => m[name]);
const leading = (name: keyof typeof import("./pages/leading")) => () => import("./pages/leading").then((m) => m[name]);
const setting = (name: keyof typeof import("./pages/setting")) => () => import("./pages/setting").then((m) => m[name]);

export const pages: PageDef[] = [
  { path: "knowledge/articles", section: "knowledge", roles: ["editor", "lead", "admin"], icon: "book", key: "k",
    title: { en: "Articles", ru: "Статьи" }, load: knowing("Knowledge") },
  { path: "knowledge/cases", section: "knowledge", roles: ["editor", "lead", "admin"], icon: "history", key: "c",
    title: { en: "Cases", ru: "Случаи" }, load: knowing("Knowledge") },
  { path: "knowledge", section: "knowledge", roles: ["editor", "lead", "admin"], icon: "book", hidden: true,
    title: { en: "Knowledge", ru: "Знания" }, load: knowing("Knowledge") },
  { path: "try", section: "knowledge", roles: ["editor", "lead", "admin"], icon: "spark", key: "y",
    title: { en: "Try it", ru: "Попробовать" }, load: knowing("Try") },
  { path: "sources", section: "knowledge", roles: ["editor", "admin"], icon: "plug", also: "connectors connections import zendesk коннекторы интеграции импорт", key: "i",
    title: { en: "Sources", ru: "Источники" }, load: editing("Connections") },
  { path: "work", section: "work", roles: ["operator", "editor", "admin"], icon: "inbox", key: "w", title: { en: "Work", ru: "Работа" }, load: work },
  { path: "gaps", section: "gaps", roles: ["editor", "admin"], icon: "gap", key: "g",
    title: { en: "Gaps", ru: "Пробелы" }, load: editing("Gaps") },
  { path: "upkeep", section: "knowledge", roles: ["editor", "admin"], icon: "refresh", key: "u",
    title: { en: "Upkeep", ru: "Уход за базой" }, load: editing("Upkeep") },
  { path: "learning", section: "learning", roles: ["lead", "admin"], icon: "curve", key: "l", title: { en: "Progress", ru: "Ход обучения" }, load: leading("Learning") },
  { path: "learning/acceptance", section: "learning", roles: ["lead", "admin"], icon: "columns", title: { en: "Acceptance", ru: "Принятие" }, load: leading("Acceptance") },
  { path: "learning/confidence", section: "learning", roles: ["lead", "admin"], icon: "flag", also: "calibration калибровка", title: { en: "Confidence", ru: "Уверенность" }, load: leading("Confidence") },
  { path: "learning/rankers", section: "learning", roles: ["lead", "admin"], icon: "star", also: "versions версии откат", key: "r", title: { en: "Rankers", ru: "Ранжирование" }, load: leading("Rankers") },
  { path: "learning/operators", section: "learning", roles: ["lead", "admin"], icon: "people", title: { en: "Operators", ru: "Операторы" }, load: leading("Operators") },
  { path: "learning/sources", section: "learning", roles: ["lead", "admin"], icon: "tag", title: { en: "Influence", ru: "Влияние" }, load: leading("Sources") },
  { path: "learning/jobs", section: "learning", roles: ["lead", "admin"], icon: "clock", key: "j",
    title: { en: "Jobs", ru: "Задания" }, load: leading("Jobs") },
  { path: "pilots", section: "pilots", roles: ["lead", "admin"], icon: "flask", key: "p", title: { en: "Pilots", ru: "Пилоты" }, load: leading("Pilots") },
  { path: "settings/people", section: "settings", roles: ["admin"], icon: "people", also: "roles invite роли пригласить", key: ",", title: { en: "People", ru: "Люди" }, load: setting("People") },
  { path: "settings/keys", section: "settings", roles: ["admin"], icon: "key", also: "api token токен", title: { en: "Keys", ru: "Ключи" }, load: setting("Keys") },
  { path: "settings/workspace", section: "settings", roles: ["admin"], icon: "gear", title: { en: "Workspace", ru: "Пространство" }, load: setting("Workspace") },
  { path: "settings/profiles", section: "settings", roles: ["admin"], icon: "filter", title: { en: "Profiles", ru: "Профили" }, load: setting("Profiles") },
  { path: "settings/model", section: "settings", roles: ["admin"], icon: "spark", also: "llm openai ai нейросеть", title: { en: "Model server", ru: "Сервер моделей" }, load: setting("Model") },
  { path: "settings/connectors", section: "settings", roles: ["admin"], icon: "plug", title: { en: "Connectors", ru: "Коннекторы" }, load: editing("Connections") }, // the page of sources, where admins look for it
  { path: "settings/webhooks", section: "settings", roles: ["admin"], icon: "send", title: { en: "Webhooks", ru: "Вебхуки" }, load: setting("Webhooks") },
  { path: "settings/retention", section: "settings", roles: ["admin"], icon: "trash", also: "gdpr delete customer забыть клиента персональные данные", title: { en: "Retention and erasure", ru: "Хранение и удаление" }, load: setting("Retention") },
  { path: "settings/audit", section: "settings", roles: ["admin"], icon: "history", title: { en: "Audit log", ru: "Журнал изменений" }, load: setting("Audit") },
];

/** Where a role's work is: the first page of the first of these sections that has one for it. */
const home: Record<Role, SectionName[]> = {
  operator: ["work"], editor: ["gaps", "knowledge"], lead: ["learning"], admin: ["work", "gaps", "learning"],
};

export const may = (page: PageDef, role: string): boolean => (page.roles as string[]).includes(role);

/** The page of an address, and what follows it there. */
export function find(path: string[]): { page: PageDef; rest: string[] } | undefined {
  let best: PageDef | undefined;
  for (const p of pages) {
    const own = p.path.split("/");
    if (own.every((s, i) => path[i] === s) && p.path.length > (best?.path.length ?? -1)) best = p;
  }
  return best && { page: best, rest: path.slice(best.path.split("/").length) };
}

/** The first page of a section that a role may see, for an address that is a section's and no page's; null if it may see none. */
export function entry(path: string[], role: string): PageDef | null | undefined {
  const own = path.length === 1 ? pages.filter((p) => p.section === path[0] && !p.hidden) : [];
  if (own.length === 0 || own.some((p) => p.path === path[0])) return undefined;
  return own.find((p) => may(p, role)) ?? null;
}

/** The page where a role begins. */
export function landing(role: string): PageDef | undefined {
  const visible = pages.filter((p) => !p.hidden && may(p, role));
  for (const section of home[role as Role] ?? []) {
    const p = visible.find((q) => q.section === section);
    if (p) return p;
  }
  return visible[0];
}
