// What Whetstone says in English sentences, for Russian readers. A sentence
// that is not among them stays as it is.
import { date, lang } from "../../i18n";

export type Rules = readonly (readonly [RegExp, string])[];

export const said = (rules: Rules, text: string): string =>
  (RU && lang.get() === "ru" ? rules.reduce((s, [en, ru]) => s.replace(en, ru), text) : text).replace(/\b\d{4}-\d\d-\d\d\b/g, (d) => date(d + "T12:00:00Z"));

export const gapRules: Rules = [
  [/^What would answer may not be shown to who asked: (\d+) of (\d+)\./, "То, что дало бы ответ, нельзя показывать тому, кто спросил: $1 из $2."],
  [/^Operators found what is written outdated or wrong: (\d+) of (\d+)\./, "Операторы сочли написанное устаревшим или неверным: $1 из $2."],
  [/^The operators' replies rest on articles that were not found: (\d+) of (\d+)\./, "Ответы операторов опираются на статьи, которых поиск не нашёл: $1 из $2."],
  [/^Most replies say what was done for one customer: (\d+) of (\d+)\./, "В большинстве ответов сказано, что сделали для одного клиента: $1 из $2."],
  [/^Only (\d+) of (\d+) replies rest on an article\./, "На статью опираются только $1 из $2 ответов."],
  [/^No reply rests on an article\./, "Ни один ответ не опирается на статью."],
  [/the article is not found/, "статья не находится"],
  [/the article is found first/, "статья находится первой"],
  [/the article is found in place (\d+), after "(.*?)"(?=;|$)/, "статья находится на месте $1, после «$2»"],
  [/; by itself it does not answer with enough confidence/, "; сама по себе она не отвечает достаточно уверенно"],
  [/; it does not say what the operator replied/, "; в ней нет того, что ответил оператор"],
  [/the article is not published/, "статья не опубликована"],
  [/the article was shown when the question failed, and is as it was/, "статью показывали и тогда, и она с тех пор не изменилась"],
  [/there is nothing to look for in it/, "в вопросе нечего искать"],
];

export const noteRules: Rules = [
  [/^to nobody/, "никому"], [/^to /, "кому: "], [/, due (\d{4}-\d\d-\d\d)$/, ", срок $1"], [/^(\d+) customers asked$/, "спросили клиентов: $1"],
  [/^article (\S+)$/, "статья $1"], [/^(\d+) of (\d+) questions are answered$/, "есть ответ на вопросы: $1 из $2"], [/^into (\S+)$/, "стал частью $1"],
  [/^off from (.*)$/, "отделён от: $1"], [/^a part of it is a gap of its own: (\S+)$/, "часть стала отдельным пробелом: $1"], [/^(.*) is a part of it$/, "вошло: $1"], [/^from (.*) to (.*)$/, "$1 → $2"],
];
