package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api/auth"
)

func TestArticlesAreWrittenReadAndDeleted(t *testing.T) {
	x := install(t)
	body := `{"title":"Returning a kettle","body":"Send the kettle back within 14 days.","tags":["returns","kettle"],"url":"https://shop.example/r"}`
	var made document
	x.send(x.admin, "PUT", "/v1/articles/returns", body).want(201).into(&made)
	if made.ID != "returns" || made.Revision != 1 || made.Locale != "en" || made.Status != "published" || made.Audience != "public" ||
		made.Author != "test admin" || made.Origin != "api" || strings.Join(made.Tags, " ") != "kettle returns" {
		t.Errorf("got %+v", made)
	}

	var again document
	x.send(x.admin, "PUT", "/v1/articles/returns", body).want(200).into(&again)
	if again.Revision != 1 || !again.UpdatedAt.Equal(made.UpdatedAt) {
		t.Errorf("the same article again: revision %d of %s", again.Revision, again.UpdatedAt)
	}

	var changed, read document
	x.send(x.admin, "PUT", "/v1/articles/returns", strings.Replace(body, "14", "30", 1)).want(200).into(&changed)
	x.send(x.admin, "GET", "/v1/articles/returns", "").want(200).into(&read)
	if changed.Revision != 2 || read.Revision != 2 || read.Body != "Send the kettle back within 30 days." {
		t.Errorf("changed to %+v and read %+v", changed, read)
	}

	if got := x.search(`{"text":"send back a kettle"}`).ids(); got != "returns" {
		t.Errorf("a search finds %q", got)
	}
	x.send(x.admin, "DELETE", "/v1/articles/returns", "").want(204)
	x.send(x.admin, "GET", "/v1/articles/returns", "").want(404)
	x.send(x.admin, "DELETE", "/v1/articles/returns", "").want(404)
	if got := x.search(`{"text":"send back a kettle"}`).ids(); got != "" {
		t.Errorf("a search finds %q after the deletion", got)
	}
	x.send(x.admin, "PUT", "/v1/articles/returns", body).want(201)
}

func TestOldRevisionsAreReadAndRestored(t *testing.T) {
	x := install(t)
	for _, days := range []string{"14", "30"} {
		x.put("/v1/articles/a", `{"title":"Returns","body":"Within `+days+` days."}`)
		x.put("/v1/cases/c", `{"problem":"The lid of my kettle broke","resolution":"We send a lid within `+days+` days."}`)
	}
	type history struct {
		Revisions []struct {
			Revision                         int64
			Title, Body, Problem, Resolution string
			Locale, Audience, Status         string
			Author, At                       string
			Deleted                          bool
		}
	}
	var h history
	x.send(x.admin, "GET", "/v1/articles/a/revisions", "").want(200).into(&h)
	if len(h.Revisions) != 2 || h.Revisions[0].Body != "Within 30 days." || h.Revisions[1].Body != "Within 14 days." {
		t.Errorf("got %+v", h)
	}
	for path, want := range map[string]string{"/v1/articles/a": "Within 14 days.", "/v1/cases/c": "We send a lid within 14 days."} {
		x.send(x.admin, "DELETE", path, "").want(204)
		var d document
		x.send(x.admin, "POST", path+"/restore", `{"revision":1}`).want(200).into(&d)
		if got := d.Body + d.Resolution; got != want || d.Revision != 4 {
			t.Errorf("%s: restored %q as revision %d", path, got, d.Revision)
		}
		x.send(x.admin, "GET", path+"/revisions", "").want(200).into(&h)
		if len(h.Revisions) != 4 || !h.Revisions[1].Deleted {
			t.Errorf("%s: history %+v", path, h)
		}
		x.send(x.admin, "POST", path+"/restore", `{"revision":3}`).want(422).has("deletion")
		x.send(x.admin, "POST", path+"/restore", `{"revision":9}`).want(404)
	}
	if got := x.search(`{"text":"lid of a kettle","filters":{"kind":"case"}}`).ids(); got != "c" {
		t.Errorf("a search finds %q of what was restored", got)
	}
	x.send(x.admin, "GET", "/v1/articles/none/revisions", "").want(404)
}

func TestArticlesAndCasesAreNotMistakenForEachOther(t *testing.T) {
	x := install(t)
	x.put("/v1/articles/a", `{"title":"Returns","body":"Within 14 days."}`)
	x.put("/v1/cases/c", `{"problem":"It broke","resolution":"Bring it in."}`)
	x.send(x.admin, "PUT", "/v1/cases/a", `{"problem":"It broke","resolution":"Bring it in."}`).want(409)
	x.send(x.admin, "PUT", "/v1/articles/c", `{"title":"Returns","body":"Within 14 days."}`).want(409)
	for _, path := range []string{"/v1/cases/a", "/v1/articles/c"} {
		x.send(x.admin, "GET", path, "").want(404)
		x.send(x.admin, "DELETE", path, "").want(404)
		x.send(x.admin, "GET", path+"/revisions", "").want(404)
		x.send(x.admin, "POST", path+"/restore", `{"revision":1}`).want(404)
	}
}

func TestListsGoOnFromPageToPage(t *testing.T) {
	x := install(t)
	var body strings.Builder
	for i := range 120 {
		fmt.Fprintf(&body, `{"id":"a-%03d","title":"Article %d","locale":"%s"}`+"\n", i, i, []string{"en", "ru"}[i%2])
	}
	x.send(x.admin, "POST", "/v1/articles/bulk", body.String()).want(200)
	x.put("/v1/cases/c", `{"problem":"It broke","resolution":"Bring it in."}`)

	type page struct {
		Articles   []document
		Total      *int   `json:"total"`
		NextCursor string `json:"next_cursor"`
	}
	for _, tt := range []struct {
		name, query string
		want, pages int
	}{
		{"every article", "limit=50", 120, 3},
		{"pages that come out even", "limit=60", 120, 2},
		{"one language", "limit=50&locale=ru", 60, 2},
		{"without a limit", "", 120, 3},
		{"a status that none has", "status=draft", 0, 1},
		{"by their changes", "limit=50&sort=changed", 120, 3},
		{"in brief", "limit=50&sort=id&brief=true", 120, 3},
	} {
		var got []string
		cursor, pages := "", 0
		for {
			var p page
			x.send(x.admin, "GET", "/v1/articles?"+tt.query+cursor, "").want(200).into(&p)
			for _, d := range p.Articles {
				got = append(got, d.ID)
			}
			if (pages == 0) != (p.Total != nil) || p.Total != nil && *p.Total != tt.want {
				t.Errorf("%s: page %d says %v of %d", tt.name, pages, p.Total, tt.want)
			}
			if pages++; p.NextCursor == "" || pages > 9 {
				break
			}
			cursor = "&cursor=" + p.NextCursor
		}
		if len(got) != tt.want || pages != tt.pages {
			t.Errorf("%s: %d documents on %d pages, want %d on %d", tt.name, len(got), pages, tt.want, tt.pages)
		}
		for i := 1; i < len(got); i++ {
			if got[i-1] >= got[i] {
				t.Errorf("%s: %s before %s", tt.name, got[i-1], got[i])
			}
		}
	}
	x.send(x.admin, "GET", "/v1/articles?sort=-title&limit=1", "").want(200).has(`"title":"Article 99"`)
	x.send(x.admin, "GET", "/v1/cases", "").want(200).has(`"cases":[{"id":"c"`).has(`"problem":"It broke"`)
	x.send(x.admin, "GET", "/v1/cases?brief=true", "").want(200).has(`"excerpt":"It broke"`).has(`"problem":""`)
}

func TestAListThatCannotBeIsRefused(t *testing.T) {
	x := install(t)
	x.send(x.admin, "GET", "/v1/articles?cursor=!", "").want(400)
	x.send(x.admin, "GET", "/v1/articles?cursor=AAAA", "").want(400)
	x.send(x.admin, "GET", "/v1/articles?sort=title&cursor=AAAA", "").want(400)
	x.send(x.admin, "GET", "/v1/articles?sort=body", "").want(422)
	x.send(x.admin, "GET", "/v1/articles?limit=0", "").want(422)
	x.send(x.admin, "GET", "/v1/articles?limit=201", "").want(422)
	x.send(x.admin, "GET", "/v1/articles?page=2", "").want(422)
}

func TestPersonalDataOfCasesIsForThoseWhoMaySeeIt(t *testing.T) {
	x := install(t)
	body := `{"title":"Письмо от anna@example.ru","problem":"Здравствуйте, меня зовут Анна Смирнова, телефон +7 916 123-45-67. Чайник течёт.",
		"resolution":"Здравствуйте, Анна! Напишите на anna@example.ru, мы пришлём новый чайник."}`
	x.send(x.admin, "PUT", "/v1/cases/c", body).want(201).hasNot("anna@").hasNot("916").hasNot("Смирнова").has("⟦email:A⟧")
	keys := make(map[auth.Role]string)
	for _, role := range auth.Roles() {
		keys[role] = x.key("acme", role)
		x.send(keys[role], "GET", "/v1/cases/c", "").want(200).hasNot("anna@").hasNot("Смирнова")
		x.send(keys[role], "GET", "/v1/cases/c/revisions", "").want(200).hasNot("anna@").hasNot("Смирнова")
		x.send(keys[role], "GET", "/v1/cases", "").want(200).hasNot("anna@").hasNot("Смирнова")
		x.send(keys[role], "POST", "/v1/search", `{"text":"Чайник течёт"}`).want(200).has(`"id":"c"`).hasNot("anna@").hasNot("Смирнова")
	}
	for _, role := range []auth.Role{auth.Admin, auth.Operator} {
		x.send(keys[role], "GET", "/v1/cases/c?reveal=true", "").want(200).has("anna@example.ru").has("Смирнова").has("+7 916 123-45-67").hasNot("⟦")
	}
	for _, role := range []auth.Role{auth.Editor, auth.Helpdesk} {
		x.send(keys[role], "GET", "/v1/cases/c?reveal=true", "").want(403).hasNot("anna@")
	}
	if strings.Contains(x.log.String(), "anna@") || strings.Contains(x.log.String(), "Смирнова") {
		t.Error("personal data in the log")
	}
	// A case that is written back as it was read keeps its originals.
	var d document
	x.send(x.admin, "GET", "/v1/cases/c", "").want(200).into(&d)
	x.put("/v1/cases/c", `{"title":`+quoted(t, d.Title)+`,"problem":`+quoted(t, d.Problem+" Дважды.")+`,"resolution":`+quoted(t, d.Resolution)+`}`)
	x.send(x.admin, "GET", "/v1/cases/c?reveal=true", "").want(200).has("anna@example.ru").has("Дважды")
}

func TestWhatIsNotPublishedIsNotFound(t *testing.T) {
	x := install(t)
	for _, status := range []string{"draft", "archived", "published"} {
		x.put("/v1/articles/"+status, `{"title":"Kettle `+status+`","body":"How to descale a kettle.","status":"`+status+`"}`)
	}
	if got := x.search(`{"text":"descale a kettle"}`).ids(); got != "published" {
		t.Errorf("a search finds %q", got)
	}
	x.put("/v1/articles/published", `{"title":"Kettle","body":"How to descale a kettle.","status":"archived"}`)
	if got := x.search(`{"text":"descale a kettle"}`).ids(); got != "" {
		t.Errorf("a search finds %q", got)
	}
}

func TestTwoEditorsAtOnce(t *testing.T) {
	x := install(t)
	for path, body := range map[string]string{
		"/v1/articles/a": `{"title":"Returns","body":"Within %d days."}`,
		"/v1/cases/c":    `{"problem":"The lid of my kettle broke","resolution":"We send a lid within %d days."}`,
	} {
		if etag := x.send(x.admin, "PUT", path, fmt.Sprintf(body, 14), "If-Match", "0").want(201).header.Get("ETag"); etag != `"1"` {
			t.Errorf("%s: the first revision has the ETag %s", path, etag)
		}
		read := x.send(x.admin, "GET", path, "").want(200).header.Get("ETag")
		if etag := x.send(x.admin, "PUT", path, fmt.Sprintf(body, 30), "If-Match", read).want(200).header.Get("ETag"); etag != `"2"` {
			t.Errorf("%s: the second revision has the ETag %s", path, etag)
		}
		x.send(x.admin, "PUT", path, fmt.Sprintf(body, 60), "If-Match", read).want(409).has("after revision 1").has("nothing was written")
		x.send(x.admin, "PUT", path, fmt.Sprintf(body, 60), "If-Match", "0").want(409)
		x.send(x.admin, "PUT", path, fmt.Sprintf(body, 60), "If-Match", "latest").want(400)
		x.send(x.admin, "GET", path, "").want(200).has("30 days")
	}
}
