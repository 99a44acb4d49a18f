package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The queue of the demo has all that a queue may have: two languages, all
// statuses, a dialogue of more than one message, and questions of the future
// are none.
func TestTheSampleHasTicketsOfEveryKind(t *testing.T) {
	t.Parallel()
	tickets, err := readSampleTickets()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	seen := map[string]bool{}
	languages := map[string]int{}
	for i := range tickets {
		c := tickets[i].change(now)
		if seen[tickets[i].ID] || len(c.Messages) == 0 || *c.Subject == "" {
			t.Errorf("%s is there twice or says nothing", tickets[i].ID)
		}
		seen[tickets[i].ID] = true
		languages[c.FoundLanguage]++
		for j, m := range c.Messages {
			if m.At.After(now) || j > 0 && m.At.Before(c.Messages[j-1].At) {
				t.Errorf("%s: message %d is out of its time", tickets[i].ID, j+1)
			}
		}
	}
	if languages["ru"] < 6 || languages["en"] < 6 || len(languages) != 2 {
		t.Errorf("languages %v: want at least 6 Russian and 6 English tickets", languages)
	}
}

func TestTheDemoHasItsTicketsOnce(t *testing.T) {
	t.Parallel()
	env := newEnvironment(t)
	p := startDemo(t, env)
	status, body := p.call(http.MethodGet, "/v1/tickets?limit=50", "")
	if status != http.StatusOK || !strings.Contains(string(body), `"counts":{"open":11,"pending":1,"solved":1}`) {
		t.Fatalf("status %d %s", status, body)
	}
	if _, body := p.call(http.MethodGet, "/v1/session", ""); !strings.Contains(string(body), `"name":"Vetrogor"`) {
		t.Errorf("the workspace has not the shop's name: %s", body)
	}
	if status, body := p.call(http.MethodPost, "/v1/tickets/V-1042/status", `{"status":"solved"}`); status != http.StatusOK {
		t.Fatalf("status %d %s", status, body)
	}
	p.stop()
	again := startDemo(t, env)
	if _, body := again.call(http.MethodGet, "/v1/tickets/V-1042", ""); !strings.Contains(string(body), `"status":"solved"`) {
		t.Errorf("started again, the demo has forgotten that a ticket is solved: %s", body)
	}
	again.stop()
}
