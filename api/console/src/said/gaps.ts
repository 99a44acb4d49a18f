// Why something is a gap, why a question has no answer yet, and what became of
// a gap.
import { saying, type Rules } from "./saying";

const rules: Rules = !RU ? [] : [
  ["What would answer may not be shown to who asked: %d of %d.", "То, что дало бы ответ, нельзя показывать тем, кто спросил: $1 из $2."],
  ["Operators found what is written outdated or wrong: %d of %d.", "Операторы сочли написанное устаревшим или неверным: $1 из $2."],
  ["What operators replied is written in an article, and the drafts did not say it: %d of %d.", "То, что ответили операторы, есть в статье, но в черновики это не попало: $1 из $2."],
  ["Most replies say what was done for one customer: %d of %d.", "В большинстве ответов сказано, что сделали для одного клиента: $1 из $2."],
  ["Only %d of %d replies rest on an article.", "На статью опираются только $1 из $2[ответа|ответов|ответов]."],
  ["No reply rests on an article. They resemble “%s” in parts, but %s.", "Ни один ответ не опирается на статью. Местами похоже на «$1», но @2."], ["No reply rests on an article.", "Ни один ответ не опирается на статью."],
  ["%s (%d of %d replies)", "@1 ($2 из $3[ответа|ответов|ответов])"],
  ["the article says hardly anything of what operators replied", "в статье почти нет того, что отвечали операторы"], ["the article says none of the numbers, dates and prices that operators replied", "в статье нет ни одного из чисел, дат и цен, которые называли операторы"],
  ["the article says “%s”, operators say “%s”", "в статье сказано «$1», операторы говорят «$2»"],
  ["%s; by itself it does not answer with enough confidence; it does not say what the operator replied", "@1; сама по себе она не даёт достаточно уверенного ответа; в ней нет того, что ответил оператор"],
  ["%s; by itself it does not answer with enough confidence", "@1; сама по себе она не даёт достаточно уверенного ответа"], ["%s; it does not say what the operator replied", "@1; в ней нет того, что ответил оператор"],
  ["the article is not found", "статья не находится"], ["the article is found first", "статья находится первой"], ["the article is found in place %d, after %q", "статья находится на месте $1, после «$2»"],
  ["the article is not published", "статья не опубликована"], ["the article was shown when the question failed, and is as it was", "статью показывали и тогда, и с тех пор она не изменилась"], ["there is nothing to look for in it", "в вопросе нечего искать"],
  ["to nobody, due %s", "никому, срок $1"], ["to nobody", "никому"], ["to %s, due %s", "кому: $1, срок $2"], ["to %s", "кому: $1"], ["%d customers asked", "спросили $1[клиент|клиента|клиентов]"], ["article %s", "статья $1"], ["%d of %d questions are answered", "ответ есть на $1 из $2[вопроса|вопросов|вопросов]"],
  ["into %s", "стал частью $1"], ["off from %s", "отделён от $1"], ["a part of it is a gap of its own: %s", "часть стала отдельным пробелом: $1"], ["%s is a part of it", "вошёл $1"], ["from %s to %s", "$1 → $2"],
  ["%.0f tickets a month, and %.0f when it was dismissed", "в месяц $1[обращение|обращения|обращений], а когда отклонили, было $2"], ["%d customers have asked since it was closed", "после закрытия спросили ещё $1[клиент|клиента|клиентов]"],
];

export const whyGap = saying(rules);
