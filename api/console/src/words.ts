// Words that every page needs. Pages keep their own beside them.
import { dict } from "./i18n";

export const common = dict(
  EN && {
    save: "Save", cancel: "Cancel", close: "Close", retry: "Try again", delete: "Delete", edit: "Edit", add: "Add",
    all: "All", yes: "Yes", no: "No", copy: "Copy", copied: "Copied", undo: "Undo", optional: "optional",
    loading: "Loading", choose: "Choose…", required: "Fill this in", actions: "Actions", details: "Details",
    emptyTitle: "Nothing here yet",
    offlineTitle: "No connection", offlineBody: "The server does not answer. This page loads by itself once it does; nothing you typed is lost.",
    offlineBanner: "No connection. What you type is kept; it can be sent once the server answers.",
    forbiddenTitle: "This page is not for your role", forbiddenBody: "Your role is {role}. An admin of the workspace can change it.", forbiddenHere: "Your role may not do this. An admin of the workspace can change it.", forbiddenPart: "Your role may not see this",
    notFoundTitle: "There is nothing at this address", notFoundBody: "It may have been deleted, or the link is incomplete.",
    errorTitle: "This did not work", busyTitle: "The server is busy",
    brokenBody: "The fault is the server’s, not yours. Try again in a moment; if it happens again, tell an admin what you were doing.",
    busyBody: "Too much at once, or a part of it does not answer. Wait a moment and try again.", toStart: "To the start page",
    conflict: "Somebody else has changed this in the meantime. Load it again to see their version; what you typed is kept.",
    brokenStream: "The answer stopped halfway. Try again.",
    table: "Table", chart: "Chart", downloadSvg: "Download SVG", downloadCsv: "Download CSV",
    selectAll: "Select all", selectRow: "Select {what}", sortBy: "Sort by {what}", inAll: "{n} in all", shownOf: "{n} of {total} loaded", chartHelp: "Arrow keys read the values one by one.",
    resize: "Move the divider", dismiss: "Dismiss", wordsAdded: "added", wordsRemoved: "removed", from: "from", to: "to", noValue: "no value",
  },
  RU && {
    save: "Сохранить", cancel: "Отмена", close: "Закрыть", retry: "Повторить", delete: "Удалить", edit: "Изменить", add: "Добавить",
    all: "Все", yes: "Да", no: "Нет", copy: "Копировать", copied: "Скопировано", undo: "Отменить", optional: "необязательно",
    loading: "Загружается", choose: "Выберите…", required: "Заполните это поле", actions: "Действия", details: "Подробности",
    emptyTitle: "Здесь пока пусто",
    offlineTitle: "Нет связи", offlineBody: "Сервер не отвечает. Страница загрузится сама, как только он ответит; введённое не пропадёт.",
    offlineBanner: "Нет связи. Введённое сохраняется здесь; отправить можно будет, когда сервер ответит.",
    forbiddenTitle: "Эта страница не для вашей роли", forbiddenBody: "Ваша роль: {role}. Изменить её может администратор.", forbiddenHere: "Вашей роли это не разрешено. Изменить роль может администратор.", forbiddenPart: "Вашей роли это не показывают",
    notFoundTitle: "По этому адресу ничего нет", notFoundBody: "Возможно, это удалили, или ссылка неполная.",
    errorTitle: "Не получилось", busyTitle: "Сервер занят",
    brokenBody: "Это сбой на сервере, вы ни при чём. Повторите чуть позже; если не поможет, расскажите администратору, что вы делали.",
    busyBody: "Слишком много запросов сразу, или одна из частей не отвечает. Подождите немного и повторите.", toStart: "На главную страницу",
    conflict: "Тем временем это изменил кто-то другой. Загрузите заново, чтобы увидеть чужую правку; введённое вами сохранено.",
    brokenStream: "Ответ оборвался на середине. Повторите.",
    table: "Таблица", chart: "График", downloadSvg: "Скачать SVG", downloadCsv: "Скачать CSV",
    selectAll: "Выбрать все", selectRow: "Выбрать: {what}", sortBy: "Сортировать: {what}",
    inAll: "Всего: {n}", shownOf: "Загружено {n} из {total}", chartHelp: "Стрелки читают значения по одному.", resize: "Передвинуть границу", dismiss: "Убрать", wordsAdded: "добавлено", wordsRemoved: "удалено", from: "от", to: "до", noValue: "нет значения",
  },
);

export const roles = dict(
  EN && { admin: "admin", editor: "editor", operator: "operator", lead: "lead", helpdesk: "helpdesk system" },
  RU && { admin: "администратор", editor: "редактор", operator: "оператор", lead: "руководитель", helpdesk: "хелпдеск-система" },
);
