package clash

import "strings"

// Words before a number that make it the most or the least.
var (
	mosts  = set(`до within under below maximum max most maximal максимум максимальный максимальная максимальное exceed превышать превышает позднее позже latest less fewer меньше менее ниже limit лимит предел ограничено течение`)
	leasts = set(`от from over above minimum min least minimal минимум минимальный минимальная минимальное свыше старше after`)
	turned = set(`более больше more longer later exceed exceeds превышает превышать позднее позже выше дольше старше дороже чаще`)
)

// boundOf says which side of the number at tokens lo to hi its words mean.
func boundOf(x []token, lo, hi int) int8 {
	for i := lo - 1; i >= 0 && i >= lo-4; i-- {
		w := x[i].norm
		if w == "," || w == ";" || x[i].digits {
			break
		}
		before := ""
		if i > 0 {
			before = x[i-1].norm
		}
		not := before == "не" || before == "no" || before == "not" || before == "cannot" || before == "нельзя"
		switch {
		case turned[w] && not:
			return -1
		case (w == "менее" || w == "меньше" || w == "раньше" || w == "less" || w == "fewer" || w == "ниже" || w == "earlier") && not:
			return 1
		case turned[w] && w != "позднее" && w != "позже":
			return 1
		case mosts[w]:
			return -1
		case w == "to" && before == "up":
			return -1
		case leasts[w] && i == lo-1 || (w == "least" || strings.HasPrefix(w, "минимал") || w == "minimum" || w == "минимум"):
			return 1
		}
	}
	if hi < len(x) {
		switch {
		case x[hi].norm == "max" || x[hi].norm == "maximum" || x[hi].norm == "максимум":
			return -1
		case x[hi].norm == "or" && hi+1 < len(x) && (x[hi+1].norm == "more" || x[hi+1].norm == "longer"):
			return 1
		case x[hi].norm == "or" && hi+1 < len(x) && (x[hi+1].norm == "less" || x[hi+1].norm == "fewer"):
			return -1
		}
	}
	return 0
}

// ranges joins the two ends of a range: from 3 to 5 days, с 9:00 до 18:00.
func ranges(x []token, facts []fact) []fact {
	out := facts[:0]
	for i := 0; i < len(facts); i++ {
		f := facts[i]
		if i+1 < len(facts) && facts[i+1].from == f.to+1 && joins(x, &f, &facts[i+1]) {
			g := facts[i+1]
			lo := f.lo
			if f.family == "count" && g.family != "count" && g.hi > 0 {
				lo = f.lo * unitFactor(x, &g)
			}
			g.lo, g.from, g.start, g.leads, g.bound = lo, f.from, f.start, f.leads, 0
			out = append(out, g)
			i++
			continue
		}
		out = append(out, f)
	}
	return out
}

// joins reports whether f and g are the two ends of a range.
func joins(x []token, f, g *fact) bool {
	if f.family != g.family && f.family != "count" {
		return false
	}
	switch x[f.to].norm {
	case "–", "—", "-", "to", "до", "по", "through", "till", "until":
		return true
	case "and", "и":
		return f.from > 0 && (x[f.from-1].norm == "between" || x[f.from-1].norm == "от")
	}
	return false
}

// unitFactor is the factor of the unit that g is written in.
func unitFactor(x []token, g *fact) float64 {
	for i := g.from; i < g.to; i++ {
		if u := unitOf(x[i].norm); u.family == g.family && !x[i].digits {
			return u.factor
		}
	}
	return 1
}
