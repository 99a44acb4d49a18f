package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/whetstone-desk/whetstone/kb"
)

// finders keeps the titles of the documents of the workspaces that were searched
// lately, in memory: databases do not agree on what a capital letter is, and
// this is fast. Its methods may be called from many goroutines.
type finders struct {
	kb *kb.DB

	mu sync.Mutex
	of map[string]*titles // by workspace
}

func newFinders(b *kb.DB) *finders { return &finders{kb: b, of: make(map[string]*titles)} }

// searchedAtOnce is how many workspaces' titles are kept.
const searchedAtOnce = 32

// titles are those of one workspace's documents.
type titles struct {
	mu    sync.Mutex
	used  time.Time
	seq   int64          // up to which changes are known
	at    map[string]int // place in all, by document id
	all   []titled
	holes int // places in all that stand empty
}

// A titled is a document with its title as it is looked for.
type titled struct {
	kb.Title
	folded string // empty: the document is gone
}

// in returns the titles of a workspace, which may be behind.
func (f *finders) in(workspace string, now time.Time) *titles {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.of[workspace]
	if t == nil {
		if len(f.of) >= searchedAtOnce {
			var oldest string
			for id, o := range f.of {
				if oldest == "" || o.used.Before(f.of[oldest].used) {
					oldest = id
				}
			}
			delete(f.of, oldest)
		}
		t = &titles{at: make(map[string]int)}
		f.of[workspace] = t
	}
	t.used = now
	return t
}

// titlesAtOnce is how many titles are read with one query.
const titlesAtOnce = 5000

// catch brings t up to what the workspace holds now.
func (t *titles) catch(ctx context.Context, b *kb.DB, workspace string) error {
	w, err := b.Workspace(ctx, workspace)
	if err != nil {
		return err
	}
	if w.Changes < t.seq { // another workspace of the same name
		t.seq, t.at, t.all, t.holes = 0, make(map[string]int), nil, 0
	}
	for t.seq < w.Changes {
		part, err := b.In(workspace).Titles(ctx, t.seq, titlesAtOnce)
		if err != nil {
			return err
		}
		for i := range part {
			t.keep(&part[i])
		}
		if len(part) < titlesAtOnce {
			t.seq = max(t.seq, w.Changes)
		}
	}
	return nil
}

// keep notes down one document as it is now.
func (t *titles) keep(d *kb.Title) {
	t.seq = max(t.seq, d.Seq)
	at, known := t.at[d.ID]
	switch {
	case d.Deleted && known:
		t.all[at] = titled{}
		delete(t.at, d.ID)
		if t.holes++; t.holes > len(t.all)/2 {
			t.close()
		}
	case d.Deleted:
	case known:
		t.all[at] = titled{*d, folded(d.Title)}
	default:
		t.at[d.ID] = len(t.all)
		t.all = append(t.all, titled{*d, folded(d.Title)})
	}
}

// close takes the empty places out.
func (t *titles) close() {
	t.all = slices.DeleteFunc(t.all, func(n titled) bool { return n.ID == "" })
	t.holes = 0
	for i := range t.all {
		t.at[t.all[i].ID] = i
	}
}

// folded brings a text to the form in which it is looked for.
func folded(text string) string { return strings.ReplaceAll(strings.ToLower(text), "ё", "е") }

// A match says how well something is found; less is better.
type match struct {
	how int
	seq int64
	at  int // place
}

// find returns the best of the documents of each kind that are found in a way.
func (t *titles) find(way matcher, most int) map[kb.Kind][]kb.Title {
	best := make(map[kb.Kind][]match)
	for i := range t.all {
		n := &t.all[i]
		how, ok := way(n.ID, n.folded)
		if !ok || n.ID == "" {
			continue
		}
		best[n.Kind] = append(best[n.Kind], match{how, n.Seq, i})
	}
	out := make(map[kb.Kind][]kb.Title)
	for kind, ms := range best {
		slices.SortFunc(ms, func(a, b match) int { return cmp.Or(cmp.Compare(a.how, b.how), cmp.Compare(b.seq, a.seq)) })
		for _, m := range ms[:min(most, len(ms))] {
			out[kind] = append(out[kind], t.all[m.at].Title)
		}
	}
	return out
}

// A matcher reports whether and how well something is found; title is folded.
type matcher func(id, title string) (how int, ok bool)

// exactly finds what has the words of q.
func exactly(q string) matcher {
	q = folded(strings.Join(strings.Fields(q), " "))
	words := strings.Fields(q)
	return func(id, title string) (int, bool) { return matches(q, words, id, title) }
}

// matches reports whether and how well q, whose words are given, finds a thing:
// by its id or its start, by the start of its title, by starts of its words, or
// by parts of them, in this order.
func matches(q string, words []string, id, title string) (how int, ok bool) {
	switch {
	case len(words) == 0:
		return 0, false
	case strings.EqualFold(id, q):
		return 0, true
	case len(id) >= len(q) && strings.EqualFold(id[:len(q)], q):
		return 1, true
	case strings.HasPrefix(title, q):
		return 2, true
	}
	how = 3
	for _, w := range words {
		at := strings.Index(title, w)
		if at < 0 {
			return 0, false
		}
		if !starts(title, w, at) {
			how = 4
		}
	}
	return how, true
}

// starts reports whether a word of the title starts with w, which is first found
// at a place of it.
func starts(title, w string, at int) bool {
	for {
		before := strings.LastIndexFunc(title[:at], func(rune) bool { return true })
		if before < 0 {
			return true
		}
		r := []rune(title[before:at])[0]
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return true
		}
		next := strings.Index(title[at+len(w):], w)
		if next < 0 {
			return false
		}
		at += len(w) + next
	}
}
