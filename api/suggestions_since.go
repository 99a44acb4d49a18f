package api

import (
	"context"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// since notes at the sources of a suggestion what has become of them since it
// was made: whoever opens yesterday's draft must not send what was true then.
func (s *Server) since(ctx context.Context, workspace string, sources []retrieval.Cited) error {
	if len(sources) == 0 {
		return nil
	}
	ids := make([]string, len(sources))
	for i := range sources {
		ids[i] = sources[i].ID
	}
	docs, err := s.KB.In(workspace).Documents(ctx, ids)
	if err != nil {
		return err
	}
	doubts, err := s.Store.Doubts(ctx, workspace)
	if err != nil {
		return err
	}
	for i := range sources {
		c := &sources[i]
		d, ok := docs[c.ID]
		text := d.Body
		if d.Kind == kb.Case {
			text = d.Resolution
		}
		c.Quarantined = doubts.Quarantined[c.ID]
		c.Changed = !ok || d.Status != kb.Published || !strings.Contains(text, c.Quote)
	}
	return nil
}
