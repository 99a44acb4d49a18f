package training

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// trafficLeast is how many suggestions it takes to say that an article is
	// not used.
	trafficLeast = 100

	// outOfOrder is how much later than its time a suggestion may be stored.
	outOfOrder = time.Hour
)

// A service is what drafts have rested on so far. It is read on from night to
// night, since suggestions are many and long.
type service struct {
	Since   time.Time       `json:"since"`   // of the first suggestion that was read
	Through time.Time       `json:"through"` // of the last one
	Count   int             `json:"count"`
	Used    map[string]bool `json:"used"` // by id of an article
}

func stateOfService(workspace string) string { return "service/" + workspace }

// unused looks for articles that no draft and no reply has ever rested on.
func (t *tidying) unused(ctx context.Context) error {
	s, err := t.service(ctx)
	if err != nil {
		return err
	}
	t.looksFor(upkeep.Unused)
	if s.Count < trafficLeast || t.now.Sub(s.Since) < unusedAfter {
		return nil
	}
	for _, id := range sortedKeys(t.articles) {
		a := t.articles[id]
		if s.Used[id] || t.now.Sub(a.doc.CreatedAt) < unusedAfter {
			continue
		}
		since, err := t.inUseSince(ctx, &a.doc)
		if err != nil {
			return err
		}
		days := int64(t.now.Sub(since).Hours() / 24)
		if t.now.Sub(since) < unusedAfter {
			continue
		}
		t.found = append(t.found, upkeep.Chore{
			ID: upkeep.ChoreID(upkeep.Unused, upkeep.Part{DocumentID: id, Text: a.doc.Hash}), Kind: upkeep.Unused, DocumentID: id, Score: 0.2,
			Data: upkeep.Evidence{
				Why:    fmt.Sprintf("It has been published for %d days, and no draft and no reply rested on it.", days),
				Counts: map[string]int64{"days": days, "suggestions": int64(s.Count)},
			},
		})
	}
	return nil
}

// service reads on what drafts rested on.
func (t *tidying) service(ctx context.Context) (*service, error) {
	name := stateOfService(t.lesson.workspace)
	s := &service{Through: t.now.Add(-unusedAfter - 24*time.Hour), Used: make(map[string]bool)}
	text, known, err := sqldb.State(ctx, t.DB, name)
	if err == nil && known {
		err = json.Unmarshal([]byte(text), s)
	}
	if err != nil {
		return nil, fmt.Errorf("what drafts rested on: %w", err)
	}
	if err := t.serve(ctx, s); err != nil {
		return nil, err
	}
	for id := range s.Used {
		if t.articles[id] == nil {
			delete(s.Used, id)
		}
	}
	for id, a := range t.articles {
		if a.used {
			s.Used[id] = true
		}
	}
	kept, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return s, sqldb.SetState(ctx, t.DB, name, string(kept))
}

// serve adds the suggestions that were made since.
func (t *tidying) serve(ctx context.Context, s *service) error {
	at, id, through := s.Through.Add(-outOfOrder), "", s.Through
	for {
		var ss []retrieval.Suggestion
		err := t.DB.WithContext(ctx).Select("id", "answer", "sources", "created_at").
			Where("workspace_id = ? AND (created_at > ? OR created_at = ? AND id > ?)", t.lesson.workspace, at.UTC(), at.UTC(), id).
			Order("created_at, id").Limit(readAtOnce).Find(&ss).Error
		if err != nil {
			return fmt.Errorf("what drafts rested on: %w", err)
		}
		for i := range ss {
			sg := &ss[i]
			at, id = sg.CreatedAt.UTC(), sg.ID
			if s.Since.IsZero() {
				s.Since = at
			}
			if at.After(through) {
				s.Count, s.Through = s.Count+1, at
			}
			t.rested(s, sg)
		}
		if len(ss) < readAtOnce {
			return nil
		}
	}
}

// rested notes the articles that a draft rested on, those that its cases speak
// for too.
func (t *tidying) rested(s *service, sg *retrieval.Suggestion) {
	cited := make(map[string]bool, len(sg.Answer.Citations))
	for _, c := range sg.Answer.Citations {
		cited[c.SourceID] = true
	}
	for i := range sg.Sources {
		c := &sg.Sources[i]
		if !cited[c.ID] {
			continue
		}
		for _, id := range []string{c.ID, c.Resolved} {
			if id = t.lesson.reader.doubts.Now(id); t.articles[id] != nil {
				s.Used[id] = true
			}
		}
	}
}
