package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

type report struct {
	Line     int
	ID       string
	Status   string
	Revision int64
	Error    string
}

func (x *installation) bulk(path, body string) []report {
	x.t.Helper()
	r := x.send(x.admin, "POST", path, body, "Content-Type", "application/x-ndjson").want(200)
	if got := r.header.Get("Content-Type"); got != "application/x-ndjson" {
		x.t.Errorf("Content-Type %q", got)
	}
	return lines[report](x.t, r.body)
}

func TestBulkReportsEachLineInOrder(t *testing.T) {
	x := install(t)
	x.put("/v1/articles/same", `{"title":"Same","body":"As it was."}`)
	x.put("/v1/cases/taken", `{"problem":"It broke","resolution":"Bring it in."}`)
	body := strings.Join([]string{
		"\ufeff" + `{"id":"first","title":"After a byte order mark"}` + "\r",
		"",
		`{"id":"same","title":"Same","body":"As it was."}`,
		`{"id":"same","title":"Same","body":"Changed."}`,
		`no JSON`,
		`{"id":"unknown","title":"x","colour":"red"}`,
		`{"id":"typed","title":7}`,
		`{"id":"two","title":"x"} {"id":"three"}`,
		`{"id":"` + strings.Repeat("x", 1<<20) + `"}`,
		`{"id":"nul","title":"a\u0000b"}`,
		"{\"id\":\"raw\",\"title\":\"a\x00b\"}",
		"{\"id\":\"broken\",\"title\":\"\xff\"}",
		`{"id":"../etc","title":"x"}`,
		`{"id":"taken","title":"x"}`,
		`{"id":"cut","title":"x"`,
		`[]`,
		"   \t ",
		`{"id":"slashes","title":"written \\u0000"}`,
		`{"id":"first","title":"The same line again","status":"draft"}`,
		`{"id":"last","title":"Without a line end"}`,
	}, "\n")
	got := x.bulk("/v1/articles/bulk", body)
	want := []report{
		{1, "first", "created", 1, ""},
		{3, "same", "unchanged", 1, ""},
		{4, "same", "updated", 2, ""},
		{5, "", "failed", 0, "invalid character"},
		{6, "unknown", "failed", 0, `unknown field "colour"`},
		{7, "typed", "failed", 0, "the field title cannot be a number"},
		{8, "two", "failed", 0, "more than one"},
		{9, "", "failed", 0, "longer"},
		{10, "", "failed", 0, "NUL"},
		{11, "", "failed", 0, "NUL"},
		{12, "", "failed", 0, "UTF-8"},
		{13, "../etc", "failed", 0, "use letters"},
		{14, "taken", "failed", 0, "belongs to the case"},
		{15, "", "failed", 0, "ends too soon"},
		{16, "", "failed", 0, "object is needed"},
		{18, "slashes", "created", 1, ""},
		{19, "first", "updated", 2, ""},
		{20, "last", "created", 1, ""},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d reports, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if !strings.Contains(g.Error, w.Error) || (g.Error == "") != (w.Error == "") {
			t.Errorf("line %d: error %q, want %q", w.Line, g.Error, w.Error)
		}
		if g.Error = w.Error; g != w {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	x.send(x.admin, "GET", "/v1/articles/last", "").want(200)
	if got := x.search(`{"text":"without a line end"}`).ids(); !strings.HasPrefix(got, "last") {
		t.Errorf("a search right after finds %q", got)
	}
}

func TestBulkTakesCases(t *testing.T) {
	x := install(t)
	got := x.bulk("/v1/cases/bulk", `{"id":"c","problem":"Чайник течёт, пишите на anna@example.ru","resolution":"Принесите его в магазин."}`+"\n"+
		`{"id":"d","problem":"no resolution"}`)
	if len(got) != 2 || got[0].Status != "created" || got[1].Status != "failed" || !strings.Contains(got[1].Error, "resolution") {
		t.Errorf("got %+v", got)
	}
	x.send(x.admin, "GET", "/v1/cases/c", "").want(200).has("⟦email:A⟧").hasNot("anna@")
}

func TestBulkTakesThousandsOfLinesAndNone(t *testing.T) {
	x := install(t)
	lines := 5000
	if testing.Short() {
		lines = 300 // make test sends them all, without the race detector
	}
	var body strings.Builder
	for i := range lines {
		fmt.Fprintf(&body, `{"id":"a-%d","title":"Article %d","body":"Model %d is cleaned with vinegar."}`+"\n", i, i, i)
	}
	got := x.bulk("/v1/articles/bulk", body.String())
	for i, r := range got {
		if r.Line != i+1 || r.ID != fmt.Sprintf("a-%d", i) || r.Status != "created" {
			t.Fatalf("report %d: %+v", i, r)
		}
	}
	counts, err := x.kb.In("acme").Count(t.Context())
	if err != nil || len(got) != lines || counts[kb.Article] != lines {
		t.Errorf("%d reports and %d articles: %v", len(got), counts[kb.Article], err)
	}
	if got := x.bulk("/v1/articles/bulk", "\n\n"); len(got) != 0 {
		t.Errorf("blank lines are reported as %+v", got)
	}
	if got := x.bulk("/v1/articles/bulk", ""); len(got) != 0 {
		t.Errorf("an empty body is reported as %+v", got)
	}
}

// What was reported is stored, and no line is stored in part, wherever the
// connection breaks.
func TestBulkSurvivesABrokenConnection(t *testing.T) {
	x := install(t)
	u, err := url.Parse(x.url)
	if err != nil {
		t.Fatal(err)
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	send := func(format string, args ...any) {
		if _, err := fmt.Fprintf(conn, format, args...); err != nil {
			t.Fatal(err)
		}
	}
	send("POST /v1/articles/bulk HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Length: 1000000\r\n\r\n", u.Host, x.admin)
	for i := range 201 {
		send(`{"id":"a-%03d","title":"Article %d"}`+"\n", i, i)
	}
	send(`{"id":"half","title":"Cut in t`)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	// The first reports come while the body is still on its way.
	reports := json.NewDecoder(resp.Body)
	for i := range 200 {
		var r report
		if err := reports.Decode(&r); err != nil || r.Line != i+1 || r.Status != "created" {
			t.Fatalf("report %d: %+v, %v", i, r, err)
		}
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	stored := 200
	for {
		var r report
		err := reports.Decode(&r)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.Status == "created" {
			stored++
		} else if r.Status != "failed" || r.Error == "" || r.Line == 202 && !strings.Contains(r.Error, "broke off") {
			t.Errorf("got %+v", r)
		}
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	counts, err := x.kb.In("acme").Count(t.Context())
	if err != nil || counts[kb.Article] != stored {
		t.Errorf("%d articles and %d reported: %v", counts[kb.Article], stored, err)
	}
	x.send(x.admin, "GET", "/v1/articles/half", "").want(404)
}
