package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Presences remembers who is looking at what, for every process that shares
// the database. Its methods may be called from many goroutines.
type Presences struct {
	db  *gorm.DB
	now func() time.Time
}

// NewPresences returns the presences kept in db, whose schema must be current.
// now is the clock; nil: time.Now.
func NewPresences(db *gorm.DB, now func() time.Time) *Presences {
	if now == nil {
		now = time.Now
	}
	return &Presences{db, now}
}

// A presence is one person at one subject.
type presence struct {
	WorkspaceID string `gorm:"primaryKey"`
	Subject     string `gorm:"primaryKey"`
	Person      string `gorm:"primaryKey"` // the id of the caller
	Name        string
	Editing     bool
	At          time.Time // UTC: when they last said so
}

// present is how long somebody is there who says no more.
const present = 30 * time.Second

// mostPresent bounds how many are told of at once: nobody reads more names.
const mostPresent = 200

// ofTicket begins the subjects that are tickets.
const ofTicket = "ticket:"

// Say keeps that p is there, or that they have left, and returns who else is,
// by name. Rows of those who are long gone are removed.
func (ps *Presences) Say(ctx context.Context, p presence, left bool) ([]presence, error) {
	p.At = ps.now().UTC().Truncate(time.Microsecond)
	since := p.At.Add(-present)
	gone := ps.db.WithContext(ctx).Where("workspace_id = ?", p.WorkspaceID)
	if left {
		gone = gone.Where("at < ? OR (subject = ? AND person = ?)", since, p.Subject, p.Person)
	} else {
		gone = gone.Where("at < ?", since)
		if err := ps.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&p).Error; err != nil {
			return nil, fmt.Errorf("api: presence: %w", err)
		}
	}
	// Each statement stands alone: what one of them finds old is old.
	if err := gone.Delete(&presence{}).Error; err != nil {
		return nil, fmt.Errorf("api: presence: %w", err)
	}
	var others []presence
	err := ps.db.WithContext(ctx).Where("workspace_id = ? AND subject = ? AND person <> ?", p.WorkspaceID, p.Subject, p.Person).
		Order("name, person").Find(&others).Error
	if err != nil {
		return nil, fmt.Errorf("api: presence: %w", err)
	}
	return others, nil
}

// At returns who other than a person is at the subjects that begin with a
// prefix, by name.
func (ps *Presences) At(ctx context.Context, workspace, prefix, person string) ([]presence, error) {
	var others []presence
	since := ps.now().UTC().Add(-present)
	err := ps.db.WithContext(ctx).Where("workspace_id = ? AND subject LIKE ? AND person <> ? AND at >= ?", workspace, prefix+"%", person, since).
		Order("name, person, subject").Limit(mostPresent).Find(&others).Error
	if err != nil {
		return nil, fmt.Errorf("api: presence: %w", err)
	}
	return others, nil
}

// inTickets returns who else has which ticket open.
func (s *Server) inTickets(ctx context.Context) ([]hereView, error) {
	key := caller(ctx)
	others, err := s.Presences.At(ctx, key.WorkspaceID, ofTicket, key.ID)
	out := make([]hereView, len(others))
	for i := range others {
		out[i] = hereView{strings.TrimPrefix(others[i].Subject, ofTicket), others[i].Name, others[i].Editing}
	}
	return out, err
}

// PresenceBody says where the caller is.
type PresenceBody struct {
	Subject string `json:"subject" maxLength:"160" pattern:"^(ticket|article|case|gap):.+$" example:"ticket:4711"`
	Editing bool   `json:"editing,omitempty" doc:"You are changing it."`
	Left    bool   `json:"left,omitempty" doc:"You are there no more."`
}

type presenceOut struct{ Body presenceList }

type presenceList struct {
	Others []presenceView `json:"others" nullable:"false" doc:"Who else was there in the last 30 seconds."`
}

type presenceView struct {
	Name    string    `json:"name"`
	Editing bool      `json:"editing"`
	At      time.Time `json:"at" doc:"When they last said so."`
}

// sayPresence answers POST /v1/presence.
func (s *Server) sayPresence(ctx context.Context, in *struct{ Body PresenceBody }) (*presenceOut, error) {
	key := caller(ctx)
	others, err := s.Presences.Say(ctx, presence{
		WorkspaceID: key.WorkspaceID, Subject: in.Body.Subject, Person: key.ID, Name: authorOf(key), Editing: in.Body.Editing,
	}, in.Body.Left)
	if err != nil {
		return nil, err
	}
	out := &presenceOut{presenceList{make([]presenceView, len(others))}}
	for i := range others {
		out.Body.Others[i] = presenceView{others[i].Name, others[i].Editing, others[i].At}
	}
	return out, nil
}
