package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api/auth"
)

type importSeen struct {
	Read, Created, Updated, Unchanged, Skipped int
	Documents                                  []struct{ ID, Kind, Title, Status string }
	Problems, Notes                            []struct {
		Line   int
		Reason string
	}
}

func (x *installation) importing(query, body string) (seen importSeen) {
	x.t.Helper()
	x.send(x.admin, "POST", "/v1/import?"+query, body, "Content-Type", "application/octet-stream").want(200).into(&seen)
	return seen
}

func TestAFileIsImported(t *testing.T) {
	x := install(t)
	const page = "---\ntitle: Returns\n---\n# Returns\n\nBring the kettle back within 14 days.\n"
	if got := x.importing("name=returns.md&dry_run=true", page); got.Read != 1 || got.Created != 1 {
		t.Errorf("before: %+v", got)
	}
	x.send(x.admin, "GET", "/v1/articles/returns", "").want(404) // a dry run writes nothing
	for i, want := range []string{"created", "unchanged"} {
		got := x.importing("name="+url.QueryEscape(`C:\files\..\returns.md`), page)
		if got.Read != 1 || len(got.Documents) != 1 || got.Documents[0].Status != want || got.Documents[0].ID != "returns" {
			t.Errorf("import %d: %+v", i+1, got)
		}
	}
	x.send(x.admin, "GET", "/v1/articles/returns", "").want(200).has("14 days").has(`"import:returns.md"`)
	if got := x.importing("name=returns.md&dry_run=true", page); got.Updated != 1 || got.Created != 0 {
		t.Errorf("again: %+v", got)
	}
}

func TestAFilesRecordsAreReportedOneByOne(t *testing.T) {
	x := install(t)
	got := x.importing("name=cases.csv&locale=en", "id,problem,resolution\nc1,It broke,Bring it in.\nc2,,\nreturns,\"Where, now?\",There.\n")
	if got.Created != 2 || got.Skipped != 1 || len(got.Problems) != 1 || got.Problems[0].Line != 3 {
		t.Errorf("%+v", got)
	}
	x.send(x.admin, "GET", "/v1/cases/c1", "").want(200).has("Bring it in.")
	got = x.importing("name=more.csv&dry_run=true", "id,problem,resolution,articles\nm1,It fell,Glue it.,glue\nm2,It fell again,Screw it.,screws\n")
	if len(got.Notes) != 1 || got.Notes[0].Line != 2 || !strings.Contains(got.Notes[0].Reason, `"articles" means nothing here: left out of 2 records`) {
		t.Errorf("a field that is not known: %+v", got.Notes)
	}
	lines := `{"id":"returns","title":"An article","body":"By the id of a case."}` + "\n{\n"
	for _, dry := range []string{"", "&dry_run=true"} {
		got = x.importing("name=articles.jsonl&kind=article"+dry, lines)
		if got.Read != 0 || got.Skipped != 2 || !slices.ContainsFunc(got.Problems, func(p struct {
			Line   int
			Reason string
		}) bool {
			return p.Line == 1 && strings.Contains(p.Reason, "returns")
		}) {
			t.Errorf("%q: %+v", dry, got)
		}
	}
}

func TestWhatCannotBeImportedIsRefused(t *testing.T) {
	x := install(t)
	for name, body := range map[string]string{"": "text", "empty.md": "", ".hidden.md": "text", "..": "text"} {
		if r := x.send(x.admin, "POST", "/v1/import?name="+name, body, "Content-Type", "application/octet-stream"); r.status != 422 && r.status != 400 {
			t.Errorf("%q: %d", name, r.status)
		}
	}
	if got := x.importing("name=photo.png", "\x89PNG\x00\xff"); got.Read != 0 || got.Skipped != 1 {
		t.Errorf("a picture: %+v", got)
	}
	x.send(x.key("acme", auth.Operator), "POST", "/v1/import?name=a.md", "text").want(403)
}

func TestAnImportTellsHowFarItIs(t *testing.T) {
	x := install(t)
	var lines strings.Builder
	for i := range 320 {
		fmt.Fprintf(&lines, `{"id":"doc-%d","title":"Kettle %d","body":"Kettle %d holds %d litres."}`+"\n", i, i, i, i)
	}
	lines.WriteString("{\n")
	r := x.send(x.admin, "POST", "/v1/import?name=many.jsonl", lines.String(), "Content-Type", "application/octet-stream", "Accept", "text/event-stream").want(200)
	events := r.events(t)
	last, documents := 0, 0
	for _, e := range events[:len(events)-1] {
		var p importSeen
		decode(t, []byte(e.data), &p)
		if e.name != "progress" || p.Read < last || p.Read-last != len(p.Documents) {
			t.Errorf("after %d: %s with %d documents and %d of them new", last, e.name, p.Read, len(p.Documents))
		}
		last, documents = p.Read, documents+len(p.Documents)
	}
	var got importSeen
	decode(t, []byte(events[len(events)-1].data), &got)
	if events[len(events)-1].name != "report" || got.Read != 320 || got.Created != 320 || got.Skipped != 1 || len(events) < 6 || documents != 320 {
		t.Errorf("%d events told of %d documents and end with %+v", len(events), documents, got)
	}
	x.send(x.admin, "POST", "/v1/import?name=.hidden", "what", "Content-Type", "application/octet-stream", "Accept", "text/event-stream").want(422)
}
