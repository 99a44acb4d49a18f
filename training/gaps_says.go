package training

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/clash"
)

// That a question is answered from an article does not say that it is answered
// as operators answer it: one who is told the opposite is worse off than one
// who is told nothing, and a page of fine words answers nobody. So what
// operators replied to the questions of a gap is held against the article, and
// no question counts as answered where the article
//
//   - contradicts most of the replies and is borne out by hardly any: where they
//     contradict each other it is an editor's to decide, or
//   - has hardly any of their words, or not nearly all and none of their
//     numbers, dates and prices where most have some.

const (
	// hardlySays is the share of a reply's words up to which an article that has
	// none of its facts says nothing of it. Of the articles that answer, the
	// median over a gap's replies is .55 or more on Rutube's questions.
	hardlySays = 0.4

	// hardlyMore is that share beyond the words of the questions, which any page
	// on the subject has. Of those articles the median is .29 or more.
	hardlyMore = 0.1

	// nearlySays is the share from which an article says a reply all the same: a
	// number in a name may be written otherwise there.
	nearlySays = 0.75

	// bornOut is the share of the replies that an article contradicts from which
	// others bear it out.
	bornOut = 0.25

	// repliesMost is how many replies are held against an article, the latest.
	repliesMost = 50
)

// A held is an operator's reply, held against an article.
type held struct {
	cover   float64 // share of the reply's words that the article has, from 0 to 1
	beyond  float64 // how much more of them than the question has
	facts   int     // numbers, dates and prices of the reply
	said    int     // of those the article says
	against string  // what the article says otherwise, in words; empty: nothing
}

// objection says in words why an article answers no question of a gap, by what
// operators replied to them; empty: nothing is against it. A reply that tells
// nothing, or is in other letters than the article, says nothing of it.
func objection(ctx context.Context, fs []gap.Failure, article *kb.Document) (string, error) {
	hs, err := holdReplies(ctx, fs, article)
	if err != nil || len(hs) == 0 {
		return "", err
	}
	var covers, beyond []float64
	var against []string
	facts, said, with := 0, 0, 0 // replies
	for i := range hs {
		h := &hs[i]
		covers, beyond = append(covers, h.cover), append(beyond, h.beyond)
		if h.facts > 0 {
			facts++
		}
		if h.said > 0 {
			said++
		}
		switch {
		case h.against != "":
			against = append(against, h.against)
		case h.said > 0:
			with++
		}
	}
	slices.Sort(covers)
	slices.Sort(beyond)
	cover, more := covers[len(covers)/2], beyond[len(beyond)/2]
	switch {
	case 2*len(against) > len(hs) && float64(with) < bornOut*float64(len(against)):
		return fmt.Sprintf("%s (%d of %d replies)", against[0], len(against), len(hs)), nil
	case said == 0 && (cover <= hardlySays || cover < nearlySays && more <= hardlyMore):
		return "the article says hardly anything of what operators replied", nil
	case said == 0 && 2*facts > len(hs) && cover < nearlySays:
		return "the article says none of the numbers, dates and prices that operators replied", nil
	}
	return "", nil
}

// holdReplies holds the replies of failures against an article, each once.
func holdReplies(ctx context.Context, fs []gap.Failure, article *kb.Document) ([]held, error) {
	text := headOf(kb.Plain(article.Title + ".\n\n" + article.Body))
	var docs []clash.Doc
	var out []held
	place := make(map[string]int) // in out, by suggestion
	for i := range fs {
		f := &fs[i]
		if len(docs) == repliesMost || !feedback.Tells(f.Reply) || cyrillic(f.Reply) != cyrillic(text) {
			continue
		}
		place[f.SuggestionID] = len(out)
		h := holdReply(f.Reply, text)
		h.beyond = h.cover - holdReply(f.Reply, f.Question).cover
		out = append(out, h)
		docs = append(docs, clash.Doc{ID: f.SuggestionID, Title: f.Question, Body: f.Reply, Kind: kb.Case, UpdatedAt: f.At})
	}
	whole := clashing(article)
	whole.Product, whole.Region = "", "" // the questions are its own
	pairs, err := clash.Against(ctx, docs, whole)
	if err != nil {
		return nil, err
	}
	for i := range pairs {
		p := &pairs[i]
		if at, ok := place[p.B.DocumentID]; ok && p.Kind == clash.Contradiction && p.Score >= surely && out[at].against == "" {
			out[at].against = otherwise(strings.Join(p.Words[0], " "), strings.Join(p.Words[1], " "))
		}
	}
	for i := range out {
		if h := &out[i]; h.facts > 0 && h.said == h.facts {
			h.against = "" // it says so in another place: it tells one from another
		}
	}
	return out, nil
}

// otherwise says in words what an article and operators say differently.
func otherwise(article, operators string) string {
	return fmt.Sprintf("the article says “%s”, operators say “%s”", strings.TrimSpace(article), strings.TrimSpace(operators))
}

// holdReply holds a reply against the text of an article.
func holdReply(reply, text string) held {
	var h held
	all := 0.0
	for _, c := range retrieval.Compare(kb.Plain(reply), [][]string{{text}}) {
		if c.Courtesy || c.Weight == 0 {
			continue
		}
		s := &c.Supports[0]
		all += c.Weight
		h.cover += c.Weight * s.Cover
		h.facts += c.Facts
		h.said += s.Facts
		if s.Clash != nil && h.against == "" {
			h.against = otherwise(s.Clash.Said, s.Clash.Sent)
		}
	}
	if all > 0 {
		h.cover /= all
	}
	return h
}

// cyrillic reports whether most letters of a text are.
func cyrillic(text string) bool {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			n++
		case unicode.IsLetter(r):
			n--
		}
	}
	return n > 0
}
