// What jobs are called. The API names and describes them in English; one that
// is not here keeps those words.
import { dict, lang } from "../../i18n";
import type { JobView } from "../../api.gen";

const names = dict(
  EN && {
    calibrate: "Calibration", rerank: "Learning to rank", tune: "Tuning vectors", promote: "Promotion", gaps: "Gaps", alarms: "Alarms", updates: "Product updates", upkeep: "Upkeep",
    progress: "Learning progress", sync: "Syncing sources", deliver: "Sending notices", digest: "Digesting feedback", "forget-notices": "Forgetting notices", "forget-audit": "Forgetting the audit log",
    "forget-sessions": "Forgetting sessions", "forget-replies": "Forgetting request keys", "forget-personal-data": "Forgetting personal data",
  },
  RU && {
    calibrate: "Калибровка", rerank: "Обучение ранжированию", tune: "Настройка векторов", promote: "Ввод в работу", gaps: "Пробелы", alarms: "Тревоги", updates: "Обновления продукта", upkeep: "Уход за базой",
    progress: "Ход обучения", sync: "Обмен с источниками", deliver: "Отправка уведомлений", digest: "Разбор отзывов", "forget-notices": "Удаление старых уведомлений", "forget-audit": "Очистка журнала изменений",
    "forget-sessions": "Удаление сеансов", "forget-replies": "Удаление ключей запросов", "forget-personal-data": "Удаление личных данных",
  },
);

const abouts: Record<string, string> = !RU ? {} : {
  calibrate: "Выясняет, о чём спрашивают, насколько надёжны операторы и случаи и что значит уверенность.",
  rerank: "Выясняет, сколько весит каждый признак и каждый источник; найденное становится кандидатом.",
  tune: "Сдвигает векторы к вопросам, на которые они отвечали; найденное становится кандидатом.",
  promote: "Вводит в работу кандидатов, которые доказали себя на новых вопросах, и откатывает то, что принимают реже прежнего.",
  gaps: "Находит, о чём спрашивают и чего нет в базе, и доказывает, что опубликованное на это отвечает.",
  alarms: "Находит всплески, новые темы и ответы, в которых уверенности стало меньше.",
  updates: "Следит за изменениями статей и помещает в карантин то, что на них опирается, пока это не подтвердят.",
  upkeep: "Находит дубликаты, противоречия и статьи, которые устарели, не используются или всегда правятся.",
  progress: "Измеряет, как быстро осваивается каждая тема.",
  sync: "Приводит базу в соответствие с источниками, чей срок подошёл.",
  deliver: "Отправляет уведомления на вебхуки и по почте.",
  digest: "Разбирает отзывы операторов.",
  "forget-notices": "Удаляет уведомления старше полугода.",
  "forget-audit": "Удаляет записи старше 400 дней.",
  "forget-sessions": "Удаляет закончившиеся сеансы и ссылки.",
  "forget-replies": "Удаляет ключи идемпотентности запросов старше двух дней.",
  "forget-personal-data": "Удаляет личные данные, вынутые из старых черновиков, и тексты давно решённых обращений.",
};

export const titleOf = (name: string): string => names.any(name);
export const aboutOf = (job: JobView): string => (lang.get() === "ru" ? abouts[job.name] : undefined) ?? job.about;
