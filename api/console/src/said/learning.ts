// What is noted of versions that were learned, and why a source was given the
// credit that it has.
import { saying, type Rules } from "./saying";

const versions: Rules = !RU ? [] : [
  ["%+.1f points over the serving ranker (%+.1f to %+.1f) on %d later questions", "$1 п. п. к нынешней версии (от $2 до $3) на $4[более позднем вопросе|более поздних вопросах|более поздних вопросах]"],
  ["Not promoted: there are %d later questions, and a verdict needs at least %d.", "Не введена: более поздних вопросов $1, а для решения нужно не меньше $2."],
  ["Not promoted: the %d later questions are rephrasings of %d, and a verdict needs at least %d.", "Не введена: $1[более поздний вопрос повторяет|более поздних вопроса повторяют|более поздних вопросов повторяют] $2 разных, а для решения нужно не меньше $3."],
  ["Not promoted: no difference; both rankers reach %.1f %% on %d later questions.", "Не введена: разницы нет; обе версии дают $1 % на $2[более позднем вопросе|более поздних вопросах|более поздних вопросах]."],
  ["Not promoted: the rankers differ on %d of %d groups of questions, and fewer than %d do not tell gain from chance.", "Не введена: версии расходятся в $1 из $2[группы|групп|групп] вопросов, а меньше $3 не отличить от случайности."],
  ["Not promoted: no gain; %s.", "Не введена: выигрыша нет; @1."], ["Not promoted: %s; the lower bound is below %+.1f.", "Не введена: @1; нижняя граница ниже $2."], ["Not promoted: %s, but %s.", "Не введена: @1, но @2."], ["Promoted: %s; %s.", "Введена: @1; @2."],
  ["what was displayed is not known, so there is no off-policy estimate", "что показывали, неизвестно, поэтому оценки по журналу нет"],
  ["%+.1f points (%+.1f to %+.1f; %d displays, effective sample size %.0f, mean weight %.2f)", "$1 п. п. (от $2 до $3; показов $4, действующая выборка $5, средний вес $6)"],
  ["the off-policy estimate agrees, %s", "оценка по журналу согласна: @1"], ["the off-policy estimate refutes it, worse in %.0f %% of resamples, %s", "оценка по журналу против: хуже в $1 % выборок, @2"], ["the off-policy estimate is too thin to prove or refute, %s", "для оценки по журналу данных мало: @1"],
  ["Too early to tell: %d suggestions before and %d since, of at least %d and %d.", "Судить рано: черновиков до этого $1, после $2, а нужно не меньше $3 и $4."],
  ["%.1f %% of %d suggestions since, %.1f %% of %d before (p = %.3g, valid at every look)", "$1 % из $2 с тех пор, $3 % из $4 до этого (p = $5, верно в любой момент)"],
  ["Rolled back: acceptance has fallen by more than %.1f points: %s.", "Откат: принимать стали реже больше чем на $1 п. п.: @2."], ["Acceptance has not been shown to fall: %s.", "Что принимать стали реже, не видно: @1."],
  ["has not come to the gate yet", "проверки ещё не было"], ["a newer candidate took its place before it came to the gate", "до проверки её сменил более новый кандидат"], ["the pilot that tried it has ended; %s", "пилот, который её испытывал, закончился; @1"],
  ["%s made it serve; it was %s: %s", "ввод в работу вручную, кто: $1; до этого: @3"], ["rolled back by itself: %s", "откат сделан автоматически: @1"], ["%s rolled it back", "откат сделан вручную, кто: $1"], ["serves again since version %d was rolled back", "снова в работе после отката версии $1"], ["version %d serves", "в работе версия $1"],
  ["learned anew since an operator's influence was taken out", "выучено заново без влияния оператора"], ["learned anew since a customer was erased", "выучено заново после удаления клиента"],
  ["imported: version %d of elsewhere, exported on %s; has not come to the gate here yet", "загружена из другого места: версия $1, выгружена $2; проверки здесь ещё не было"], ["imported: version %d of elsewhere, exported on %s; serves because a person said so", "загружена из другого места: версия $1, выгружена $2; введена в работу вручную"],
  ["imported: version %d of elsewhere, exported on %s", "загружена из другого места: версия $1, выгружена $2"],
];

const credits: Rules = !RU ? [] : [
  ["Nothing that an operator wrote was sent, so there is nothing to compare.", "Ничего из написанного оператором не отправлено, сравнивать нечего."], ["What was sent only greets or asks back, so there is nothing to compare.", "В отправленном только приветствие или встречный вопрос, сравнивать нечего."],
  ["What was sent is in another language than the source, so the two cannot be compared.", "Отправленное и источник на разных языках, сравнить их нельзя."], ["All sources have what was sent equally, so it tells nothing.", "Отправленное есть во всех источниках поровну, это ни о чём не говорит."],
  ["It %s; %s and %s.", "@1; @2, @3."], ["says “%s”, was sent as the opposite: “%s”", "здесь сказано «$1», а отправлено обратное: «$2»"], ["says %s, was sent as %s", "здесь сказано «$1», а отправлено «$2»"],
  ["The draft cited it, but %s, nor on any other source.", "Черновик на это опирался, но @1, как и на другие источники."], ["The draft cited it, but %s, and %d of them on other sources.", "Черновик на это опирался, но @1, а на другие источники — $2."], ["It was shown in place %d, but %s; %s.", "Показано на месте $1, но @2; @3."],
  ["%s; it was not shown.", "@1; это не показывали."], ["%s; it has changed since, so it is blamed half.", "@1; с тех пор текст изменился, поэтому вина вдвое меньше."],
  ["%s beside %d that all sources have", "@1 (не считая $2, общих для всех источников)"], ["%s, %d as much on another source", "@1 ($2 — столько же на другой источник)"],
  ["all sources have what was sent equally", "отправленное есть во всех источниках поровну"], ["the 1 sentence does not rest on it", "единственное предложение на это не опирается"], ["none of %d sentences rests on it", "ни одно из $1[предложения|предложений|предложений] на это не опирается"],
  ["the 1 sentence rests on it", "единственное предложение опирается на это"], ["%d of %d sentences %s on it", "на это опирается $1 из $2[предложения|предложений|предложений]"],
  ["the draft cited it", "черновик на это опирался"], ["there was no draft", "черновика не было"], ["the draft did not cite it", "черновик на это не опирался"],
  ["The draft that rests on it was rejected: %s.", "Черновик, который на это опирается, отклонили: @1."], ["The draft that rests on it was copied.", "Черновик, который на это опирается, скопировали."], ["It was copied.", "Это скопировали."], ["It was opened.", "Это открывали."], ["The case was erased.", "Случай удалён."],
  ["The suggestion was rated %.2f, from 0 to 1.", "Черновику поставили $1 (от 0 до 1)."], ["Voted %s by %d, %s by %d, %s by %d.", "Оценки: @1 ($2), @3 ($4), @5 ($6)."], ["Voted %s by %d, %s by %d.", "Оценки: @1 ($2), @3 ($4)."], ["Voted %s by %d.", "Оценка: @1 ($2)."],
  ["relevant", "подходит"], ["irrelevant", "не подходит"], ["outdated", "устарело"], ["incorrect", "неверно"], ["wrong", "неверно"], ["incomplete", "неполно"], ["wrong tone", "не тот тон"], ["not needed", "ответ не нужен"], ["other", "другое"], ["off topic", "не по теме"],
  ["%s; %s.", "@1; @2."],
];

export const whyVersion = saying(versions);
const say = saying(credits);

/** Why a source has its credit: often in several sentences. */
export const whyCredit = (text: string): string => text.split(/(?<=[.”]) (?=[A-Z])/).map((s) => say(s).replace(/^./, (c) => c.toUpperCase())).join(" ");
