package feedback

import (
	"slices"
	"strings"
)

// Whether a reply is about one customer's account is told by a rule, since what
// a classifier would learn it from, replies that somebody has labelled, nobody
// has. A sentence is taken to be a report, not a rule, if
//
//   - an operator did something in it for the customer: I have refunded your
//     order, Оформил возврат;
//   - something was done to what is the customer's: Ваш заказ отменён, 500 ₽
//     were refunded;
//   - it ties what is the customer's to one day: The parcel left today;
//   - the number of an order, a card, a paper or the like stands in it, by its
//     placeholder.
//
// What is said under a condition, of somebody else, as a habit or of the future
// is a rule. It is a rule of thumb: of sentences that it was not made with it
// keeps out two of three, and 3 % of replies that are meant for everybody.

// account reports whether the reply is about one customer's account.
func (r replyText) account() bool {
	for i := range r {
		s := &r[i]
		if s.asks {
			continue
		}
		for j := range s.clauses {
			c := &s.clauses[j]
			if c.names() || c.acted() || s.seen(c) || !s.supposes && (c.undergone() || c.dated()) {
				return true
			}
		}
	}
	return false
}

// certain are the kinds of personal data that only a reply about one customer
// holds; a name, an address or a login may be anybody's.
func certain(kind string) bool {
	return slices.Contains([]string{"order", "card", "account", "passport", "taxid", "insurance", "device", "birth"}, kind)
}

// names reports whether a placeholder stands in the clause that only a reply
// about one customer holds.
func (c *replyClause) names() bool {
	return slices.ContainsFunc(c.words, func(w string) bool {
		return strings.HasPrefix(w, "⟦") && certain(strings.Trim(w, "⟦⟧"))
	})
}

// acted reports whether the operator did something in the clause for the
// customer.
func (c *replyClause) acted() bool {
	for i, w := range c.words {
		always := handled().has(w) || c.perfect(i) || c.reports(i)
		if !always && !altered().has(w) && !c.did(i) {
			continue
		}
		me, elided := c.subject(i)
		switch {
		case !me && !elided, slices.ContainsFunc(c.words[:i], others().has), slices.ContainsFunc(c.words[:i], whiles().has):
			continue
		case always && (me || !english(w) || c.touches()):
			return !c.about(i)
		case me && c.single(i) && !english(w), c.touches():
			return !c.about(i)
		}
	}
	return false
}

// perfect reports whether the word at i is what an operator says to have done:
// I have just e-mailed, I've added. What people say so of themselves is none of
// it: I've noticed.
func (c *replyClause) perfect(i int) bool {
	w := c.words[i]
	if !strings.HasSuffix(w, "ed") && w != "put" && w != "sent" && w != "spoken" || privately().has(w) {
		return false
	}
	for i--; i >= 1; i-- {
		switch {
		case c.words[i] == "have" || c.words[i] == "ve":
			return c.words[i-1] == "i"
		case !fillers().has(c.words[i]):
			return false
		}
	}
	return false
}

// did reports whether the word at i is what an operator did, in the English past:
// I swapped.
func (c *replyClause) did(i int) bool {
	w := c.words[i]
	return i > 0 && (c.words[i-1] == "i" || c.words[i-1] == "we") && !privately().has(w) &&
		(strings.HasSuffix(w, "ed") || w == "put" || w == "took" || w == "gave")
}

// reports reports whether the clause begins with a Russian verb in the past
// whose subject is left out: Поставил, Перезаписала; of several people only if
// it is done to the customer: Закрепили за вами.
func (c *replyClause) reports(i int) bool {
	w := c.words[0]
	if i > 0 || len([]rune(w)) < 5 || likeVerbs().has(w) {
		return false
	}
	ends := func(ends ...string) bool {
		return slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(w, e) })
	}
	return ends("ил", "ила", "ал", "ала") || ends("или", "али") && slices.ContainsFunc(c.words, yours().has)
}

// subject reports whether the operator is who does what the word at i says: as
// I or we before it, or left out, as Russian and notes leave it out.
func (c *replyClause) subject(i int) (me, elided bool) {
	elided = true
	for k := i - 1; k >= 0; k-- {
		switch w := c.words[k]; {
		case slices.Contains([]string{"я", "мы", "i", "we"}, w):
			return true, false
		case !fillers().has(w) && !digital(w) && !strings.HasPrefix(w, "⟦"):
			// За ожидание начислил: what begins with a preposition has no subject yet.
			elided = elided && !english(c.words[i]) && slices.Contains([]string{"за", "на", "по", "в", "для", "из", "от"}, c.words[0]) && c.one(i)
		}
	}
	return false, elided && (!english(c.words[i]) || i == 0)
}

// one reports whether the verb at i is of one person: начислил, начислила.
func (c *replyClause) one(i int) bool { return !strings.HasSuffix(c.words[i], "ли") }

// single reports whether the operator says I of the verb at i.
func (c *replyClause) single(i int) bool {
	return c.one(i) && slices.ContainsFunc(c.words[:i], func(w string) bool { return w == "я" || w == "i" })
}

// touches reports whether the clause speaks of the customer or of something of
// theirs.
func (c *replyClause) touches() bool {
	return slices.ContainsFunc(c.words, func(w string) bool {
		return yours().has(w) || things().has(w) || strings.HasPrefix(w, "⟦")
	})
}

// about reports whether what was done at i is only that somebody was told of a
// wish: that concerns nobody's account.
func (c *replyClause) about(i int) bool {
	return passing().has(c.words[i]) && slices.ContainsFunc(c.words, receivers().has)
}

// undergone reports whether something was done to what is the customer's.
func (c *replyClause) undergone() bool {
	for i, w := range c.words {
		if !undergone().has(w) {
			continue
		}
		before := c.words[:i]
		if slices.ContainsFunc(before, whiles().has) {
			continue
		}
		if english(w) && !slices.ContainsFunc(before, func(b string) bool {
			return slices.Contains([]string{"been", "was", "were", "is", "are", "s", "got"}, b)
		}) {
			continue
		}
		thing := slices.ContainsFunc(before, things().has) || slices.ContainsFunc(c.words[i:], things().has) && !english(w)
		mine := slices.ContainsFunc(c.words, yours().has)
		switch {
		case slices.ContainsFunc(before, func(b string) bool { return b == "не" || b == "not" || b == "нет" }) && !mine:
			continue
		case mine && (thing || !english(w) || c.words[0] == "your" && c.over(i)), money.MatchString(c.text):
			return true
		case i == 0 && strings.HasSuffix(w, "о"):
			return true // Отправлено повторно
		case thing && !english(w) && len(before) <= 3 && things().has(c.words[0]):
			return true // Возврат оформлен
		case thing && english(w) && slices.Contains(before, "the") && c.over(i):
			return true
		}
	}
	return false
}

// over reports whether what was done at i is over: was changed, and not is
// changed, which may be a rule.
func (c *replyClause) over(i int) bool {
	return slices.ContainsFunc(c.words[:i], func(w string) bool { return w == "was" || w == "were" || w == "been" })
}

// dated reports whether the clause ties a thing of the customer's to one day.
func (c *replyClause) dated() bool {
	thing, now := slices.IndexFunc(c.words, things().has), slices.IndexFunc(c.words, nows().has)
	if thing < 0 || now < 0 || english(c.words[now]) && now < thing {
		return false
	}
	if slices.ContainsFunc(c.words[:max(thing, now)], whiles().has) {
		return false
	}
	return slices.ContainsFunc(c.words, func(w string) bool { return yours().has(w) || w == "the" })
}

// seen reports whether the operator tells what there is to see of the
// customer's: Вижу ваш платёж.
func (s *replySentence) seen(c *replyClause) bool {
	if c.words[0] == "вижу" || c.starts("я вижу", "i see that your", "i see your", "i can see your", "i can see that", "we can see that your", "we see that your", "looking at your", "по вашему заказу") {
		return true
	}
	return c.starts("мы видим", "видим") && slices.ContainsFunc(c.words, yours().has)
}

// english reports whether a word is in Latin letters.
func english(w string) bool { return w[0] < 0x80 }
