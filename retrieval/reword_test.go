package retrieval

import (
	"regexp"
	"strings"
	"testing"
)

// rewordings say the same in other words: what a model does to a source.
var rewordings = []struct{ lang, from, to string }{
	{"ru", "14 дней", "две недели"}, {"ru", "14 дней", "четырнадцать дней"}, {"ru", "24 часа", "сутки"}, {"ru", "₽", "руб."}, {"ru", "₽", "рублей"},
	{"ru", "%", "процентов"}, {"ru", "чтобы", "для того чтобы"}, {"ru", "если", "в случае если"}, {"ru", "и", "а также"}, {"ru", "но", "однако"},
	{"ru", "нельзя", "невозможно"}, {"ru", "можно", "вы можете"}, {"ru", "до", "не более"}, {"ru", "мы", "мы всегда"}, {"ru", "3", "три"}, {"ru", "2", "два"},
	{"ru", "10", "десять"}, {"ru", "вернём", "мы вернём"}, {"ru", "обычно", ""}, {"ru", "просто", ""}, {"ru", "тоже", "также"}, {"ru", "когда", "как только"},
	{"en", "14 days", "two weeks"}, {"en", "14 days", "fourteen days"}, {"en", "24 hours", "a day"}, {"en", "%", " percent"}, {"en", "you can", "you may"},
	{"en", "if", "in case"}, {"en", "cannot", "can't"}, {"en", "do not", "don't"}, {"en", "don't", "do not"}, {"en", "is not", "isn't"}, {"en", "can't", "can not"},
	{"en", "are not", "aren't"}, {"en", "but", "however"}, {"en", "3", "three"}, {"en", "2", "two"}, {"en", "10", "ten"}, {"en", "please", "kindly"},
	{"en", "we", "our team"}, {"en", "up to", "no more than"}, {"en", "also", "as well"}, {"en", "usually", ""}, {"en", "just", ""}, {"en", "will be", "is"},
	{"en", "within", "in no more than"}, {"en", "the", "your"}, {"en", "when", "once"},
}

var marks = regexp.MustCompile(`[*_` + "`" + `]|^- |^\d+\. `)

// reworded returns s unaltered in meaning, in many ways, with the one that was
// used as key.
func reworded(lang, s, next string) map[string]string {
	out := map[string]string{"verbatim": s, "without markup": marks.ReplaceAllString(s, "")}
	plain := marks.ReplaceAllString(s, "")
	for _, r := range rewordings {
		if r.lang != lang || strings.Contains(s, "|") || strings.Contains(s, "{%") {
			continue
		}
		re := regexp.MustCompile(`(?i)(^|[^\pL\d.,–-])(` + regexp.QuoteMeta(r.from) + `)($|[^\pL\d.,–-])`)
		if r.from == "3" || r.from == "2" || r.from == "10" {
			re = regexp.MustCompile(`(?i)(^|[^\pL\d.,–-])(` + r.from + `)( (?:рабоч|дн|час|недел|месяц|день|days|working|hours|months|weeks))`)
		}
		if r.from == "до" {
			re = regexp.MustCompile(`(?i)(^|[^\pL])(до)( \d+ (?:дн|час|кг|минут|месяц))`)
		}
		if to := re.ReplaceAllString(plain, "${1}"+r.to+"$3"); to != plain {
			out[r.from+" → "+r.to] = strings.TrimSpace(to)
		}
	}
	if before, after, ok := strings.Cut(plain, ", "); ok && !strings.ContainsAny(plain, "|:;") && len(before) > 30 && len(after) > 30 {
		out["halves swapped"] = strings.TrimRight(after, ".") + ", " + before + "."
	}
	if next != "" && !strings.ContainsAny(plain+next, "|") && !strings.HasSuffix(plain, ":") {
		and := map[string]string{"ru": " и ", "en": " and "}[lang]
		r := []rune(marks.ReplaceAllString(next, ""))
		out["two joined"] = strings.TrimRight(plain, ".;!?") + and + strings.ToLower(string(r[:1])) + string(r[1:])
	}
	return out
}

// courtesies stand around what a reply says.
var courtesies = map[string][2]string{
	"ru": {"Здравствуйте! Спасибо за обращение. ", " Если останутся вопросы, напишите нам, будем рады помочь! С уважением, команда поддержки."},
	"en": {"Hello! Thank you for reaching out. ", " Please let us know if you have any other questions, we are happy to help! Best regards, the support team."},
}

func TestGroundPassesUnalteredDrafts(t *testing.T) {
	by := make(map[string]*tally)
	byLang := map[string]*tally{"ru": {}, "en": {}}
	for _, a := range sampleArticles(t) {
		evidence := []Evidence{{Text: a.text}}
		all := a.sentences()
		for i, s := range all {
			if i%every != every/2 {
				continue
			}
			next := ""
			if i+1 < len(all) {
				next = all[i+1]
			}
			for how, draft := range reworded(a.lang, s, next) {
				c := courtesies[a.lang]
				report := Ground(c[0]+"\n\n"+draft+" [1]\n\n"+c[1], evidence)
				marked := !report.Supported()
				if by[how] == nil {
					by[how] = new(tally)
				}
				by[how].add(marked)
				byLang[a.lang].add(marked)
				if marked && testing.Verbose() {
					t.Logf("marked (%s):\n  %s\n  %s\n  %v", how, s, draft, problemsOf(report))
				}
			}
		}
	}
	for _, key := range sortedKeys(by) {
		t.Logf("%-40s %4d of %4d, %.3f", key, by[key].caught, by[key].all, by[key].share())
	}
	for lang, c := range byLang {
		t.Logf("%s: %.3f of %d", lang, c.share(), c.all)
		if c.share() > 0.05 {
			t.Errorf("marked %.3f of unaltered drafts in %q, want at most 0.05", c.share(), lang)
		}
	}
}

func problemsOf(r Report) []Problem {
	var out []Problem
	for _, v := range r.Verdicts {
		out = append(out, v.Problems...)
	}
	return out
}
