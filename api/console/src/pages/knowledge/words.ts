import { dict } from "../../i18n";

export const t = dict(
  EN && {
    articles: "Articles", cases: "Cases", articlesLead: "What replies are written from. Search finds here what a suggestion would find.", casesLead: "Questions that were answered, with the reply that settled them.",
    newArticle: "New article", find: "Search as a suggestion would", status: "Status", language: "Language", anyStatus: "Any status", anyLanguage: "Any language",
    draft: "Draft", published: "Published", archived: "Archived", internal: "Internal", public: "Public",
    title: "Title", changed: "Changed", selected: { one: "{n} selected", other: "{n} selected" }, publish: "Publish", archive: "Archive", clear: "Clear selection",
    didPublish: { one: "{n} published", other: "{n} published" }, didArchive: { one: "{n} archived", other: "{n} archived" }, didDelete: { one: "{n} deleted", other: "{n} deleted" }, undone: { one: "{n} is as it was", other: "{n} are as they were" },
    notDone: { one: "{n} was left alone: somebody changed it meanwhile, or it failed.", other: "{n} were left alone: somebody changed them meanwhile, or they failed." },
    deleteMany: { one: "Delete {n} document?", other: "Delete {n} documents?" }, deleteBody: "Replies no longer rest on them. Their history stays, and you can bring them back.",
    noArticles: "No articles yet", noArticlesBody: "Write the first one, or import what you have.", noCases: "No cases yet", noCasesBody: "Resolved tickets become cases by themselves.", noneFit: "Nothing fits these filters", dropFilters: "Drop the filters",
    importFiles: "Import files", nothingFound: "A suggestion would find nothing", nothingFoundBody: "Nobody has written about this yet, or it is a draft. Only what is published is searched.", best: "Best first, with the place that bears on the question. Only what is published is found.", byName: "By name", tryIt: "Why this order?",
    unsaved: { one: "Unsaved changes in {n} document:", other: "Unsaved changes in {n} documents:" }, untitled: "Without a title", newOne: "new article", focusFind: "Search",
  },
  RU && {
    articles: "Статьи", cases: "Случаи", articlesLead: "Из чего пишутся ответы. Поиск находит то же, что нашлось бы для черновика.", casesLead: "Вопросы, на которые уже ответили, и ответ, который помог.",
    newArticle: "Новая статья", find: "Искать, как для черновика", status: "Состояние", language: "Язык", anyStatus: "Любое состояние", anyLanguage: "Любой язык",
    draft: "Черновик", published: "Опубликовано", archived: "В архиве", internal: "Внутреннее", public: "Для всех",
    title: "Название", changed: "Изменено", selected: { one: "Выбран {n}", few: "Выбрано {n}", many: "Выбрано {n}", other: "Выбрано {n}" }, publish: "Опубликовать", archive: "В архив", clear: "Снять выбор",
    didPublish: { one: "Опубликован {n} документ", few: "Опубликовано {n} документа", many: "Опубликовано {n} документов", other: "Опубликовано {n} документа" },
    didArchive: { one: "В архиве {n} документ", few: "В архиве {n} документа", many: "В архиве {n} документов", other: "В архиве {n} документа" },
    didDelete: { one: "Удалён {n} документ", few: "Удалено {n} документа", many: "Удалено {n} документов", other: "Удалено {n} документа" },
    undone: { one: "{n} документ снова как был", few: "{n} документа снова как были", many: "{n} документов снова как были", other: "{n} документа снова как были" },
    notDone: { one: "{n} документ не тронут: его тем временем изменили, или не получилось.", few: "{n} документа не тронуты: их тем временем изменили, или не получилось.", many: "{n} документов не тронуты: их тем временем изменили, или не получилось.", other: "{n} документа не тронуты: их тем временем изменили, или не получилось." },
    deleteMany: { one: "Удалить {n} документ?", few: "Удалить {n} документа?", many: "Удалить {n} документов?", other: "Удалить {n} документа?" }, deleteBody: "Ответы больше не будут на них опираться. История останется, и документы можно вернуть.",
    noArticles: "Статей пока нет", noArticlesBody: "Напишите первую или загрузите то, что уже есть.", noCases: "Случаев пока нет", noCasesBody: "Решённые обращения становятся случаями сами.", noneFit: "С такими фильтрами ничего не нашлось", dropFilters: "Сбросить фильтры",
    importFiles: "Загрузить файлы", nothingFound: "Для черновика ничего бы не нашлось", nothingFoundBody: "Об этом ещё не написали, или это черновик. Ищется только опубликованное.", best: "Сначала лучшее, с местом, которое относится к вопросу. Находится только опубликованное.", byName: "По названию", tryIt: "Почему такой порядок?",
    unsaved: { one: "Не сохранены правки в {n} документе:", few: "Не сохранены правки в {n} документах:", many: "Не сохранены правки в {n} документах:", other: "Не сохранены правки в {n} документах:" }, untitled: "Без названия", newOne: "новая статья", focusFind: "Искать",
  },
);
