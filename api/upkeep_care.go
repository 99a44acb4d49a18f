package api

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

// CareView says who answers for an article, and until when it counts as true.
type CareView struct {
	ArticleID    string     `json:"article_id"`
	Owner        string     `json:"owner,omitempty" doc:"Missing: nobody."`
	IntervalDays int64      `json:"interval_days" doc:"How long a verification holds."`
	VerifiedAt   *time.Time `json:"verified_at,omitempty" doc:"Missing: never."`
	VerifiedBy   string     `json:"verified_by,omitempty" doc:"whetstone: operators keep sending it as it is."`
	Revision     int64      `json:"revision,omitempty" doc:"What was verified."`
	Due          time.Time  `json:"due" doc:"When it is to be verified again, if it is in use."`
	Stale        bool       `json:"stale" doc:"It is due."`
}

func careOf(c *upkeep.Care, d *kb.Document, now time.Time) CareView {
	v := CareView{
		ArticleID: d.ID, Owner: c.Owner, IntervalDays: cmp.Or(c.IntervalDays, upkeep.DefaultInterval), VerifiedAt: c.VerifiedAt,
		VerifiedBy: c.VerifiedBy, Revision: c.Revision,
	}
	since := d.UpdatedAt.UTC()
	if c.VerifiedAt != nil && c.VerifiedAt.After(since) {
		since = c.VerifiedAt.UTC()
	}
	v.Due = since.Add(time.Duration(v.IntervalDays) * 24 * time.Hour)
	v.Stale = d.Status == kb.Published && !now.Before(v.Due)
	return v
}

type careOut struct{ Body CareView }

// articleCare answers GET /v1/articles/{id}/care.
func (s *Server) articleCare(ctx context.Context, in *ByID) (*careOut, error) {
	d, err := s.document(ctx, kb.Article, in.ID)
	if err != nil {
		return nil, err
	}
	cares, err := s.Upkeep.In(caller(ctx).WorkspaceID).Cares(ctx, []string{d.ID})
	if err != nil {
		return nil, err
	}
	c := cares[d.ID]
	return &careOut{careOf(&c, &d, time.Now())}, nil
}

// Care is what a person says of an article. What is missing stays.
type Care struct {
	Owner        *string `json:"owner,omitempty" maxLength:"256" doc:"Who answers for it; empty: nobody any more."`
	IntervalDays *int64  `json:"interval_days,omitempty" minimum:"0" maximum:"36500" doc:"How long a verification holds; 0: 90 days."`
	Verified     bool    `json:"verified,omitempty" doc:"It holds, as you say."`
	Revision     int64   `json:"revision,omitempty" minimum:"0" doc:"Of the article that you have read; missing: whatever it is now."`
}

// putArticleCare answers PUT /v1/articles/{id}/care.
func (s *Server) putArticleCare(ctx context.Context, in *struct {
	ByID
	Body Care
}) (*careOut, error) {
	key, b := caller(ctx), &in.Body
	if b.Owner == nil && b.IntervalDays == nil && !b.Verified {
		return nil, fmt.Errorf("%w: say what to change: owner, interval_days or verified", kb.ErrInvalid)
	}
	d, err := s.document(ctx, kb.Article, in.ID)
	if err != nil {
		return nil, err
	}
	store := s.Upkeep.In(key.WorkspaceID)
	cares, err := store.Cares(ctx, []string{d.ID})
	if err != nil {
		return nil, err
	}
	c := cares[d.ID]
	if b.Verified {
		at := time.Now()
		if c, err = store.Verify(ctx, d.ID, upkeep.Verification{By: authorOf(key), At: at, Revision: b.Revision}); err != nil {
			return nil, err
		}
		if err := s.noLongerStale(ctx, d.ID); err != nil {
			return nil, err
		}
	}
	if b.Owner != nil || b.IntervalDays != nil {
		owner, days := c.Owner, c.IntervalDays
		if b.Owner != nil {
			owner = *b.Owner
		}
		if b.IntervalDays != nil {
			days = *b.IntervalDays
		}
		if c, err = store.SetOwner(ctx, d.ID, owner, days); err != nil {
			return nil, err
		}
	}
	return &careOut{careOf(&c, &d, time.Now())}, nil
}

// noLongerStale finishes the chores that asked for a verification.
func (s *Server) noLongerStale(ctx context.Context, id string) error {
	key, done := caller(ctx), upkeep.Done
	store := s.Upkeep.In(key.WorkspaceID)
	cs, err := store.Chores(ctx, upkeep.Filter{Status: upkeep.Open, Kind: upkeep.Stale, DocumentID: id})
	if err != nil {
		return err
	}
	for i := range cs {
		if _, err := store.Set(ctx, cs[i].ID, upkeep.Change{Status: &done, Author: authorOf(key)}); err != nil {
			return err
		}
	}
	return nil
}
