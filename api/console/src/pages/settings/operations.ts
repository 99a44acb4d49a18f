// What the API's operations are called in the audit, by their ids, and where
// what they change is shown.
import { dict } from "../../i18n";
import { linkTo } from "../../palette";
import { pages } from "../../pages";
import { href } from "../../router";

const names = dict(
  {
    "put-article": "Wrote an article", "delete-article": "Deleted an article", "restore-article": "Restored an article", "bulk-articles": "Wrote many articles", "put-article-care": "Verified an article",
    "merge-article": "Merged an article", "put-case": "Wrote a case", "delete-case": "Deleted a case", "restore-case": "Restored a case", "bulk-cases": "Wrote many cases", import: "Imported a file", "change-gap": "Changed a gap",
    "draft-gap": "Drafted an article for a gap", "publish-gap": "Published an article for a gap", "verify-gap": "Asked a gap's questions again", "change-upkeep": "Saw to a chore",
    "confirm-quarantine": "Confirmed a quarantined document", "lift-quarantine": "Lifted a quarantine", "put-connection": "Set up a source", "delete-connection": "Deleted a source", "sync-connection": "Synced a source",
    "pause-connection": "Paused a source", "resume-connection": "Resumed a source", "put-pilot": "Changed a pilot", "start-pilot": "Started a pilot", "stop-pilot": "Stopped a pilot", "ramp-pilot": "Changed a pilot's percentage",
    "serve-ranker": "Made a ranker serve", "roll-back": "Rolled a ranker back", "override-source": "Overruled a source", "lift-source": "Left a source to learning", "override-operator": "Undid an operator's influence",
    "lift-operator": "Let an operator count again", "run-job": "Ran a job", "put-settings": "Changed how the workspace learns", "put-profile": "Changed a profile", "delete-profile": "Deleted or reset a profile",
    "make-key": "Made a key", "revoke-key": "Revoked a key", invite: "Invited somebody", "change-person": "Changed somebody's access", "reset-person": "Reset a password", "make-webhook": "Made a webhook",
    "change-webhook": "Changed a webhook", "delete-webhook": "Deleted a webhook", resend: "Resent a notice", "put-widget": "Changed where the panel may be shown", "assign-ticket": "Took or gave a ticket",
    "stand-ticket": "Solved or reopened a ticket", erase: "Erased a customer", "sign-in": "Signed in", enter: "Signed in by a link", "sign-out": "Signed out", "change-session": "Changed their own name, language or password",
  },
  {
    "put-article": "Статья записана", "delete-article": "Статья удалена", "restore-article": "Статья восстановлена", "bulk-articles": "Записано много статей", "put-article-care": "Статья проверена",
    "merge-article": "Статьи объединены", "put-case": "Случай записан", "delete-case": "Случай удалён", "restore-case": "Случай восстановлен", "bulk-cases": "Записано много случаев", import: "Файл импортирован",
    "change-gap": "Пробел изменён", "draft-gap": "Для пробела составлена статья", "publish-gap": "Для пробела опубликована статья", "verify-gap": "Пробел перепроверен", "change-upkeep": "Задача ухода изменена",
    "confirm-quarantine": "Документ в карантине подтверждён", "lift-quarantine": "Карантин снят", "put-connection": "Источник настроен", "delete-connection": "Источник удалён", "sync-connection": "Обмен с источником начат",
    "pause-connection": "Источник приостановлен", "resume-connection": "Источник возобновлён", "put-pilot": "Пилот изменён", "start-pilot": "Пилот запущен", "stop-pilot": "Пилот остановлен", "ramp-pilot": "Доля пилота изменена",
    "serve-ranker": "Версия введена в работу", "roll-back": "Версия откачена", "override-source": "Влияние источника задано вручную", "lift-source": "Источник возвращён обучению", "override-operator": "Влияние оператора убрано",
    "lift-operator": "Влияние оператора возвращено", "run-job": "Задание запущено", "put-settings": "Настройки обучения изменены", "put-profile": "Профиль изменён", "delete-profile": "Профиль удалён или сброшен",
    "make-key": "Ключ создан", "revoke-key": "Ключ отозван", invite: "Отправлено приглашение", "change-person": "Доступ человека изменён", "reset-person": "Пароль сброшен", "make-webhook": "Вебхук создан",
    "change-webhook": "Вебхук изменён", "delete-webhook": "Вебхук удалён", resend: "Уведомление отправлено снова", "put-widget": "Изменено, где показывать панель", "assign-ticket": "Обращение взято или передано",
    "stand-ticket": "Обращение решено или возвращено", erase: "Клиент удалён навсегда", "sign-in": "Вход", enter: "Вход по ссылке", "sign-out": "Выход", "change-session": "Изменены свои имя, язык или пароль",
  },
);

/** In the order of the lists of filters. */
export const operations = "put-article delete-article restore-article bulk-articles put-article-care merge-article put-case delete-case restore-case bulk-cases import change-gap draft-gap publish-gap verify-gap change-upkeep confirm-quarantine lift-quarantine put-connection delete-connection sync-connection pause-connection resume-connection put-pilot start-pilot stop-pilot ramp-pilot serve-ranker roll-back override-source lift-source override-operator lift-operator run-job put-settings put-profile delete-profile make-key revoke-key invite change-person reset-person make-webhook change-webhook delete-webhook resend put-widget assign-ticket stand-ticket erase sign-in enter sign-out change-session".split(" ");

/** An operation in words; its id if it has none here. */
export const said = (operation: string): string => names.any(operation);

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
