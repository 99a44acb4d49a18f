package retrieval_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestQuarantinedSourcesAreMarkedForOperatorsAndKeptFromCustomers(t *testing.T) {
	for _, tt := range []struct{ question, source, notice string }{
		{"How do I return an item?", "returns", "not confirmed"},
		{"Как вернуть товар?", "vozvrat", "не подтверждён"},
	} {
		d := newDesk(t, library()...)
		ask := retrieval.Ask{Messages: says(retrieval.Customer, tt.question)}
		if s := d.ask(ask); strings.Contains(s.Answer.Notice, tt.notice) || s.Sources[0].ID != tt.source || s.Sources[0].Quarantined {
			t.Fatalf("before: notice %q on %+v", s.Answer.Notice, s.Sources[0])
		}
		q := &retrieval.Answerer{KB: d.kb, Store: retrieval.NewStore(d.db), Generator: retrieval.Extract{}, Log: d.answerer.Log}
		space, _ := d.answerer.Serves()
		q.Serve(space)
		d.answerer = q // with a store that has not looked yet
		for _, status := range []string{"open", "lifted"} {
			err := d.db.Exec(`INSERT INTO quarantines (workspace_id, document_id, cause_id, revision, status, data, author, at)
				VALUES ('shop', ?, ?, 1, ?, '{}', '', ?)`, map[string]string{"open": tt.source, "lifted": "gift"}[status], "cause", status, time.Now()).Error
			if err != nil {
				t.Fatal(err)
			}
		}
		s := d.ask(ask)
		if s.Decision != retrieval.Drafted || !s.Sources[0].Quarantined || !strings.Contains(s.Answer.Notice, tt.notice) {
			t.Errorf("an operator's draft: %s, notice %q, source %+v", s.Decision, s.Answer.Notice, s.Sources[0])
		}
		ask.Mode = retrieval.ForCustomer
		if s := d.ask(ask); slices.ContainsFunc(s.Sources, func(c retrieval.Cited) bool { return c.ID == tt.source }) {
			t.Errorf("a customer is answered from %s", tt.source)
		}
	}
}
