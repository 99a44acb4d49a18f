// Sentences that the server says in English, for Russian readers. A rule is a
// sentence as Go writes it, with its verbs, and its Russian:
//
//   ["pilot %s is running with profile %s: stop it first", "пилот $1 идёт с профилем $2: сначала остановите его"]
//
// $1 is what the first verb stands for, @1 the same if it is said by these rules
// too, and $1[статья|статьи|статей] a number with its noun. A full stop at the
// end may be missing. The sentences are collected from the code by a test, which
// fails for one that has no rule here.
import { date, lang, number } from "../i18n";

export type Rules = readonly (readonly [english: string, russian: string])[];

const verb = /%(?:%|[-+.\d]*[a-z])/g;

const shapes: Record<string, string> = { d: "(-?\\d+)", f: "([-+]?\\d+(?:\\.\\d+)?)", q: '"(.*?)"', "%": "%" };

/** What a format makes, as an expression. */
function shape(format: string): RegExp {
  let out = "", at = 0;
  for (const m of format.matchAll(verb)) {
    out += format.slice(at, m.index).replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + (shapes[m[0].at(-1)!] ?? "(.*?)");
    at = m.index + m[0].length;
  }
  const rest = format.slice(at).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp("^" + out + rest + (rest.endsWith("\\.") ? "?$" : "$"), "si");
}

const plural = /* @__PURE__ */ new Intl.PluralRules("ru");
const form = (n: number) => ({ one: 0, few: 1 })[plural.select(n) as "one" | "few"] ?? 2;

// A date or a number as the reader writes it.
const written = (s: string) =>
  /^\d{4}-\d\d-\d\d$/.test(s) ? date(s + "T12:00:00Z") : /^[-+]?\d+\.\d+$/.test(s) ? s.replace(".", ",").replace("-", "−") : s;

// In English only dates are written as the reader writes them.
const inEnglish = (text: string) => text && text.replace(/\b\d{4}-\d\d-\d\d\b/g, written);

/** Says a text in Russian by these rules; one without a rule, and in English, stays as it is. */
export const saying = (rules: Rules): ((text: string) => string) => (RU ? translating(rules) : inEnglish);

function translating(rules: Rules) {
  let made: (readonly [RegExp, string])[] | undefined;
  const say = (text: string): string => {
    if (!text || lang.get() !== "ru") return inEnglish(text);
    made ??= rules.map(([en, ru]) => [shape(en), ru]);
    for (const [en, ru] of made) {
      const m = text.match(en);
      if (!m) continue;
      const said = ru.replace(/([$@])(\d)(?:\[([^\]]*)\])?/g, (_, how: string, n: string, nouns?: string) => {
        const v = m[Number(n)] ?? "";
        if (nouns) return number(Number(v)) + "\u00a0" + nouns.split("|")[form(Number(v))];
        return how === "@" ? say(v).replace(/\.$/, "") : written(v);
      });
      return /^[A-Z]/.test(text) ? said.replace(/^./, (c) => c.toUpperCase()) : said;
    }
    return text;
  };
  return say;
}
