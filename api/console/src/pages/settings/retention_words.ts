import { dict } from "../../i18n";

export const t = dict(
  EN && {
    title: "Retention and erasure", lead: "What is kept for how long, and how a customer is forgotten.", kept: "What is kept", always: "until erased", days: { one: "{n} day", other: "{n} days" },
    personal: "Personal data in questions", personalHint: "Names, numbers and addresses that stand behind the placeholders of a suggestion.", tickets: "Texts of solved tickets", ticketsHint: "Counted from when the ticket was last touched; its figures stay.",
    suggestions: "Suggestions and what became of them", suggestionsHint: "With placeholders instead of personal data.", knowledge: "Articles and cases with their history", knowledgeHint: "Cases hold no personal data.",
    audit: "Who changed what", auditHint: "The audit log.", notices: "Notices and deliveries", noticesHint: "Gaps, alarms and what webhooks were sent.", runs: "Runs of jobs", runsHint: "At most the last 200 of each.", sessions: "Sessions", sessionsHint: "They end after 12 hours without a call.", requests: "Keys of requests", requestsHint: "So that a request that is sent twice is done once.",
    change: "The first two are set with WHETSTONE_KEEP_DAYS, for the whole service; a job forgets every night.",
    eraseTitle: "Erase a customer", eraseLead: "Takes out everything kept of a customer, and learns anew without it. First it is counted; nothing goes before you confirm.",
    customer: "Customer", customerHint: "Their id in your helpdesk, exactly as it was sent.", ticketIds: "Or tickets, by id", ticketIdsHint: "With commas or lines between them.", count: "Count first",
    found: "There are {tickets} and {suggestions}. With them go all that was told about them and the cases made of them alone.", nothing: "Nothing is kept under this id. If an erasing was interrupted, erasing again finishes it.", anyway: "Erase all the same",
    ticketsN: { one: "{n} ticket", other: "{n} tickets" }, suggestionsN: { one: "{n} suggestion", other: "{n} suggestions" },
    sure: "Erase {who} for good?", sureBody: "This cannot be undone. It can take some minutes, because what was learned is learned anew.", erase: "Erase for good", erasing: "Erasing", done: "Erased.", doneNothing: "There was nothing left to erase.", refitted: "What was learned from it was learned anew.",
    left: "Copies of the database that were made before, and your helpdesk's own records, are yours to see to.", inAudit: "See the audit log",
    n_tickets: "Tickets", n_suggestions: "Suggestions", n_events: "Told about them", n_judgements: "Judgements", n_cases: "Cases", n_cases_retold: "Cases told in others' words", n_vectors: "Vectors", n_tuned_vectors: "Vectors put back", n_topic_examples: "Examples of topics", n_failures: "Evidence of gaps", n_quotes: "Quotes elsewhere", n_idempotency_keys: "Keys of requests",
  },
  RU && {
    title: "Хранение и удаление", lead: "Что и как долго хранится и как забыть клиента.", kept: "Что хранится", always: "до удаления", days: { one: "{n} день", few: "{n} дня", many: "{n} дней", other: "{n} дня" },
    personal: "Личные данные в вопросах", personalHint: "Имена, номера и адреса, которые скрыты за метками в черновике.", tickets: "Тексты решённых обращений", ticketsHint: "Со дня последнего изменения; показатели остаются.",
    suggestions: "Черновики и что с ними стало", suggestionsHint: "С метками вместо личных данных.", knowledge: "Статьи и случаи с историей", knowledgeHint: "В случаях нет личных данных.",
    audit: "Кто что менял", auditHint: "Журнал изменений.", notices: "Уведомления и отправки", noticesHint: "Пробелы, тревоги и что ушло на вебхуки.", runs: "Запуски заданий", runsHint: "Не больше 200 последних у каждого.", sessions: "Сеансы", sessionsHint: "Заканчиваются после 12 часов без обращений.", requests: "Ключи запросов", requestsHint: "Чтобы запрос, отправленный дважды, выполнился один раз.",
    change: "Первые два срока задаёт WHETSTONE_KEEP_DAYS, для всего сервиса; забывает ночное задание.",
    eraseTitle: "Удалить клиента", eraseLead: "Убирает всё, что хранится о клиенте, и учится заново без этого. Сначала подсчёт; до подтверждения ничего не пропадёт.",
    customer: "Клиент", customerHint: "Его id в вашем хелпдеске, точно как передавали.", ticketIds: "Или обращения, по id", ticketIdsHint: "Через запятую или с новой строки.", count: "Сначала подсчитать",
    found: "Найдено: {tickets} и {suggestions}. Вместе с ними уйдёт всё, что о них сообщали, и случаи, сделанные только из них.", nothing: "Под этим id ничего нет. Если удаление прервалось, повторное его закончит.", anyway: "Всё равно удалить",
    ticketsN: { one: "{n} обращение", few: "{n} обращения", many: "{n} обращений", other: "{n} обращения" }, suggestionsN: { one: "{n} черновик", few: "{n} черновика", many: "{n} черновиков", other: "{n} черновика" },
    sure: "Удалить навсегда: {who}?", sureBody: "Отменить это нельзя. Может занять несколько минут: выученное учится заново.", erase: "Удалить навсегда", erasing: "Удаляется", done: "Удалено.", doneNothing: "Удалять было уже нечего.", refitted: "Выученное на этом выучено заново.",
    left: "Прежние копии базы данных и записи самого хелпдеска остаются на вас.", inAudit: "Открыть журнал",
    n_tickets: "Обращения", n_suggestions: "Подсказки", n_events: "Сообщения о них", n_judgements: "Оценки", n_cases: "Случаи", n_cases_retold: "Случаи, пересказанные другими словами", n_vectors: "Векторы", n_tuned_vectors: "Возвращённые векторы", n_topic_examples: "Примеры тем", n_failures: "Свидетельства пробелов", n_quotes: "Цитаты в других местах", n_idempotency_keys: "Ключи запросов",
  },
);
