package api_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// A keeper is an installation that looks after its knowledge base.
type keeper struct {
	*installation
	learner *training.Learner
	server  *api.Server
}

func keep(t *testing.T, db *gorm.DB) *keeper {
	t.Helper()
	k := new(keeper)
	k.installation = installOn(t, db, func(s *api.Server) {
		k.learner = &training.Learner{
			KB: s.KB, Suggestions: retrieval.NewStore(db), Feedback: s.Feedback, Pilots: experiment.NewStore(db), DB: db, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		}
		s.Upkeep, s.OpenDrafts = upkeep.New(db, nil), k.learner.OpenDrafts
		k.server = s
	})
	k.updates() // follows from here on
	return k
}

func (k *keeper) updates() {
	k.t.Helper()
	if _, err := k.learner.Updates(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	k.server.Answerer.Store = retrieval.NewStore(k.db) // one that has not looked yet
}

const (
	promised = `"Any parcel can be returned within 14 days of delivery, whatever the reason."`
	shorter  = `"Any parcel can be returned within 7 days of delivery, whatever the reason."`
)

func TestACaseIsInQuarantineFromTheChangeToTheConfirmation(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		k := keep(t, db)
		k.put("/v1/articles/returns", `{"title":"Returns","body":`+promised+`}`)
		k.put("/v1/cases/c1", `{"problem":"My boots pinch, may I send them back?","resolution":`+promised+`}`)
		k.updates()
		const ask = `{"text":"My boots pinch, may I send them back?","limit":5`
		old := k.suggest(ask + `}`)
		if !cites(old, "c1") {
			t.Fatalf("the draft does not cite the case: %+v", old)
		}
		k.put("/v1/articles/returns", `{"title":"Returns","body":`+shorter+`}`)
		k.updates()
		var list struct {
			Quarantines []api.QuarantineView
			NextCursor  string `json:"next_cursor"`
		}
		k.send(k.admin, "GET", "/v1/quarantines", "").want(200).into(&list)
		if len(list.Quarantines) != 1 || list.Quarantines[0].DocumentID != "c1" || list.Quarantines[0].CauseTitle != "Returns" || len(list.Quarantines[0].Drafts) != 1 ||
			list.Quarantines[0].Drafts[0] != old.ID || !strings.Contains(list.Quarantines[0].Was[0].Quote, "14 days") || !strings.Contains(list.Quarantines[0].Is[0].Quote, "7 days") {
			t.Fatalf("quarantines %+v", list.Quarantines)
		}
		k.send(k.admin, "POST", "/v1/suggestions", ask+`}`).want(201).has(`"quarantined":true`).has("not confirmed")
		k.send(k.admin, "GET", "/v1/suggestions/"+old.ID, "").want(200).has(`"quarantined":true`).has(`"changed":true`)
		k.send(k.admin, "POST", "/v1/suggestions", ask+`,"mode":"answer"}`).want(201).hasNot(`"c1"`)
		k.send(k.key("acme", auth.Operator), "POST", "/v1/quarantines/c1/returns/confirm", "").want(403)
		k.send(k.key("acme", auth.Editor), "POST", "/v1/quarantines/c1/returns/confirm", "").want(200).has(`"confirmed"`)
		k.send(k.admin, "POST", "/v1/quarantines/c1/returns/lift", "").want(409)
		k.send(k.admin, "POST", "/v1/quarantines/c1/none/lift", "").want(404)
		k.updates()
		k.send(k.admin, "POST", "/v1/suggestions", ask+`}`).want(201).hasNot(`"quarantined":true`).has(`"c1"`)
		k.send(k.admin, "POST", "/v1/suggestions", ask+`,"mode":"answer"}`).want(201).has(`"c1"`)
		k.send(k.admin, "GET", "/v1/quarantines", "").want(200).hasNot(`"c1"`)
		k.send(k.admin, "GET", "/v1/quarantines?status=confirmed&cause=returns", "").want(200).has(`"c1"`)
	})
}

func cites(s suggestion, id string) bool {
	if s.Answer == nil {
		return false
	}
	for _, c := range s.Answer.Citations {
		if c.SourceID == id {
			return true
		}
	}
	return false
}

func TestOldCitationsOutliveAMerge(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		k := keep(t, db)
		k.put("/v1/articles/old", `{"title":"Returning boots","body":"Boots can be returned within 14 days of delivery, in their box."}`)
		k.put("/v1/articles/new", `{"title":"Returns","body":"Everything you have bought can be returned within 14 days of delivery. Boots go back in their box."}`)
		k.send(k.admin, "PUT", "/v1/cases/c1", `{"problem":"Boots pinch","resolution":"Send them back.","resolved_with":"old"}`).want(201)
		s := k.suggest(`{"text":"How are boots returned?","limit":2}`)
		if !cites(s, "old") {
			t.Fatalf("the draft does not cite the article: %+v", s)
		}
		editor := k.key("acme", auth.Editor)
		k.send(editor, "POST", "/v1/articles/old/merge", `{"into":"none"}`).want(404)
		k.send(editor, "POST", "/v1/articles/old/merge", `{"into":"old"}`).want(422)
		k.send(k.key("acme", auth.Operator), "POST", "/v1/articles/old/merge", `{"into":"new"}`).want(403)
		k.send(editor, "POST", "/v1/articles/old/merge", `{"into":"new"}`, "If-Match", `"7"`).want(409)
		var m struct {
			From, Into                 string
			Revision, Cases, Redirects int64
		}
		k.send(editor, "POST", "/v1/articles/old/merge", `{"into":"new"}`, "If-Match", `"1"`).want(200).into(&m)
		if m.Into != "new" || m.Cases != 1 || m.Revision != 2 {
			t.Errorf("merged %+v", m)
		}
		var got struct {
			document
			MergedFrom string `json:"merged_from"`
		}
		k.send(k.admin, "GET", "/v1/articles/old", "").want(200).into(&got)
		if got.ID != "new" || got.MergedFrom != "old" || !strings.Contains(got.Body, "Everything") {
			t.Errorf("the old address answers with %+v", got)
		}
		k.send(k.admin, "GET", "/v1/articles/new", "").want(200).hasNot("merged_from")
		k.send(k.admin, "GET", "/v1/suggestions/"+s.ID, "").want(200).has(`"old"`).has("in their box")
		k.send(k.admin, "GET", "/v1/articles/old/revisions", "").want(200).has("in their box")
		k.send(k.admin, "GET", "/v1/cases/c1", "").want(200).has(`"resolved_with":"new"`)
		k.updates()
		k.send(k.admin, "GET", "/v1/quarantines?status=any", "").want(200).hasNot(`"c1"`)
		if ids := k.search(`{"text":"How are boots returned?"}`).ids(); strings.Contains(ids, "old") || !strings.Contains(ids, "new") {
			t.Errorf("searching finds %s", ids)
		}
		k.send(editor, "PUT", "/v1/articles/old", `{"title":"Boots"}`).want(409).has("new")
		k.send(editor, "PUT", "/v1/articles/old", `{"title":"Boots"}`, "If-Match", `"2"`).want(409)
		k.send(editor, "POST", "/v1/articles/old/restore", `{"revision":1}`).want(409)
		k.send(editor, "POST", "/v1/articles/bulk", `{"id":"old","title":"Boots"}`+"\n"+`{"id":"socks","title":"Socks"}`).want(200).has("was merged into new").has(`"socks","status":"created"`)
		k.send(k.admin, "DELETE", "/v1/articles/new", "").want(204)
		k.send(k.admin, "GET", "/v1/articles/old", "").want(200).has("in their box").hasNot("merged_from")
	})
}

// Whoever comes second is told, and what both wrote is in the history.
func TestAnArticleIsMergedAndEditedAtOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		k := keep(t, db)
		for n := range 6 {
			id := fmt.Sprint("a", n)
			k.put("/v1/articles/"+id, `{"title":"First"}`)
			k.put("/v1/articles/into", `{"title":"Target"}`)
			headers := [][]string{{"If-Match", `"1"`}, nil}[n%2]
			var merge, edit reply
			var both sync.WaitGroup
			both.Go(func() {
				merge = k.send(k.admin, "POST", "/v1/articles/"+id+"/merge", `{"into":"into"}`, "If-Match", `"1"`)
			})
			both.Go(func() { edit = k.send(k.admin, "PUT", "/v1/articles/"+id, `{"title":"Second"}`, headers...) })
			both.Wait()
			history := k.send(k.admin, "GET", "/v1/articles/"+id+"/revisions", "").want(200)
			now := k.send(k.admin, "GET", "/v1/articles/"+id, "").want(200)
			switch {
			case merge.status == 200:
				now.has(`"merged_from"`)
				if edit.status == 200 {
					history.has("Second") // it came first, and the merge archived it
				} else if edit.status != 409 {
					t.Errorf("the edit is answered with %d", edit.status)
				}
			case merge.status == 409 && edit.status == 200:
				now.has("Second").hasNot("merged_from")
			default:
				t.Errorf("the merge is answered with %d, the edit with %d: %s", merge.status, edit.status, merge.body)
			}
			history.has("First")
		}
	})
}

func TestChoresAreListedAndDecided(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		k := keep(t, db)
		k.put("/v1/articles/returns", `{"title":"Returns","body":"You can return any item within 14 days of delivery. Refunds go to the card that was used to pay."}`)
		k.put("/v1/articles/help", `{"title":"Help","body":"Shop in peace. You can return any item within 30 days of delivery. Call us if in doubt."}`)
		at := time.Now().Add(100 * 24 * time.Hour)
		k.learner.Now = func() time.Time { return at }
		if _, err := k.learner.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var page struct {
			Chores     []api.ChoreView
			Counts     map[string]int
			NextCursor string `json:"next_cursor"`
		}
		k.send(k.admin, "GET", "/v1/upkeep?limit=1", "").want(200).into(&page)
		if len(page.Chores) != 1 || page.Chores[0].Kind != upkeep.Contradiction || page.NextCursor == "" || page.Counts["stale"] != 2 || page.Counts["contradiction"] != 1 {
			t.Fatalf("the first page is %+v", page)
		}
		c := page.Chores[0]
		if len(c.Passages) != 2 || c.Passages[0].DocumentID != c.DocumentID || c.Passages[1].DocumentID != c.OtherID || c.Title == "" || c.OtherTitle == "" ||
			c.Words == nil || c.Passages[0].UpdatedAt.IsZero() {
			t.Errorf("the contradiction is %+v", c)
		}
		k.send(k.admin, "GET", "/v1/upkeep?limit=1&cursor="+page.NextCursor, "").want(200).has(`"stale"`)
		k.send(k.admin, "GET", "/v1/upkeep?cursor=x", "").want(400)
		k.send(k.admin, "GET", "/v1/upkeep?kind=stale&document=help", "").want(200).has(`"help"`).hasNot(`"returns"`)
		k.send(k.key("acme", auth.Operator), "GET", "/v1/upkeep", "").want(403)
		path := "/v1/upkeep/" + c.ID
		k.send(k.admin, "PATCH", path, `{}`).want(422)
		k.send(k.admin, "PATCH", path, `{"status":"dismissed"}`).want(422).has("reason")
		k.send(k.admin, "PATCH", path, `{"owner":"ann"}`).want(200).has(`"owner":"ann"`).has(`"open"`)
		k.send(k.admin, "PATCH", path, `{"status":"dismissed","reason":"two shops"}`).want(200).has("two shops")
		k.send(k.admin, "PATCH", "/v1/upkeep/none", `{"status":"done"}`).want(404)
		k.send(k.admin, "GET", "/v1/upkeep?kind=contradiction", "").want(200).hasNot(c.ID)
		k.send(k.admin, "GET", "/v1/upkeep?status=any&owner=ann", "").want(200).has(c.ID)
	})
}

func TestAnArticleIsVerifiedByWhoReadIt(t *testing.T) {
	k := keep(t, sqldbtest.SQLite(t))
	k.put("/v1/articles/a", `{"title":"Delivery","body":"Parcels arrive in three days."}`)
	at := time.Now().Add(100 * 24 * time.Hour)
	k.learner.Now = func() time.Time { return at }
	if _, err := k.learner.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.send(k.admin, "GET", "/v1/upkeep?kind=stale", "").want(200).has(`"document_id":"a"`)
	reader := k.key("acme", auth.Operator)
	k.send(reader, "GET", "/v1/articles/a/care", "").want(200).has(`"interval_days":90`).hasNot("verified_at")
	k.send(reader, "PUT", "/v1/articles/a/care", `{"verified":true}`).want(403)
	k.send(k.admin, "PUT", "/v1/articles/a/care", `{}`).want(422)
	k.send(k.admin, "PUT", "/v1/articles/a/care", `{"verified":true,"revision":3}`).want(409)
	k.send(k.admin, "PUT", "/v1/articles/none/care", `{"verified":true}`).want(404)
	k.send(k.admin, "PUT", "/v1/articles/a/care", `{"verified":true,"revision":1,"owner":"ann","interval_days":30}`).want(200).
		has(`"owner":"ann"`).has(`"interval_days":30`).has("verified_at")
	k.send(k.admin, "PUT", "/v1/articles/a/care", `{"interval_days":60}`).want(200).has(`"owner":"ann"`).has(`"verified_by"`)
	k.send(k.admin, "GET", "/v1/upkeep?kind=stale", "").want(200).hasNot(`"document_id":"a"`)
}
