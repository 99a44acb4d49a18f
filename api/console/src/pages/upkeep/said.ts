// What Whetstone says of chores and quarantines, for Russian readers.
import type { Rules } from "../gaps/said";

export const rules: Rules = [
  [/^Two articles are nearly the same: (\d+) % of the shorter text stands in the other\.$/, "Две статьи почти одинаковы: $1 % более короткого текста есть в другом."],
  [/^Two cases are nearly the same: (\d+) % of the shorter text stands in the other\.$/, "Два случая почти одинаковы: $1 % более короткого текста есть в другом."],
  [/Two articles (?=give|name|say)/, "Две статьи "], [/Two cases (?=give|name|say)/, "Два случая "], [/An article and a case (?=give|name|say)/, "Статья и случай "],
  [/give different numbers for the same thing/, "называют разные числа для одного и того же"], [/give different prices for the same thing/, "называют разные цены для одного и того же"],
  [/give different dates or times for the same thing/, "называют разные даты или время для одного и того же"], [/name different conditions for the same thing/, "называют разные условия для одного и того же"],
  [/say the opposite of each other/, "говорят противоположное"],
  [/: (nothing|“.*”) in one, (nothing|“.*”) in the other\.$/, ": в одном месте $1, в другом $2."], [/nothing(?= в|, в|\.$)/, "ничего"], [/в одном месте nothing/, "в одном месте ничего"],
  [/^It was last changed on (\S+), and nobody has said since that it holds\.$/, "В последний раз изменено $1, и с тех пор никто не подтвердил, что это верно."],
  [/^Nobody has said since (\S+) that it holds\.$/, "С $1 никто не подтвердил, что это верно."],
  [/^Operators changed what drafts took from it in (\d+) of (\d+) tickets\.$/, "Операторы меняли взятое отсюда в $1 из $2 обращений."],
  [/^In (\d+) tickets operators wrote (“.*”) where it says (“.*”)\.$/, "В $1 обращениях операторы написали $2 там, где здесь сказано $3."],
  [/^It has been published for (\d+) days, and no draft and no reply rested on it\.$/, "Опубликовано $1 дней, и ни один черновик и ни один ответ на это не опирались."],
  [/^The release note “(.*?)” says otherwise\. /, "В заметке о выпуске «$1» сказано иначе. "],
  [/^The release note “(.*?)” says that it was so and is not any more\.$/, "В заметке о выпуске «$1» сказано, что так было и больше не так."],
  [/^The case rests on “(.*?)”, which is not in use any more\.$/, "Случай опирается на «$1», а её больше не используют."],
  [/^The case was resolved with “(.*?)”, most of which says something else now\.$/, "Случай решили с помощью «$1», а там теперь почти всё иначе."],
  [/^“(.*?)” said so too, and is not in use any more: /, "То же говорила «$1», а её больше не используют: "],
  [/^“(.*?)” does not say so any more: /, "«$1» больше так не говорит: "],
];
