package training

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/training/cluster"
)

// An anchor is the article that a failure is about by an operator's own word:
// those that name the same one are one topic, however they are worded.
type anchor struct {
	article string
	role    gap.Role
}

// anchorOf returns what a failure is about; the zero anchor if nobody has named
// an article. What was named as right outdoes what was named as wrong: there is
// nothing to be written, only to be found.
func anchorOf(f *gap.Failure) (a anchor) {
	for _, b := range f.Sources {
		if !b.Named {
			continue
		}
		switch b.Role {
		case gap.WasRight:
			return anchor{b.ID, gap.WasRight}
		case gap.WasOutdated, gap.WasIncorrect:
			if a.article == "" {
				a = anchor{b.ID, gap.WasOutdated}
			}
		case gap.WasHidden:
		}
	}
	return a
}

// A sorting gives each failure its group.
type sorting struct {
	*finding
	topics map[string]*topical // by gap
	loose  []*topical          // too small to be gaps
	kept   map[string]bool     // ids of groups that were found again
	sizes  map[string]int      // failures of each gap so far
}

// group sorts the failures into groups, each of which has the id of its gap.
func (r *finding) group(ctx context.Context) ([]*topical, error) {
	s := &sorting{finding: r, topics: make(map[string]*topical), kept: make(map[string]bool), sizes: make(map[string]int)}
	anchored := make(map[anchor][]int)
	var free []int
	for i := range r.failures {
		s.sizes[r.failures[i].GapID]++
		if a := anchorOf(&r.failures[i]); a != (anchor{}) {
			anchored[a] = append(anchored[a], i)
		} else {
			free = append(free, i)
		}
	}
	if err := s.anchored(ctx, anchored); err != nil {
		return nil, err
	}
	if err := s.alike(ctx, free); err != nil {
		return nil, err
	}
	out := s.loose
	for _, id := range sortedKeys(s.topics) {
		t := s.topics[id]
		slices.Sort(t.members)
		out = append(out, t)
	}
	return out, nil
}

// put adds failures to a gap's group; a group of no gap is loose.
func (s *sorting) put(t *topical) {
	if t.id == "" {
		s.loose = append(s.loose, t)
		return
	}
	if there := s.topics[t.id]; there != nil {
		there.members = append(there.members, t.members...)
		if there.article == "" && there.group.ID == "" {
			there.group = t.group
		}
		return
	}
	s.topics[t.id] = t
}

// anchored gives those that name an article the gap that it is to close, or the
// one that most of them belong to.
func (s *sorting) anchored(ctx context.Context, groups map[anchor][]int) error {
	anchors := slices.SortedFunc(maps.Keys(groups), func(a, b anchor) int {
		return cmp.Or(strings.Compare(a.article, b.article), strings.Compare(string(a.role), string(b.role)))
	})
	var named []*topical
	for _, a := range anchors {
		t := &topical{members: groups[a], article: a.article}
		if t.id = s.answeredBy(a); t.id != "" {
			t.article = "" // the gap has a name of its own
		} else if t.id = s.home(t.members); t.id == "" && s.worth(t.members) {
			t.id = s.newID(string(a.role)+a.article, t.members)
		}
		named = append(named, t)
	}
	if err := s.name(ctx, named); err != nil {
		return err
	}
	for _, t := range named {
		s.put(t)
	}
	return nil
}

// answeredBy returns the gap that an article is to close or has closed; empty
// if none.
func (s *sorting) answeredBy(a anchor) string {
	if a.role != gap.WasRight {
		return ""
	}
	for _, id := range sortedKeys(s.gaps) {
		if of := s.gaps[id].ArticleID; of != "" && s.doubts.Now(of) == s.doubts.Now(a.article) {
			return id
		}
	}
	return ""
}

// home returns the gap most of whose failures these are; empty if none.
func (s *sorting) home(members []int) string {
	counts := s.priors(members)
	for _, id := range sortedKeys(counts) {
		if 2*counts[id] > s.sizes[id] && s.topics[id] == nil {
			return id
		}
	}
	return ""
}

// priors counts the gaps that failures belong to so far.
func (s *sorting) priors(members []int) map[string]int {
	counts := make(map[string]int)
	for _, i := range members {
		if id := s.failures[i].GapID; s.gaps[id] != nil {
			counts[id]++
		}
	}
	return counts
}

// tickets counts the different tickets of failures.
func (s *sorting) tickets(members []int) int {
	of := make(map[string]bool)
	for _, i := range members {
		of[s.failures[i].Of()] = true
	}
	return len(of)
}

// worth reports whether failures are kept as a gap, if only to wait: there are
// several tickets, or an operator has told the editors of one by hand, who are
// to find it.
func (s *sorting) worth(members []int) bool {
	return s.tickets(members) >= pairLeast || slices.ContainsFunc(members, func(i int) bool {
		return s.failures[i].Missing != ""
	})
}

// newID names a gap after what it began with.
func (s *sorting) newID(what string, members []int) string {
	for salt := ""; ; salt += "+" {
		sum := sha256.Sum256([]byte(what + "\x00" + s.failures[slices.Min(members)].SuggestionID + salt))
		id := "gap-" + hex.EncodeToString(sum[:8])
		if s.gaps[id] == nil && s.topics[id] == nil {
			return id
		}
	}
}

// alike groups the others by what they ask and what was replied.
func (s *sorting) alike(ctx context.Context, free []int) error {
	before := make(map[string]*cluster.Group)
	items := make([]cluster.Item, 0, len(free))
	for _, i := range free {
		f := &s.failures[i]
		// Where nobody replied, what is missing is all that is known of a subject
		// but for a short question.
		said := strings.TrimSpace(f.Reply + "\n\n" + f.Missing)
		items = append(items, cluster.Item{ID: f.SuggestionID, Text: strings.TrimSpace(f.Question + "\n\n" + f.Missing), Reply: said, Language: f.Language})
		g := s.gaps[f.GapID]
		if g == nil {
			continue
		}
		if before[g.ID] == nil {
			before[g.ID] = &cluster.Group{ID: g.ID, Label: g.Label, Phrases: g.Topic.Phrases}
		}
		before[g.ID].Members = append(before[g.ID].Members, f.SuggestionID)
	}
	if len(items) == 0 {
		return nil
	}
	var was []cluster.Group
	for _, id := range sortedKeys(before) {
		slices.Sort(before[id].Members)
		was = append(was, *before[id])
	}
	groups, _, err := cluster.Find(ctx, was, items, cluster.Options{})
	if err != nil {
		return err
	}
	for _, g := range groups {
		s.kept[g.ID] = s.gaps[g.ID] != nil
	}
	for _, g := range groups {
		s.place(g)
	}
	return nil
}

// decided reports whether a gap keeps its failures and takes no part in merges:
// somebody has decided something about those very questions.
func decided(g *gap.Gap) bool {
	return g.Status == gap.Closed || g.Status == gap.Dismissed || g.ArticleID != ""
}

// place gives a group the gap that it is found again as.
func (s *sorting) place(g cluster.Group) {
	var rest []int
	for _, id := range g.Members {
		i := s.of[id]
		if own := s.gaps[s.failures[i].GapID]; own != nil && decided(own) {
			s.put(&topical{id: own.ID, members: []int{i}, group: whole(g, own)})
			continue
		}
		rest = append(rest, i)
	}
	if len(rest) == 0 {
		return
	}
	t := &topical{members: rest, group: g}
	counts := s.priors(s.places(g.Members))
	var others []string
	t.id, others = s.target(g, counts)
	if t.id == "" && s.worth(rest) {
		t.id = s.newID("alike", rest)
		for _, id := range sortedKeys(counts) {
			if !decided(s.gaps[id]) {
				t.from = append(t.from, id)
				s.gaps[id].Note("split", gap.Self, "a part of it is a gap of its own: "+t.id, s.now)
			}
		}
	}
	s.put(t)
	for _, id := range others {
		if into := s.gaps[t.id]; into != nil && 2*counts[id] > s.sizes[id] {
			s.gaps[id].Join(into, s.now)
		}
	}
}

func (s *sorting) places(ids []string) []int {
	out := make([]int, len(ids))
	for i, id := range ids {
		out[i] = s.of[id]
	}
	return out
}

// target is the gap that a group is, and those that are a part of it now.
func (s *sorting) target(g cluster.Group, counts map[string]int) (id string, others []string) {
	var open, firm []string
	for _, prior := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	}) {
		switch {
		case decided(s.gaps[prior]):
			firm = append(firm, prior)
		case prior == g.ID || !s.kept[prior]: // else it is found again as another group
			open = append(open, prior)
		}
	}
	if at := slices.Index(open, g.ID); at > 0 {
		open[0], open[at] = open[at], open[0]
	}
	switch {
	case len(open) > 0:
		return open[0], open[1:]
	case len(firm) > 0:
		return firm[0], nil
	}
	return "", nil
}

// whole is the group as far as it is about a gap that has a name.
func whole(g cluster.Group, own *gap.Gap) cluster.Group {
	if g.ID != own.ID {
		return cluster.Group{}
	}
	return g
}

// name finds the words and the most typical question of groups that name an
// article.
func (s *sorting) name(ctx context.Context, named []*topical) error {
	var qs []question
	var groups []*group
	for _, t := range named {
		g := new(group)
		for range t.members {
			g.members = append(g.members, 0)
		}
		for k, i := range t.members {
			g.members[k] = len(qs)
			qs = append(qs, question{id: s.failures[i].SuggestionID, text: s.failures[i].Question})
		}
		groups = append(groups, g)
	}
	texts := make([]string, len(qs))
	for i := range qs {
		texts[i] = qs[i].text
	}
	if len(texts) == 0 {
		return nil
	}
	vectors, err := embeddings.Local{}.Embed(ctx, texts)
	if err != nil {
		return err
	}
	for _, g := range groups {
		members := g.members
		g.members = nil
		for _, m := range members {
			g.add(m, vectors[m])
		}
	}
	name(groups, qs, vectors)
	for k, t := range named {
		g := groups[k]
		t.group = cluster.Group{Label: g.topic.Label, Phrases: strings.Fields(g.topic.Label)}
		for _, m := range g.members {
			if len(g.topic.Examples) > 0 && qs[m].text == g.topic.Examples[0] {
				t.group.Typical = qs[m].id
			}
		}
	}
	return nil
}
