import { dict } from "../../i18n";

export const t = dict(
  EN && {
    title: "Jobs", lead: "What Whetstone does by itself, for the whole service.",
    name: "Job", schedule: "When", last: "Last run", next: "Next run", status: "Status", took: "Took", note: "What came of it", started: "Begun",
    run: "Run now", running: "Running", done: "Done", failed: "Failed", skipped: "Skipped", abandoned: "Abandoned", never: "Never ran",
    always: "Everywhere", everywhere: "Every process does this for itself, so it keeps no runs and cannot be started.",
    history: "History", historyOf: "Runs of {name}", noRuns: "It has not run yet.", noJobs: "No jobs are set up", noJobsBody: "This server does nothing by itself.", noJob: "There is no such job", noJobBody: "This server has no job called “{name}”.",
    begun: "“{name}” has begun.", back: "Jobs", due: "Due {when}", tookChart: "How long it took", when: "When", minutes: "Took",
    failing: { one: "{n} job failed when it ran last.", other: "{n} jobs failed when they ran last." }, refresh: "Load again",
    everyMinute: "every minute", everyN: "every {what}", daily: "every day at {time}", hourly: "every hour at :{minute}", weekly: "{day} at {time}",
  },
  RU && {
    title: "Задания", lead: "Что Whetstone делает сам, для всего сервиса.",
    name: "Задание", schedule: "Когда", last: "Последний запуск", next: "Следующий", status: "Состояние", took: "Длилось", note: "Что вышло", started: "Начато",
    run: "Запустить", running: "Выполняется", done: "Готово", failed: "Не удалось", skipped: "Пропущено", abandoned: "Прервано", never: "Не запускалось",
    always: "Везде", everywhere: "Каждый процесс делает это сам для себя, поэтому запусков не ведёт и вручную не начинается.",
    history: "История", historyOf: "Запуски: {name}", noRuns: "Ещё не запускалось.", noJobs: "Заданий нет", noJobsBody: "Этот сервер ничего не делает сам.", noJob: "Такого задания нет", noJobBody: "Задания «{name}» на этом сервере нет.",
    begun: "Задание «{name}» началось.", back: "Задания", due: "Срок: {when}", tookChart: "Сколько длилось", when: "Когда", minutes: "Длилось",
    failing: { one: "{n} задание в последний раз не удалось.", few: "{n} задания в последний раз не удались.", many: "{n} заданий в последний раз не удались.", other: "{n} задания в последний раз не удались." },
    refresh: "Загрузить заново",
    everyMinute: "каждую минуту", everyN: "раз в {what}", daily: "каждый день в {time}", hourly: "каждый час, на {minute}-й минуте", weekly: "{day} в {time}",
  },
);
