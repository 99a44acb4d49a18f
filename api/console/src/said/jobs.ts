// What came of the runs of jobs. A note counts the workspaces by what they came
// to: "2 without feedback, 1 calibrated".
import { lang, number } from "../i18n";
import { saying, type Rules } from "./saying";

const rules: Rules = !RU ? [] : [
  ["nothing to do", "делать нечего"], ["without feedback", "отзывов нет"], ["calibrated", "откалибровано"], ["failed", "не удалось"], ["with too few judgements", "слишком мало оценок"], ["with a candidate that waits for more questions", "кандидат ждёт новых вопросов"], ["with a candidate", "есть кандидат"],
  ["with too few questions that an article answered", "слишком мало вопросов с ответом в статьях"], ["without an index", "указателя нет"], ["where moving vectors does not help", "сдвиг векторов не помогает"],
  ["without a candidate", "кандидатов нет"], ["rolled back", "откат"], ["promoted after a pilot", "введено после пилота"], ["promoted", "введено в работу"], ["rejected", "отклонено"], ["waiting for more questions", "ждёт новых вопросов"], ["overtaken by another run", "опередил другой запуск"],
  ["with news", "есть новое"], ["as before", "без изменений"], ["without traffic", "обращений нет"], ["with alarms that last", "тревоги продолжаются"], ["with alarms", "есть тревоги"], ["quiet", "спокойно"], ["with nothing yet", "пока ничего"], ["reported", "измерено"],
  ["begun", "начато"], ["with new quarantines", "новые карантины"], ["with changes", "есть изменения"], ["with new chores", "новые задачи"], ["with chores done", "задачи закрыты"],
  ["%d forgotten", "забыто: $1"], ["%d suggestions", "$1[черновик|черновика|черновиков]"], ["%d tickets", "$1[обращение|обращения|обращений]"], ["%d of %d due begun", "начато $1 из $2[положенного|положенных|положенных]"],
  ["an earlier run was still under way", "прежний запуск ещё шёл"], ["its server died; a later run did its work", "сервер остановился; работу сделал следующий запуск"], ["given up: its server died or lost it %d times", "прекращено: сервер останавливался или терял задание $1[раз|раза|раз]"],
  ["failed; the server's log says why", "не удалось; почему — в журнале сервера"], ["its server stopped; another takes it over", "сервер остановился; продолжит другой"], ["panicked; the server's log says where", "сбой программы; где — в журнале сервера"], ["took longer than it may", "длилось дольше, чем можно"], ["the database did not answer", "база данных не ответила"],
];

const say = saying(rules);

// A part of a note, and how many workspaces it is said of; of one that need not be said.
function part(text: string): string {
  const whole = say(text);
  if (whole !== text) return whole;
  const [, n, what] = text.match(/^(\d+) ((?!of |forgotten|suggestions|tickets).+)$/) ?? [];
  if (!n || !what) return text;
  const said = say(what);
  return Number(n) === 1 ? said : `${said} (${number(Number(n))})`;
}

/** What came of a run, in the reader's words. */
export function outcome(note: string): string {
  const said = say(note);
  if (said !== note) return said;
  return note.split("; ").map((s) => (say(s) === s ? s.split(", ").map(part).join(", ") : say(s))).join("; ").replace(/^./, (c) => (lang.get() === "ru" ? c : c.toUpperCase()));
}
