// Why there is a chore, and why something is in quarantine.
import { saying, type Rules } from "./saying";

const rules: Rules = !RU ? [] : [
  ["different numbers for the same thing", "разные числа для одного и того же"], ["different prices for the same thing", "разные цены для одного и того же"], ["different dates or times for the same thing", "разные даты или время для одного и того же"], ["different conditions for the same thing", "разные условия для одного и того же"],
  ["Two %s are nearly the same: %.0f %% of the shorter text stands in the other.", "@1 почти одинаковы: $2\u00a0% более короткого текста есть в другом."],
  ["%s give %s: %s in one, %s in the other.", "@1 называют @2: в одном месте @3, в другом @4."], ["%s name %s: %s in one, %s in the other.", "@1 называют @2: в одном месте @3, в другом @4."], ["%s say the opposite of each other: %s in one, %s in the other.", "@1 противоречат друг другу: в одном месте @2, в другом @3."],
  ["Two articles", "две статьи"], ["Two cases", "два случая"], ["An article and a case", "статья и случай"], ["articles", "две статьи"], ["cases", "два случая"],
  ["nothing", "ничего"],
  ["It was last changed on %s, and nobody has said since that it holds.", "Последняя правка — $1, и с тех пор никто не подтвердил, что всё верно."], ["Nobody has said since %s that it holds.", "После $1 никто не подтверждал, что всё верно."],
  ["Operators changed what drafts took from it in %d of %d tickets.", "Операторы меняли взятое отсюда в $1 из $2[обращения|обращений|обращений]."],
  ["In %d tickets operators wrote “%s” where it says “%s”.", "В $1[обращении|обращениях|обращениях] операторы написали «$2» там, где здесь сказано «$3»."],
  ["It has been published for %d days, and no draft and no reply rested on it.", "Опубликовано $1[день|дня|дней] назад, и на это не опирался ни один черновик и ни один ответ."],
  ["The release note “%s” says otherwise. %s", "В заметке о выпуске «$1» сказано иначе. @2."], ["The release note “%s” says that it was so and is not any more.", "В заметке о выпуске «$1» сказано, что раньше было так, а теперь нет."],
  ["The case rests on “%s”, which is not in use any more.", "Случай опирается на статью «$1», а её больше не используют."], ["The case was resolved with “%s”, most of which says something else now.", "Случай решили по статье «$1», а в ней теперь почти всё иначе."],
  ["“%s” said so too, and is not in use any more: “%s”", "То же говорилось в статье «$1», а её больше не используют: «$2»"], ["“%s” does not say so any more: “%s”", "В статье «$1» этого больше нет: «$2»"],
  ["“%s”", "«$1»"],
];

export const whyUpkeep = saying(rules);
