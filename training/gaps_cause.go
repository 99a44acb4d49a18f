package training

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// mostOf is the share of a gap's failures that decides what its cause is.
	mostOf = 0.5

	// causeArticles is how many articles are shown with a cause.
	causeArticles = 5
)

// namesLeast is how many failures must rest on articles to tell a habit, and
// habitual the share of them whose article was named for there to be one.
const (
	namesLeast = 5
	habitual   = 0.5
)

// habitOf reports whether the workspace's operators say which article they
// answered from. Where they do, a reply of which nobody has said so rests on
// none, whatever it resembles: replies about one product resemble each other.
func habitOf(fs []gap.Failure) bool {
	named, all := 0.0, 0.0
	for i := range fs {
		for _, b := range fs[i].Sources {
			if b.Role == gap.WasRight {
				all++
				if b.Named {
					named++
				}
			}
		}
	}
	return all >= namesLeast && named >= habitual*all
}

// A tallied is what failures say of their cause.
type tallied struct {
	all, hidden, replies, actions float64
	right, wrong                  map[string]int // failures by the article they point to
	rights, wrongs                float64        // failures that point to any
}

func tallyOf(fs []gap.Failure, habit bool) tallied {
	t := tallied{all: float64(len(fs)), right: make(map[string]int), wrong: make(map[string]int)}
	for i := range fs {
		f := &fs[i]
		var right, wrong, hidden bool
		for _, b := range f.Sources {
			switch b.Role {
			case gap.WasRight:
				if !b.Named && habit {
					continue
				}
				right = true
				t.right[b.ID]++
			case gap.WasOutdated, gap.WasIncorrect:
				wrong = true
				t.wrong[b.ID]++
			case gap.WasHidden:
				hidden = true
			}
		}
		for _, x := range []struct {
			is bool
			n  *float64
		}{{right, &t.rights}, {wrong, &t.wrongs}, {hidden, &t.hidden}, {f.Reply != "", &t.replies}, {f.Outcome.Action, &t.actions}} {
			if x.is {
				*x.n++
			}
		}
	}
	return t
}

// causeOf says why knowledge failed, with the articles that bear on it and in
// words. A gap that was closed is judged by what has failed since. That most of
// the replies rest on articles says that something is written: it was not
// found.
func (r *finding) causeOf(g *gap.Gap, fs []gap.Failure) (gap.Cause, map[string]int, string) {
	if g.ClosedAt != nil && g.Status != gap.Closed {
		later := slices.DeleteFunc(slices.Clone(fs), func(f gap.Failure) bool { return !f.At.After(*g.ClosedAt) })
		if len(later) > 0 {
			fs = later
		}
	}
	t := tallyOf(fs, r.habit)
	n := len(fs)
	says := func(format string, some float64) string { return fmt.Sprintf(format, int(some), n) }
	switch {
	case t.hidden >= mostOf*t.all:
		return gap.Restricted, nil, says("What would answer may not be shown to who asked: %d of %d.", t.hidden)
	case t.wrongs >= mostOf*t.all:
		return gap.Outdated, t.wrong, says("Operators found what is written outdated or wrong: %d of %d.", t.wrongs)
	case t.rights >= mostOf*t.all:
		return gap.NotFound, t.right, says("What operators replied is written in an article, and the drafts did not say it: %d of %d.", t.rights)
	case t.replies > 0 && t.actions > mostOf*t.replies:
		return gap.Action, nil, fmt.Sprintf("Most replies say what was done for one customer: %d of %d.", int(t.actions), int(t.replies))
	case t.rights > 0:
		return gap.Uncovered, t.right, says("Only %d of %d replies rest on an article.", t.rights)
	}
	return gap.Uncovered, nil, "No reply rests on an article."
}

// borneOut holds the article that is said to know the answer, where no operator
// has named it, against what they replied: one that only resembles it in parts
// does not know it.
func (r *finding) borneOut(ctx context.Context, cause gap.Cause, topic *gap.Topic, fs []gap.Failure) (gap.Cause, error) {
	if cause != gap.NotFound || len(topic.Articles) == 0 || namedIn(fs, topic.Articles[0].ID) {
		return cause, nil
	}
	d, err := r.KB.In(r.workspace).Document(ctx, topic.Articles[0].ID)
	if errors.Is(err, kb.ErrNotFound) {
		return cause, nil // the next run sees that it is gone
	}
	if err != nil {
		return cause, err
	}
	why, err := objection(ctx, fs, &d)
	if err != nil || why == "" {
		return cause, err
	}
	topic.Why = fmt.Sprintf("No reply rests on an article. They resemble “%s” in parts, but %s.", d.Title, why)
	return gap.Uncovered, nil
}

// namedIn reports whether an operator has said that the article knows the
// answer.
func namedIn(fs []gap.Failure, article string) bool {
	return slices.ContainsFunc(fs, func(f gap.Failure) bool {
		return slices.ContainsFunc(f.Sources, func(b gap.Blamed) bool { return b.ID == article && b.Role == gap.WasRight && b.Named })
	})
}

// quoted returns the articles of a cause, the likeliest first, with their titles
// and the passage of the first that bears on the question.
func (r *finding) quoted(ctx context.Context, g *gap.Gap, topic *gap.Topic, times map[string]int) ([]gap.Article, error) {
	ids := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(cmp.Compare(times[b], times[a]), strings.Compare(a, b))
	})
	ids = ids[:min(causeArticles, len(ids))]
	if len(ids) == 0 {
		return nil, nil
	}
	docs, err := r.KB.In(r.workspace).Documents(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []gap.Article
	for _, id := range ids {
		d, ok := docs[id]
		if !ok || d.Deleted {
			continue
		}
		a := gap.Article{ID: id, Title: d.Title, Times: times[id]}
		for _, was := range g.Topic.Articles {
			if was.ID == id && was.Title == a.Title && g.Topic.Question == topic.Question {
				a.Quote = was.Quote
			}
		}
		if len(out) == 0 && a.Quote == "" {
			if a.Quote, err = r.passage(ctx, topic.Question, id); err != nil {
				return nil, err
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// passage is the passage of an article that bears on a question; empty where
// that cannot be told at the moment.
func (r *finding) passage(ctx context.Context, question, article string) (string, error) {
	if r.Answerer == nil || !r.Answerer.Serving() {
		return "", nil
	}
	found, err := r.Answerer.Search(ctx, retrieval.Ask{
		Workspace: r.workspace, Messages: []retrieval.Message{{Role: retrieval.Customer, Text: question}},
		Filter: retrieval.Filter{IDs: []string{article}, Kinds: []kb.Kind{kb.Article}},
	})
	switch {
	case errors.Is(err, retrieval.ErrInvalid), errors.Is(err, retrieval.ErrUnavailable):
		return "", nil
	case err != nil:
		return "", err
	case len(found.Sources) == 0:
		return "", nil
	}
	return found.Sources[0].Quote, nil
}
