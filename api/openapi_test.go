package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
)

var update = flag.Bool("update", false, "write golden files")

// A description is the part of an OpenAPI document that is looked at here.
type description struct {
	OpenAPI string
	Tags    []struct{ Name, Description string }
	Paths   map[string]map[string]struct {
		OperationID, Summary string
		Tags                 []string
		Roles                []string `json:"x-roles"`
		RequestBody          struct {
			Content map[string]struct{ Example any }
		}
		Responses map[string]struct{ Content map[string]any }
	}
}

func TestDescriptionIsGolden(t *testing.T) {
	x := install(t)
	var indented bytes.Buffer
	if err := json.Indent(&indented, x.send("", "GET", "/openapi.json", "").want(200).body, "", "  "); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(indented.String()); got != strings.TrimSpace(string(want)) {
		t.Errorf("the description has changed; look at it with -update and git diff")
	}
	x.send("", "GET", "/openapi.yaml", "").want(200).has("openapi: 3.1.").has("/v1/suggestions")
}

func TestDescriptionAndRoutesAreTheSame(t *testing.T) {
	x := install(t)
	var d description
	if err := json.Unmarshal(x.send("", "GET", "/openapi.json", "").body, &d); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.OpenAPI, "3.1.") {
		t.Errorf("OpenAPI %s", d.OpenAPI)
	}
	var described, routes []string
	ids, tags := make(map[string]bool), make(map[string]bool)
	for _, tag := range d.Tags {
		tags[tag.Name] = tag.Description != ""
	}
	for path, operations := range d.Paths {
		for method, op := range operations {
			described = append(described, strings.ToUpper(method)+" "+path)
			if op.OperationID == "" || op.Summary == "" || len(op.Tags) != 1 || !tags[op.Tags[0]] || len(op.Roles) == 0 || ids[op.OperationID] {
				t.Errorf("%s %s is not described: %+v", method, path, op)
			}
			ids[op.OperationID] = true
			for status, r := range op.Responses {
				_, isProblem := r.Content["application/problem+json"]
				if isProblem != (status >= "400") {
					t.Errorf("%s %s: response %s is %v", method, path, status, r.Content)
				}
			}
		}
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, route := range api.RoutesOf(&api.Server{}) {
		if strings.Contains(route, " /v1/") {
			routes = append(routes, parameter.ReplaceAllString(route, "{$1}"))
		}
	}
	slices.Sort(described)
	slices.Sort(routes)
	if got, want := strings.Join(described, "\n"), strings.Join(routes, "\n"); got != want {
		t.Errorf("described:\n%s\nrouted:\n%s", got, want)
	}
}

// An example that does not work is worse than none.
func TestExamplesWork(t *testing.T) {
	x := install(t)
	for range 3 {
		x.put("/v1/articles/returns", `{"title":"Returns"}`)
		x.put("/v1/articles/returns", `{"title":"Sending things back"}`)
	}
	x.put("/v1/cases/delivery", `{"problem":"Late","resolution":"Wait"}`)
	x.put("/v1/cases/delivery", `{"problem":"Late","resolution":"Wait a day"}`)
	x.put("/v1/cases/delivery", `{"problem":"Late","resolution":"Wait a week"}`)
	var d description
	if err := json.Unmarshal(x.send("", "GET", "/openapi.json", "").body, &d); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for route, operations := range d.Paths {
		for method, op := range operations {
			for kind, media := range op.RequestBody.Content {
				body, isText := media.Example.(string)
				if media.Example == nil {
					continue
				}
				if !isText {
					b, err := json.Marshal(media.Example)
					if err != nil {
						t.Fatal(err)
					}
					body = string(b)
				}
				id := "returns"
				if strings.Contains(route, "cases") {
					id = "delivery"
				}
				r := x.send(x.admin, strings.ToUpper(method), strings.Replace(route, "{id}", id, 1), body, "Content-Type", kind)
				if r.status >= 300 || strings.Contains(string(r.body), `"failed"`) {
					t.Errorf("%s %s: %d %s", method, route, r.status, r.body)
				}
				tried++
			}
		}
	}
	// One of the files is an example of a response, and one serves two calls.
	files, err := fs.Glob(os.DirFS("docs/examples"), "*")
	if err != nil || tried != len(files) {
		t.Errorf("%d examples tried of %d files: %v", tried, len(files), err)
	}
	b, err := os.ReadFile("docs/examples/suggest.response.json")
	if err != nil {
		t.Fatal(err)
	}
	var s suggestion
	reply{t: t, body: b}.into(&s)
}
