package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

type foundSeen struct {
	Articles, Cases, Gaps, Tickets []struct{ ID, Title, Status string }
}

func (b *bench) find(key, q string) (v foundSeen) {
	b.t.Helper()
	b.send(key, "GET", "/v1/find?q="+url.QueryEscape(q), "").want(200).into(&v)
	return v
}

func TestAnythingIsFoundByItsName(t *testing.T) {
	b := workbench(t)
	b.put("/v1/articles/boots", `{"title":"Ёлочные игрушки и БОТИНКИ","status":"draft"}`)
	b.put("/v1/cases/c1", `{"problem":"My return label is missing","resolution":"Print it."}`)
	b.send(b.helpdesk, "PUT", "/v1/tickets/RET-7", ask).want(201)
	err := gap.New(b.db, nil).In("acme").Put(t.Context(), gap.Found{Gaps: []gap.Gap{
		{ID: "g1", Status: gap.Open, Label: "return abroad", FirstAt: *b.now, LastAt: *b.now},
		{ID: "g2", Status: gap.Waiting, Label: "return too early", FirstAt: *b.now, LastAt: *b.now},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ids := func(v foundSeen) string {
		var out []string
		for _, list := range [][]struct{ ID, Title, Status string }{v.Articles, v.Cases, v.Gaps, v.Tickets} {
			for _, f := range list {
				out = append(out, f.ID)
			}
		}
		return strings.Join(out, " ")
	}
	for q, want := range map[string]string{
		"return": "returns c1 g1 RET-7", "ретур": "", "елочн ботин": "boots", "RET-7": "RET-7", "ret": "returns c1 g1 RET-7",
		"when comes": "courier", "g1": "g1", "rose": "RET-7", " ": "", "%": "",
		"retrun": "returns c1 g1", "reurn": "returns c1 g1", "retturn labels": "c1", "бтинки": "boots", "игрушко": "boots", ",jnbyrb": "boots", "куегкты": "returns", "bots": "",
	} {
		if got := ids(b.find(b.editor, q)); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	if got := ids(b.find(b.operator, "return")); got != "returns c1 RET-7" {
		t.Errorf("an operator finds %q", got)
	}
	if got := ids(b.find(b.leader, "return")); got != "returns c1" {
		t.Errorf("a lead finds %q", got)
	}
	// What changes is found as it is then.
	b.put("/v1/articles/returns", `{"title":"Sending things back","body":"Print the label."}`)
	b.send(b.admin, "DELETE", "/v1/articles/courier", "").want(204)
	if got := ids(b.find(b.editor, "sending")) + ids(b.find(b.editor, "courier")); got != "returns" {
		t.Errorf("after changes it finds %q", got)
	}
}

func TestAtMostEightOfAKindAreFound(t *testing.T) {
	b := workbench(t)
	for i := range 10 {
		b.put(fmt.Sprintf("/v1/articles/a%d", i), fmt.Sprintf(`{"title":"Kettle %d, or a kettle"}`, i))
	}
	b.put("/v1/articles/z", `{"title":"Teakettle"}`)
	b.put("/v1/articles/kettle", `{"title":"Something else"}`)
	got := b.find(b.operator, "kettle")
	if len(got.Articles) != 8 || got.Articles[0].ID != "kettle" || got.Articles[1].ID != "a9" {
		t.Errorf("got %+v", got.Articles)
	}
}

// BenchmarkFind looks for words among 50,000 articles.
func BenchmarkFind(b *testing.B) {
	base := kb.New(sqldbtest.SQLite(b))
	if _, err := base.Create(b.Context(), "acme", "Acme"); err != nil {
		b.Fatal(err)
	}
	body := strings.Repeat("Send the item back within 14 days of delivery. ", 20)
	for from := range 50 {
		ds := make([]*kb.Document, 1000)
		for i := range ds {
			n := from*1000 + i
			ds[i] = &kb.Document{ID: fmt.Sprintf("d%d", n), Kind: kb.Article, Content: kb.Content{Title: fmt.Sprintf("Как вернуть товар %d в магазин", n), Body: body}}
		}
		if _, err := base.In("acme").PutAll(b.Context(), ds); err != nil {
			b.Fatal(err)
		}
	}
	find := api.FindsDocuments(base)
	start := time.Now()
	if n, err := find(b.Context(), "acme", "вернуть"); n != 8 || err != nil {
		b.Fatal(n, err)
	}
	b.Logf("the first time: %v", time.Since(start))
	for _, q := range []string{"вернуть магазин", "4321", "самокат"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				if _, err := find(b.Context(), "acme", q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
