package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source/desk"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// ask reads the tickets of a system that a function plays.
func ask(t *testing.T, o desk.Options, serve http.HandlerFunc) (steps, *desk.Run) {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	o.URL, o.Token = server.URL, fetch.NewSecret(token)
	if !o.Articles {
		o.Tickets = true
	}
	if o.Fetch.Wait == nil {
		o.Fetch.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	o.Fetch.AllowPrivate, o.Fetch.Rate, o.Fetch.Tries = true, -1, 1
	return read(t, o)
}

func TestALimitThatASystemAnnouncesIsKept(t *testing.T) {
	for _, tt := range []struct {
		name   string
		o      desk.Options
		header map[string]string
		wait   time.Duration
	}{
		{"Freshdesk counts down to the minute", desk.Options{System: "freshdesk"}, map[string]string{"X-RateLimit-Remaining": "0"}, time.Minute},
		{"Freshdesk with requests left", desk.Options{System: "freshdesk"}, map[string]string{"X-RateLimit-Remaining": "1"}, 0},
		{"Zendesk says when it starts anew", desk.Options{System: "zendesk"}, map[string]string{"X-Rate-Limit-Remaining": "0", "ratelimit-reset": "42"}, 42 * time.Second},
		{"Intercom names the second", desk.Options{System: "intercom"}, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1770026409", "Date": "Mon, 02 Feb 2026 10:00:00 GMT"}, 9 * time.Second},
		{"Help Scout counts by the minute", desk.Options{System: "helpscout"}, map[string]string{"X-RateLimit-Remaining-Minute": "0", "X-RateLimit-Retry-After": "30"}, 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var waits []time.Duration
			tt.o.Fetch.Wait = func(_ context.Context, d time.Duration) error {
				waits = append(waits, d)
				return nil
			}
			ask(t, tt.o, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range tt.header {
					w.Header().Set(k, v)
				}
				_, _ = io.WriteString(w, "{}")
			})
			if got := slices.Contains(waits, tt.wait); got != (tt.wait > 0) || tt.wait == 0 && len(waits) > 0 {
				t.Errorf("waits %v, want %v", waits, tt.wait)
			}
		})
	}
}

func TestARunThatHasToWaitForAnHourBreaksOff(t *testing.T) {
	asked := 0
	got, run := ask(t, desk.Options{System: "omnidesk", Login: "a@example.com"}, func(w http.ResponseWriter, q *http.Request) {
		if asked++; strings.Contains(q.URL.Path, "cases.json") {
			w.Header()["api_calls_left"] = []string{"0"}
		}
		_, _ = io.WriteString(w, `{"total_count": 0}`)
	})
	if got.err == nil || !strings.Contains(got.err.Error(), "no more requests for 1h0m0s") || asked != 2 || run.Complete(kb.Case) {
		t.Errorf("after %d requests the error is %v", asked, got.err)
	}
}

func TestTheTokenStaysWithTheAccountsOwnHost(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host is asked") }))
	t.Cleanup(stranger.Close)
	got, _ := ask(t, desk.Options{System: "zendesk"}, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"tickets": [], "after_url": "%s/api/v2/x", "after_cursor": "a", "end_of_stream": false}`, stranger.URL)
	})
	if got.err == nil || !strings.Contains(got.err.Error(), "another host") {
		t.Errorf("error %v", got.err)
	}
}

func TestPagesThatGoRoundEndTheRun(t *testing.T) {
	asked := 0
	got, _ := ask(t, desk.Options{System: "zendesk"}, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		_, _ = io.WriteString(w, `{"tickets": [], "after_url": "/api/v2/incremental/tickets/cursor.json?cursor=a", "after_cursor": "a", "end_of_stream": false}`)
	})
	if got.err == nil || !strings.Contains(got.err.Error(), "go round") || asked != 2 {
		t.Errorf("after %d requests the error is %v", asked, got.err)
	}
}

func TestAnAnswerThatIsNoneBreaksTheRunOff(t *testing.T) {
	for _, o := range accounts {
		t.Run(name(o), func(t *testing.T) {
			got, run := ask(t, o, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>"+token+"</html>") })
			if got.err == nil || len(got.items) > 0 || run.Complete(kb.Article) || run.Complete(kb.Case) {
				t.Errorf("error %v, %d documents", got.err, len(got.items))
			}
			if got.err != nil && strings.Contains(got.err.Error(), token) {
				t.Errorf("the token stands in %v", got.err)
			}
		})
	}
}

// TestAListLongerThanItsPagesIsReadToTheEnd plays Freshdesk, which has 300 pages
// of a list at most.
func TestAListLongerThanItsPagesIsReadToTheEnd(t *testing.T) {
	const tickets = 305
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	got, _ := ask(t, desk.Options{System: "freshdesk"}, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/api/v2/tickets" {
			_, _ = io.WriteString(w, "[]")
			return
		}
		since, err := time.Parse(time.RFC3339, q.URL.Query().Get("updated_since"))
		page, again := strconv.Atoi(q.URL.Query().Get("page"))
		if err != nil || again != nil || page > 300 {
			t.Errorf("asks for %s", q.URL)
		}
		n := page - 1 // one ticket a page
		if skipped := since.Sub(began); skipped > 0 {
			n += int(skipped / time.Minute)
		}
		if n < tickets-1 {
			w.Header().Set("Link", `<https://example.com/next>; rel="next"`)
		}
		at := began.Add(time.Duration(n) * time.Minute).Format(time.RFC3339)
		_, _ = fmt.Fprintf(w, `[{"id": %d, "status": 2, "updated_at": "%s"}]`, n, at)
	})
	seen := make(map[string]bool)
	for _, s := range got.skips {
		seen[s.File] = true
	}
	if got.err != nil || len(seen) != tickets {
		t.Errorf("%d tickets are seen, want %d; error %v", len(seen), tickets, got.err)
	}
}

func TestACursorThatGotOldBeginsAnew(t *testing.T) {
	old := `{"system": "zendesk", "stage": "tickets", "tickets": {"since": "OLD", "page": "/api/v2/incremental/tickets/cursor.json?cursor=gone", "seen": "x"}}`
	var asked []string
	got, run := ask(t, desk.Options{System: "zendesk", Since: old}, func(w http.ResponseWriter, q *http.Request) {
		cursor := q.URL.Query().Get("cursor")
		if asked = append(asked, cursor); cursor == "gone" {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		_, _ = io.WriteString(w, `{"tickets": [], "after_url": null, "after_cursor": "NEW", "end_of_stream": true}`)
	})
	if got.err != nil || !slices.Equal(asked, []string{"gone", "OLD"}) || !strings.Contains(run.Cursor(), "NEW") || run.Complete(kb.Case) {
		t.Errorf("asks for %v, error %v, cursor %s", asked, got.err, run.Cursor())
	}
}

func TestWhatChangesWhileAListIsReadIsReadNextTime(t *testing.T) {
	_, run := ask(t, desk.Options{System: "zammad"}, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Date", "Mon, 02 Feb 2026 10:00:00 GMT")
		answer := "[]"
		if q.URL.Query().Get("page") == "1" {
			answer = `[{"id": 1, "state": "open", "updated_at": "2026-02-02T10:05:00Z"}]`
		}
		_, _ = io.WriteString(w, answer)
	})
	if got := run.Cursor(); !strings.Contains(got, "2026-02-02T10:00:00Z") || strings.Contains(got, "10:05") {
		t.Errorf("the cursor %s is behind the beginning of the run", got)
	}
}

func TestHelpScoutGivesATokenForASecret(t *testing.T) {
	got, _ := ask(t, desk.Options{System: "helpscout", Login: "app"}, func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		switch {
		case err != nil:
			t.Error(err)
		case q.URL.Path == "/v2/oauth2/token":
			if text := string(body); !strings.Contains(text, `"client_id":"app"`) || !strings.Contains(text, `"client_secret":"`+token+`"`) || !strings.Contains(text, "client_credentials") {
				t.Errorf("asks for a token with %s", text)
			}
			_, _ = io.WriteString(w, `{"token_type": "bearer", "access_token": "given", "expires_in": 172800}`)
		default:
			if auth := q.Header.Get("Authorization"); auth != "Bearer given" {
				t.Errorf("%s is asked with %q", q.URL.Path, auth)
			}
			_, _ = io.WriteString(w, "{}")
		}
	})
	if got.err != nil {
		t.Error(got.err)
	}
}

func TestWhatCannotWorkIsSaidBeforeAnythingIsAsked(t *testing.T) {
	good := desk.Options{System: "zendesk", URL: "https://example.zendesk.com", Token: fetch.NewSecret(token), Tickets: true}
	for _, tt := range []struct {
		name, want string
		change     func(o *desk.Options)
	}{
		{"a system that is not known", "use one of chatwoot", func(o *desk.Options) { o.System = "remedy" }},
		{"nothing to read", "nothing to read", func(o *desk.Options) { o.Tickets = false }},
		{"no token", "no token", func(o *desk.Options) { o.Token = fetch.Secret{} }},
		{"no address", "url:", func(o *desk.Options) { o.URL = "" }},
		{"an address with a password", "url:", func(o *desk.Options) { o.URL = "https://a:" + token + "@example.com" }},
		{"an address of another kind", "url:", func(o *desk.Options) { o.URL = "file:///etc/passwd" }},
		{"another system's cursor", "cursor", func(o *desk.Options) { o.Since = `{"system": "intercom"}` }},
		{"a cursor that is none", "cursor", func(o *desk.Options) { o.Since = token }},
		{"Chatwoot without an account", "number of the account", func(o *desk.Options) { o.System = "chatwoot" }},
		{"Omnidesk without an operator", "e-mail address", func(o *desk.Options) { o.System = "omnidesk" }},
		{"UseDesk without a knowledge base", "number of the knowledge base", func(o *desk.Options) { o.System, o.Articles = "usedesk", true }},
		{"both halves of Help Scout", "a source for each", func(o *desk.Options) { o.System, o.Articles = "helpscout", true }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := good
			tt.change(&o)
			_, err := desk.Read(t.Context(), o)
			if !errors.Is(err, kb.ErrInvalid) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), token) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := desk.Read(t.Context(), good); err != nil {
		t.Error(err)
	}
	for _, system := range desk.Systems() {
		o := good
		o.System, o.Login = system, "1"
		if _, err := desk.Read(t.Context(), o); err != nil {
			t.Errorf("%s: %v", system, err)
		}
	}
}

func TestOptionsFillInWhatTheSystemDoesNotSay(t *testing.T) {
	o := desk.Options{System: "zendesk", Product: "app", Detect: func(text string) string {
		if strings.Contains(text, "пароль") {
			return "ru"
		}
		return ""
	}}
	serve := func(w http.ResponseWriter, q *http.Request) {
		if strings.Contains(q.URL.Path, "comments") {
			_, _ = io.WriteString(w, `{"comments": [{"author_id": 1, "html_body": "Забыл пароль", "public": true}, {"author_id": 2, "html_body": "Нажмите «Забыли пароль?» под формой входа.", "public": true}], "users": [{"id": 1, "role": "end-user"}, {"id": 2, "role": "agent"}], "meta": {}}`)
			return
		}
		_, _ = io.WriteString(w, `{"tickets": [{"id": 1, "status": "solved", "requester_id": 1, "updated_at": "2026-01-01T00:00:00Z"}], "end_of_stream": true}`)
	}
	got, _ := ask(t, o, serve)
	if len(got.items) != 1 || got.items[0].Document.Locale != "ru" || got.items[0].Document.Product != "app" {
		t.Errorf("delivers %v", got)
	}
	o.Locale = "en-US"
	if got, _ = ask(t, o, serve); len(got.items) != 1 || got.items[0].Document.Locale != "en" {
		t.Errorf("delivers %v", got)
	}
}
