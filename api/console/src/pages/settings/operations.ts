// What the API's operations are called in the audit, by their ids, and where
// what they change is shown.
import { dict } from "../../i18n";
import { linkTo } from "../../palette";
import { pages } from "../../pages";
import { href } from "../../router";

// An id is a verb and a noun, such as put-article: "Article: written". Those
// that are not stand whole.
const words = dict(
  EN && {
    article: "Article", articles: "Many articles", "article-care": "Article", case: "Case", cases: "Many cases", gap: "Gap", upkeep: "Upkeep", quarantine: "Quarantine", connection: "Source", pilot: "Pilot", ranker: "Ranker", source: "A source's influence", operator: "An operator's influence",
    job: "Job", settings: "Learning settings", profile: "Profile", key: "Key", person: "Person", webhook: "Webhook", widget: "Panel", ticket: "Ticket", session: "Own name, language or password",
    put: "written", delete: "deleted", restore: "restored", bulk: "written", merge: "merged", change: "changed", draft: "article drafted", publish: "article published", verify: "asked again", confirm: "confirmed", lift: "lifted", sync: "synced", pause: "paused", resume: "resumed", start: "started", stop: "stopped", ramp: "percentage changed", serve: "made to serve",
    override: "decided by hand", run: "started", make: "made", revoke: "revoked", reset: "password reset", assign: "assigned", stand: "solved or reopened",
    "put-article-care": "Article: verified", "roll-back": "Ranker: rolled back", import: "File: imported", invite: "Person: invited", resend: "Notice: sent again", erase: "Customer: erased for good", "sign-in": "Signed in", "sign-in-oidc": "Signed in with the company account", enter: "Signed in by a link", "sign-out": "Signed out",
  },
  RU && {
    article: "Статья", articles: "Много статей", "article-care": "Статья", case: "Случай", cases: "Много случаев", gap: "Пробел", upkeep: "Уход за базой", quarantine: "Карантин", connection: "Источник", pilot: "Пилот", ranker: "Версия обучения", source: "Влияние источника", operator: "Влияние оператора",
    job: "Задание", settings: "Настройки обучения", profile: "Профиль", key: "Ключ", person: "Человек", webhook: "Вебхук", widget: "Панель", ticket: "Обращение", session: "Свои имя, язык или пароль",
    put: "сохранение", delete: "удаление", restore: "восстановление", bulk: "сохранение", merge: "объединение", change: "изменение", draft: "черновик статьи", publish: "публикация статьи", verify: "перепроверка", confirm: "подтверждение", lift: "снятие", sync: "обмен", pause: "приостановка", resume: "возобновление", start: "запуск", stop: "остановка", ramp: "изменение доли", serve: "ввод в работу",
    override: "решение вручную", run: "запуск", make: "создание", revoke: "отзыв", reset: "сброс пароля", assign: "назначение", stand: "решение или возврат",
    "put-article-care": "Статья: проверка", "roll-back": "Версия обучения: откат", import: "Файл: импорт", invite: "Человек: приглашение", resend: "Уведомление: повторная отправка", erase: "Клиент: удаление навсегда", "sign-in": "Вход", "sign-in-oidc": "Вход через учётную запись компании", enter: "Вход по ссылке", "sign-out": "Выход",
  },
);

/** In the order of the list of filters. */
export const operations = ("put-article delete-article restore-article bulk-articles put-article-care merge-article put-case delete-case restore-case bulk-cases import change-gap draft-gap publish-gap verify-gap change-upkeep confirm-quarantine lift-quarantine " +
  "put-connection delete-connection sync-connection pause-connection resume-connection put-pilot start-pilot stop-pilot ramp-pilot serve-ranker roll-back override-source lift-source override-operator lift-operator run-job put-settings put-profile delete-profile " +
  "make-key revoke-key invite change-person reset-person delete-person make-webhook change-webhook delete-webhook resend put-widget assign-ticket stand-ticket erase sign-in sign-in-oidc enter sign-out change-session").split(" ");

/** An operation in words; its id if it has none here. */
export function said(operation: string): string {
  const whole = words.any(operation);
  if (whole !== operation) return whole;
  const [, verb = "", noun = ""] = operation.match(/^([a-z]+)-(.+)$/) ?? [];
  const does = words.any(verb), what = words.any(noun);
  return does === verb || what === noun ? operation : `${what}: ${does}`;
}

// Pages that show what palette's linkTo does not know.
const homes: Record<string, string> = { webhook: "settings/webhooks", profile: "settings/profiles", job: "learning/jobs" };

/** Where the subject of an entry is shown; "" if nowhere, or if it is gone. */
export function subjectLink(what: string, subject: string): string {
  if (!subject || what.startsWith("delete-")) return "";
  if (what === "invite") return linkTo("person", subject);
  const kind = what.match(/article|case|gap|ticket|pilot|person|webhook|profile|job/)?.[0] ?? "";
  const home = homes[kind];
  return home ? (pages.some((p) => p.path === home) ? href(home, subject) : "") : linkTo(kind, subject);
}
