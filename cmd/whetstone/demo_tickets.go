package main

import (
	"bytes"
	"context"
	_ "embed" // what the demo's customers ask
	"encoding/json"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

// sampleTickets are what customers of the invented shop ask, one JSON object
// per line, the newest first.
//
//go:embed sample/tickets.jsonl
var sampleTickets string

// ticketsState is the state under which it is remembered that a workspace has
// the sample's tickets: whoever solves or erases one does not find it back.
const ticketsState = "demo-tickets/"

// A sampleTicket is a line of the sample. Times are told by how long ago they
// are, so that the queue looks as on a working day whenever the demo is begun.
type sampleTicket struct {
	ID         string          `json:"id"`
	Subject    string          `json:"subject"`
	Topic      string          `json:"topic"`
	Priority   ticket.Priority `json:"priority"`
	Tone       string          `json:"tone"`
	Channel    string          `json:"channel"`
	CustomerID string          `json:"customer_id"`
	Status     *ticket.Status  `json:"status"` // nil: as the messages say
	Tags       []string        `json:"tags"`
	Messages   []struct {
		Role    ticket.Role `json:"role"`
		Author  string      `json:"author"`
		Minutes int         `json:"minutes_ago"`
		Text    string      `json:"text"`
	} `json:"messages"`
}

// loadTickets puts the sample's tickets into the demo's workspace, once; now is
// when they are told from.
func (a *app) loadTickets(ctx context.Context, workspace string, now time.Time) error {
	_, mine, err := sqldb.State(ctx, a.db, sampleState+workspace)
	if err != nil || !mine {
		return err // a workspace with other documents is not the demo's to fill
	}
	_, loaded, err := sqldb.State(ctx, a.db, ticketsState+workspace)
	if err != nil || loaded {
		return err
	}
	tickets, err := readSampleTickets()
	if err != nil {
		return err
	}
	for i := range tickets {
		if _, _, err := a.tickets.In(workspace).Put(ctx, tickets[i].ID, nil, tickets[i].change(now)); err != nil {
			return fmt.Errorf("sample ticket %s: %w", tickets[i].ID, err)
		}
	}
	return sqldb.SetState(ctx, a.db, ticketsState+workspace, version)
}

func readSampleTickets() ([]sampleTicket, error) {
	var out []sampleTicket
	for i, line := range bytes.Split(bytes.TrimSpace([]byte(sampleTickets)), []byte("\n")) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		var t sampleTicket
		if err := d.Decode(&t); err != nil {
			return nil, fmt.Errorf("sample/tickets.jsonl:%d: %w", i+1, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func (t *sampleTicket) change(now time.Time) ticket.Change {
	lang := embeddings.Language(t.Messages[0].Text)
	c := ticket.Change{
		Subject: &t.Subject, CustomerID: &t.CustomerID, Channel: &t.Channel, Topic: &t.Topic, Tone: &t.Tone, Priority: &t.Priority,
		Status: t.Status, Tags: &t.Tags, Origin: sampleOrigin, FoundLanguage: lang,
	}
	for _, m := range t.Messages {
		c.Messages = append(c.Messages, ticket.Message{Role: m.Role, Author: m.Author, Text: m.Text, At: now.Add(-time.Duration(m.Minutes) * time.Minute)})
	}
	return c
}
