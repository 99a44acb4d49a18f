package feedback

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// What each kind of evidence adds to a source's credit, which is from -1 to 1.
// What was sent is by far the best evidence, and credit for it goes up to 1.
const (
	forRelevant  = 0.6  // a vote is one person's opinion
	forBad       = -0.8 // outdated or incorrect: it misleads wherever it is shown
	forRejection = -0.5 // of a draft, as wrong or outdated: not every source of it need be to blame
	forDoubt     = -0.2 // incomplete, or for a reason of its own: hardly about the sources
	forRating    = 0.4  // at the ends of the scale; the middle says nothing
	forCopying   = 0.15 // weak: it may have been put to any use
	forOpening   = 0.05 // weaker: whoever opens a source has yet to find out
)

// enoughShare is the least share of what was sent that must rest on a source
// for the ticket to count as resolved with its article. Less is what replies
// have in common anyway, such as a greeting or how to reach support.
const enoughShare = 0.25

// replacedBeyond is the distance beyond which hardly anything is left of a
// draft: replies to unlike questions share a tenth of their words by chance.
const replacedBeyond = 0.9

// settle completes the judgement: with the credits that the comparison of texts
// gave, and with what else speaks for or against each of the offered sources.
func (f *folded) settle(s *retrieval.Suggestion, offered []Offered, credits []Credit) Judgement {
	l := ledger{folded: f, of: make(map[string]*Credit), offered: offered}
	for _, c := range credits {
		c.Base = c.Amount
		l.of[c.SourceID] = &c
	}
	keeps := func(c Credit) bool { return c.Verdict == Kept }
	if f.Used == Changed && f.Distance > replacedBeyond && !slices.ContainsFunc(credits, keeps) {
		f.Used = Replaced
	}
	f.ResolvedWith = cmp.Or(l.named(), resolvedBy(credits))
	l.vote()
	if !slices.ContainsFunc(credits, func(c Credit) bool { return c.Verdict != "" }) {
		l.guess(s)
	}
	j := f.Judgement
	j.Credits = l.list()
	if j.ResolvedWith == "" {
		j.ResolvedWith = l.pointed()
	}
	return j
}

// named returns the article that whoever judged has named: of those they voted
// relevant the one that most of what was sent rests on. A person who says what
// they answered from is believed before any comparison of texts.
func (l *ledger) named() string {
	article, most := "", -1.0
	for _, o := range l.offered {
		if o.Article == "" || l.votes[o.ID][l.OperatorID] != Relevant {
			continue
		}
		share := 0.0
		if c := l.of[o.ID]; c != nil {
			share = c.Share
		}
		if share > most {
			article, most = o.Article, share
		}
	}
	return article
}

// resolvedBy returns the article that most of what was sent rests on. Where a
// part of it corrects a source, half of the rest must: a reply that corrects its
// source was not written from what else a sentence of it resembles.
func resolvedBy(credits []Credit) string {
	corrected := 0.0
	for _, c := range credits {
		corrected += c.corrected
	}
	enough := enoughShare
	if corrected > 0 {
		enough = max(enough, (1-corrected)/2)
	}
	article, most := "", 0.0
	for _, c := range credits {
		rests := c.Verdict == Kept || c.Verdict == BroughtIn
		if rests && c.Article != "" && c.Share >= enough && c.Share > most {
			article, most = c.Article, c.Share
		}
	}
	return article
}

// A ledger adds up what sources deserve.
type ledger struct {
	*folded
	of      map[string]*Credit // by source
	offered []Offered
}

// credit is where evidence about a source is noted. It is nil for one that is
// not among the offered: it does not exist, and nothing can be said of it.
func (l *ledger) credit(source, why string) *Credit {
	c := l.of[source]
	if c == nil {
		i := slices.IndexFunc(l.offered, func(o Offered) bool { return o.ID == source })
		if i < 0 {
			return nil
		}
		o := l.offered[i]
		c = &Credit{SourceID: o.ID, Kind: o.Kind, Article: o.Article, Place: o.Place}
		l.of[source] = c
	}
	if c.Why != "" {
		c.Why += " "
	}
	c.Why += why
	return c
}

// add notes what whoever judged did with a source.
func (l *ledger) add(source string, amount float64, why string) {
	if c := l.credit(source, why); c != nil {
		c.Base = max(-1, min(1, c.Base+amount))
	}
}

// vote notes the votes, each as its voter's.
func (l *ledger) vote() {
	for source, by := range l.votes {
		var votes []Vote
		said := make(map[string]int)
		for _, operator := range slices.Sorted(maps.Keys(by)) {
			votes = append(votes, Vote{OperatorID: operator, Amount: worth(by[operator])})
			said[by[operator]]++
		}
		var words []string
		for _, v := range sourceVotes() {
			if said[v] > 0 {
				words = append(words, fmt.Sprintf("%s by %d", v, said[v]))
			}
		}
		if c := l.credit(source, "Voted "+strings.Join(words, ", ")+"."); c != nil {
			c.Votes = append(c.Votes, votes...)
		}
	}
}

// rate notes the ratings of the suggestion for a source that it rests on, each
// as its rater's.
func (l *ledger) rate(source string) {
	c := l.credit(source, fmt.Sprintf("The suggestion was rated %.2f, from 0 to 1.", l.Rating))
	if c == nil {
		return
	}
	for _, operator := range slices.Sorted(maps.Keys(l.rated)) {
		c.Votes = append(c.Votes, Vote{OperatorID: operator, Amount: forRating * (2*l.rated[operator] - 1), Rated: true})
	}
}

func worth(vote string) float64 {
	switch vote {
	case Relevant:
		return forRelevant
	case Irrelevant:
		return -forRelevant
	default:
		return forBad
	}
}

// guess takes into account what says something only where the texts do not:
// where it is not known what was sent, or nothing of it can be compared.
func (l *ledger) guess(s *retrieval.Suggestion) {
	rests := l.rests(s)
	switch {
	case l.Used == Refused:
		if amount := blame(l.Reason); amount != 0 {
			for _, id := range rests {
				l.add(id, amount, "The draft that rests on it was rejected: "+strings.ReplaceAll(l.Reason, "_", " ")+".")
			}
		}
	case l.Rating >= 0:
		for _, id := range rests {
			l.rate(id)
		}
	}
	if l.Shown == nil {
		return // who was shown what is not known, and places at the top are opened most
	}
	for source := range l.opened {
		l.add(source, forOpening, "It was opened.")
	}
	for source := range l.copied {
		if source != "" {
			l.add(source, forCopying, "It was copied.")
		}
	}
	if l.copied[""] && l.Used == Unknown {
		for _, id := range rests {
			l.add(id, forCopying, "The draft that rests on it was copied.")
		}
	}
}

// rests returns the sources that the suggestion stands or falls with: those
// that the draft cites, or the first where there is no draft.
func (l *ledger) rests(s *retrieval.Suggestion) []string {
	var ids []string
	if l.draft != "" {
		for _, c := range s.Answer.Citations {
			if !slices.Contains(ids, c.SourceID) {
				ids = append(ids, c.SourceID)
			}
		}
	} else if len(s.Sources) > 0 {
		ids = append(ids, s.Sources[0].ID)
	}
	return ids
}

// blame is what a rejection says about the sources of the draft.
func blame(reason string) float64 {
	switch reason {
	case Wrong, Outdated:
		return forRejection
	case Incomplete, Other:
		return forDoubt
	default: // wrong tone and not needed are about the draft and the ticket
		return 0
	}
}

// list returns the credits as the sources were shown, then the others.
func (l *ledger) list() []Credit {
	var cs []Credit
	for _, c := range l.of {
		c.Sum()
		cs = append(cs, *c)
	}
	slices.SortFunc(cs, func(a, b Credit) int {
		if (a.Place == 0) != (b.Place == 0) {
			return cmp.Compare(b.Place, a.Place)
		}
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.SourceID, b.SourceID))
	})
	return cs
}

// pointed returns the article that operators pointed to, where what was sent
// says nothing: voted relevant by more than voted otherwise, or else copied, or
// else praised with the draft that rests on it.
func (l *ledger) pointed() string {
	article, most := "", 0.0
	for _, o := range l.offered {
		support := 0.0
		for _, vote := range l.votes[o.ID] {
			if vote == Relevant {
				support++
			} else {
				support--
			}
		}
		if len(l.votes[o.ID]) == 0 && l.copied[o.ID] {
			support = 0.5
		}
		if o.Article != "" && support > most {
			article, most = o.Article, support
		}
	}
	return cmp.Or(article, l.praised())
}

// praise is the least rating that says a draft was right.
const praise = 0.75

// praised returns the article that a draft rests on that was rated well, if it
// is one and nobody voted on it or wrote something else. A bad rating does not
// say what would have been right.
func (l *ledger) praised() string {
	if l.Rating < praise || l.draft == "" || l.Used != Unknown && l.Used != Unchanged {
		return ""
	}
	article := ""
	for _, o := range l.offered {
		switch {
		case !o.Cited:
		case o.Article == "" || article != "" && o.Article != article || len(l.votes[o.ID]) > 0:
			return ""
		default:
			article = o.Article
		}
	}
	return article
}
