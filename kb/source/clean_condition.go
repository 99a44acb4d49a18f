package source

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A condition is an {% if %} that is open.
type condition struct {
	hide bool // the branch being read is left out
	done bool // a branch has been taken
}

// hidden reports whether a condition leaves out what is being read.
func (p *inliner) hidden() bool {
	for _, c := range p.ifs {
		if c.hide {
			return true
		}
	}
	return false
}

// condition follows a tag of a condition. As when the pages are built, a
// variable without a value is false: what only some readers may see is not
// taken in by mistake.
func (p *inliner) condition(t markup.Template) {
	n := len(p.ifs)
	switch t.Name {
	case "if", "unless":
		ok := p.true(t.Rest) != (t.Name == "unless")
		// More than anyone nests; the tags themselves go all the same.
		if n < 64 {
			p.ifs = append(p.ifs, condition{hide: !ok, done: ok})
		}
	case "endif", "endunless":
		p.ifs = p.ifs[:max(0, n-1)]
	default:
		if n == 0 {
			return
		}
		c := &p.ifs[n-1]
		ok := !c.done && (t.Name == "else" || p.true(t.Rest))
		c.hide, c.done = !ok, c.done || ok
	}
}

// true evaluates a condition.
func (p *inliner) true(expr string) bool {
	for alternative := range strings.SplitSeq(expr, " or ") {
		all := true
		for term := range strings.SplitSeq(alternative, " and ") {
			all = all && p.term(strings.TrimSpace(term))
		}
		if all {
			return true
		}
	}
	return false
}

// term evaluates one comparison, or the truth of one variable.
func (p *inliner) term(term string) bool {
	for _, op := range [...]string{"==", "!=", ">=", "<=", ">", "<", " contains "} {
		left, right, ok := strings.Cut(term, op)
		if !ok {
			continue
		}
		a, b := p.value(left), p.value(right)
		switch op {
		case "==":
			return plain(a) == plain(b)
		case "!=":
			return plain(a) != plain(b)
		case " contains ":
			if list, ok := a.([]any); ok {
				for _, e := range list {
					if plain(e) == plain(b) {
						return true
					}
				}
				return false
			}
			return plain(b) != "" && strings.Contains(plain(a), plain(b))
		}
		x, errX := strconv.ParseFloat(plain(a), 64)
		y, errY := strconv.ParseFloat(plain(b), 64)
		if errX != nil || errY != nil {
			return false
		}
		return op == ">=" && x >= y || op == "<=" && x <= y || op == ">" && x > y || op == "<" && x < y
	}
	if rest, ok := strings.CutPrefix(term, "not "); ok {
		return !p.term(strings.TrimSpace(rest))
	}
	v := p.value(term)
	list, isList := v.([]any)
	s := plain(v)
	return s != "" && s != "false" && s != "0" || isList && len(list) > 0
}

// value returns a text in quotation marks, a number, or a variable's value.
func (p *inliner) value(s string) any {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil || s == "true" || s == "false" {
		return s
	}
	v, ok := lookup(p.vars, s)
	if !ok {
		p.note(fmt.Sprintf("variable %q of a condition has no value: taken as false", s))
	}
	return v
}
