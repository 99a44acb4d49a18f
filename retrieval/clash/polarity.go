package clash

import (
	"strings"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// An item is a word of a statement that says what it is about.
type item struct {
	word   int32
	at     int16 // token
	clause int16
	neg    bool // a negation bears on it
	cond   bool // within an if or a when
	only   bool // right behind an only
	any    bool // right behind an any or an all
	anchor bool // says only when the period before it begins: after receipt

	denied  bool // negated by a not, and no without
	purpose bool // begins a clause as a to enable: no claim
	adjunct bool // negated by a without that says how something is done

	start, end int // runes: of the word, and of the negator that bears on it
}

// An opposite is a word that has one: before, free, allowed.
type opposite struct {
	pair, side int
	at         int
	next       int32 // the subject word behind it; -1: none
	start, end int   // runes
}

// Words that turn, limit or widen a statement.
var (
	negators = set(`не ни нет нельзя без никогда никак никто ничего никакой никаких никакие not no never none nothing nobody neither nor without
	cannot unable can't don't doesn't isn't aren't won't didn't wasn't couldn't shouldn't mustn't impossible невозможно запрещено запрещается forbidden prohibited
	отсутствует отсутствуют lacks`)
	notNegating = set(`только более больше менее меньше позднее позже ранее раньше выше ниже дольше старше младше only more less fewer later
	earlier longer just просто лишь забудьте забывайте worry hesitate forget exceed превышает превышать matter problem`)
	onlys   = set(`only solely exclusively только лишь исключительно строго единственный единственная единственное`)
	anys    = set(`any all every everyone everybody anyone regardless even любой любая любое любым любыми любую любого любому любые любых все всех всем всеми каждый каждого каждому каждая независимо даже anytime anywhere`)
	condsAt = set(`if when unless once whenever если когда при случае пока`)
)

// opposites are words that say the opposite of each other.
// The first conditionPairs of them are about a condition rather than a fact.
var oppositePairs = [...][2]string{
	{"до", "после"}, {"before", "after"}, {"внутри", "снаружи"}, {"inside", "outside"},
	{"обязательн* необходим* требуется требуются", "необязательн* добровольн* факультативн*"},
	{"required mandatory obligatory compulsory requires", "optional voluntary"},
	{"будни будн* рабочие", "выходн*"}, {"weekdays weekday", "weekends weekend"}, {"online онлайн", "offline офлайн оффлайн"},
	{"нов* ", "бывш* использован* ношен*"}, {"unopened sealed невскрыт* запечатан*", "opened вскрыт* распечатан*"},
	{"first первого первый первая", "last последнего последний последняя"},
	{"бесплатн*", "платн*"}, {"free", "paid chargeable"}, {"разреш* допуска* допустим*", "запрещ* запрет*"}, {"allow* permit*", "forbid* prohibit* disallow*"},
	{"включен* включает* включена включены", "отключ* выключ* исключ*"}, {"enable* on", "disable* off"}, {"открыт*", "закрыт*"}, {"open", "closed"},
	{"including included include includes", "excluding excluded exclude excludes"}, {"увелич*", "уменьш* сокращ*"}, {"increase*", "decrease* reduce*"},
	{"always", "never"}, {"всегда", "никогда"}, {"возвратн*", "невозвратн*"}, {"refundable", "nonrefundable non-refundable"},
	{"возмож* можно", "невозмож* нельзя"}, {"автоматическ*", "вручную ручн*"}, {"automatic automatically", "manual manually"},
	{"сохраня* сохрани*", "удаля* удалит* стира* сгора* теря*"}, {"kept keep preserved remain remains", "deleted removed erased lost expire expires"},
	{"публичн*", "приватн* закрыт*"}, {"public", "private"},
}

const conditionPairs = 12

// oppositeOf finds the opposites that a word is one of, with its side of each.
var oppositeOf = newOpposites()

type sideOf struct{ pair, side int }

func newOpposites() *forms.Table[sideOf] {
	t := new(forms.Table[sideOf])
	for pair := range oppositePairs {
		for side, list := range oppositePairs[pair] {
			t.Put(list, sideOf{pair, side})
		}
	}
	return t
}

// positive returns what a word with a negation inside negates, or "".
func positive(norm string) string {
	for _, p := range [...]string{"недоступ", "невозврат", "необязат", "неограничен", "недействит", "непригод", "необходимости", "неприменим", "неприним"} {
		if strings.HasPrefix(norm, p) {
			return strings.TrimPrefix(norm, "не")
		}
	}
	switch norm {
	case "unavailable", "unsupported", "unlimited", "unnecessary":
		return strings.TrimPrefix(norm, "un")
	case "ineligible", "inaccessible", "invalid":
		return strings.TrimPrefix(norm, "in")
	case "nonrefundable":
		return "refundable"
	case "irreversible":
		return "reversible"
	}
	return ""
}
