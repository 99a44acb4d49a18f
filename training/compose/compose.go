// Package compose drafts an article from what operators answered.
//
// [Write] reads the replies to one topic (read.go), puts sentences together that
// say the same (group.go), decides which to take and where replies contradict
// each other (choose.go), and lays them out as an article (render.go) or as a
// change of one that there is (change.go). A model may put them into better
// words (prose.go). Every sentence of a draft comes from replies and says from
// which; what the draft leaves out or does not know it says too.
//
// The package stores nothing and publishes nothing.
package compose

import (
	"context"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Reply is what happened to one ticket of the topic.
type Reply struct {
	Ticket   string    // how it is told from others
	Question string    // the customer's
	Text     string    // what was sent; empty: nothing is known
	Language string    // ISO 639-1, of the question
	At       time.Time // UTC
}

// A Task says what to draft.
type Task struct {
	Label    string       // of the topic, in a few words
	Question string       // the most typical one
	Replies  []Reply      // in any order
	Article  *kb.Document // to be changed; nil: a new one is written
}

// most is how many replies are read, the latest: what holds is in them, and the
// work grows with their square.
const most = 30

// Write drafts an article. prose, which may be nil, puts the sentences into
// better words; where it fails or says what they do not, they stay as they are.
// A draft from no reply at all has no body and says so. Author and At are left
// to the caller. The error is that of an ended context.
func Write(ctx context.Context, t *Task, prose retrieval.Generator) (gap.Draft, error) {
	lang := language(t)
	d := gap.Draft{Language: lang, Writer: "extract"}
	w := wording(lang)
	rs := read(t, lang)
	d.Unknown = w.left(t, rs, lang)
	if len(rs) == 0 {
		d.Unknown = append([]string{w.nobody}, d.Unknown...)
	}
	said, err := group(ctx, rs)
	if err != nil {
		return gap.Draft{}, err
	}
	taken, alone := choose(said, rs)
	for _, s := range alone {
		d.Unknown = append(d.Unknown, w.once+s.text)
	}
	if t.Article != nil {
		change(t.Article, taken, &d, w)
		return d, ctx.Err()
	}
	d.Title = title(t)
	if prose != nil && len(taken) > 0 {
		if reworded(ctx, prose, &d, taken) {
			return d, ctx.Err()
		}
	}
	render(taken, &d)
	return d, ctx.Err()
}

// language is that of most replies, or of most questions where there are none.
func language(t *Task) string {
	counts := make(map[string]int)
	for i := range t.Replies {
		r := &t.Replies[i]
		if r.Text != "" {
			counts[spoken(r)] += len(t.Replies) + 1 // a reply outweighs all questions
		}
		counts[r.Language]++
	}
	best := ""
	for _, l := range []string{"en", "ru"} {
		if counts[l] > counts[best] || best == "" {
			best = l
		}
	}
	return best
}

// latest returns the replies in the order in which they came, the last of them
// where there are too many.
func latest(rs []Reply) []Reply {
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(a, b Reply) int { return a.At.Compare(b.At) })
	return rs[max(0, len(rs)-most):]
}
