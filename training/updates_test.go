package training

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A shelf is a workspace whose articles change. Its clock is that of the
// machine, since documents are stamped by it.
type shelf struct {
	*garden
	store *upkeep.Store
}

// eachShelf runs a test on every database, in a workspace without documents
// whose changes are followed from the start.
func eachShelf(t *testing.T, test func(s *shelf)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.learner.DB, g.learner.Now = db, time.Now
		if _, err := g.learner.KB.Create(t.Context(), "shop", "Shop"); err != nil {
			t.Fatal(err)
		}
		s := &shelf{g, upkeep.New(db, time.Now).In("shop")}
		s.update()
		test(s)
	})
}

func (s *shelf) put(d kb.Document) {
	s.Helper()
	if _, err := s.learner.KB.In("shop").Put(s.Context(), &d); err != nil {
		s.Fatal(err)
	}
}

func (s *shelf) article(id, title, body string) {
	s.Helper()
	s.put(kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{Title: title, Body: body}})
}

func (s *shelf) solved(id, resolution, with string) {
	s.Helper()
	s.put(kb.Document{ID: id, Kind: kb.Case, Content: kb.Content{Problem: "What about it?", Resolution: resolution, ResolvedWith: with}})
}

func (s *shelf) update() string {
	s.Helper()
	return s.do(func(l *Learner) (string, error) { return l.Updates(s.Context()) })
}

// doubted lists what is in quarantine as document<cause.
func (s *shelf) doubted() string {
	s.Helper()
	qs, err := s.store.Quarantines(s.Context(), upkeep.QuarantineFilter{Status: upkeep.Doubted})
	if err != nil {
		s.Fatal(err)
	}
	var out []string
	for _, q := range qs {
		out = append(out, q.DocumentID+"<"+q.CauseID)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (s *shelf) wants(want, when string) {
	s.Helper()
	s.update()
	if got := s.doubted(); got != want {
		s.Errorf("%s: %q are in quarantine, want %q", when, got, want)
	}
}

const (
	returnsWere = "You can return any item within 14 days of delivery.\n\nRefunds go to the card that was used to pay.\n\nGift cards cannot be returned."
	returnsAre  = "You can return any item within 30 days of delivery.\n\nRefunds go to the card that was used to pay.\n\nGift cards cannot be returned."
)

func TestWhatRestsOnAChangedPassageIsQuarantined(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		s.article("returns", "Returns", returnsWere)
		s.article("help", "Help for beginners", "Shop in peace. You can return any item within 14 days of delivery. Call us if in doubt.")
		s.article("hours", "Opening hours", "The shop is open from 9:00 to 18:00 every day but Sunday.")
		s.solved("days", "Hello! You can return any item within 14 days of delivery.", "returns")
		s.solved("card", "Refunds go to the card that was used to pay.", "returns")
		s.solved("copied", "You can return any item within 14 days of delivery, so yours can go back.", "")
		s.solved("new", "You can return any item within 30 days of delivery.", "returns")
		s.wants("", "what was imported")
		s.article("returns", "Returns", returnsAre)
		s.wants("copied<returns days<returns help<returns", "after 14 days became 30")
		q := s.quarantine("days", "returns")
		if q.Revision != 2 || q.Author != byItself || len(q.Data.Was) != 1 || len(q.Data.Is) != 1 ||
			q.Data.Was[0].Quote != "You can return any item within 14 days of delivery." || q.Data.Is[0].Quote != "You can return any item within 30 days of delivery." ||
			q.Data.Was[0].Start != 0 || q.Data.Was[0].End != 51 || !strings.Contains(q.Data.Why, "14 days") {
			s.Errorf("the quarantine is %+v", q)
		}
		var told []notice.Notice
		if err := s.db.Find(&told).Error; err != nil {
			s.Fatal(err)
		}
		var data struct{ Documents, Suggestions []string }
		if len(told) != 1 || told[0].Kind != notice.ArticleQuarantined || json.Unmarshal(told[0].Data, &data) != nil || len(data.Documents) != 3 {
			s.Errorf("told %+v", told)
		}
		if _, err := s.store.Release(s.Context(), "days", "returns", upkeep.Confirmed, "ann"); err != nil {
			s.Fatal(err)
		}
		s.wants("copied<returns help<returns", "after one was confirmed")
		s.solved("copied", "You can return any item within 30 days of delivery, so yours can go back.", "")
		s.wants("help<returns", "after one was brought in line")
		s.article("returns", "Returns", returnsWere)
		s.wants("copied<returns new<returns", "after the change was taken back")
	})
}

func (s *shelf) quarantine(document, cause string) upkeep.Quarantine {
	s.Helper()
	qs, err := s.store.Quarantines(s.Context(), upkeep.QuarantineFilter{DocumentID: document, CauseID: cause})
	if err != nil || len(qs) != 1 {
		s.Fatalf("%d quarantines of %s, %v", len(qs), document, err)
	}
	return qs[0]
}

func TestWhatWasOnlyLaidOutAnewQuarantinesNothing(t *testing.T) {
	s := oneShelf(t)
	s.article("returns", "Returns", returnsWere)
	s.solved("days", "You can return any item within 14 days of delivery.", "returns")
	s.update()
	for name, body := range map[string]string{
		"headings and bold": "# Returns\n\nYou can return **any item** within 14 days of delivery.\n\n## Money\n\nRefunds go to the card that was used to pay.\n\nGift cards cannot be returned.",
		"a list":            "* You can return any item within 14 days of delivery\n* Refunds go to the card that was used to pay\n* Gift cards cannot be returned",
		"another order":     "Gift cards cannot be returned. You can return any item within 14 days of delivery. Refunds go to the card that was used to pay.",
		"links":             "You can return [any item](https://example.org/items) within 14 days of delivery.\n\nRefunds go to the card that was used to pay.\n\nGift cards cannot be returned.",
		"more":              returnsWere + "\n\nParcels are sent on Mondays.",
		"a title":           returnsWere,
		"another passage":   strings.Replace(returnsWere, "Gift cards cannot be returned.", "Gift cards can be returned.", 1),
	} {
		s.article("returns", "Returns of "+name, body)
		s.wants("", name)
		s.article("returns", "Returns", returnsWere)
		s.wants("", "back from "+name)
	}
}

// oneShelf is eachShelf on SQLite alone.
func oneShelf(t *testing.T) *shelf {
	t.Helper()
	g := newGarden(t, sqldbtest.SQLite(t))
	g.learner.DB, g.learner.Now = g.db, time.Now
	if _, err := g.learner.KB.Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	s := &shelf{g, upkeep.New(g.db, time.Now).In("shop")}
	s.update()
	return s
}

func TestWhatChangedBeforeAnybodyFollowedIsTakenAsItIs(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.learner.DB, g.learner.Now = g.db, time.Now
	if _, err := g.learner.KB.Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	s := &shelf{g, upkeep.New(g.db, time.Now).In("shop")}
	s.solved("days", "You can return any item within 14 days of delivery.", "returns")
	s.article("returns", "Returns", returnsWere)
	s.article("returns", "Returns", returnsAre)
	if note := s.update(); note != "1 begun" {
		s.Errorf("note %q", note)
	}
	s.wants("", "after the first run")
	s.article("returns", "Returns", returnsAre+" Call us.")
	s.wants("", "after a sentence was added")
}

func TestADeletedArticleTakesItsCasesWithIt(t *testing.T) {
	s := oneShelf(t)
	s.article("returns", "Возврат", "Вернуть товар можно в течение 14 дней после доставки.")
	s.article("help", "Помощь", "Вернуть товар можно в течение 14 дней после доставки. Звоните.")
	s.solved("own", "Здравствуйте! Да, конечно, всё получится, мы уже проверили.", "returns")
	s.solved("other", "Посылка придёт через три дня после оплаты.", "")
	s.update()
	if err := s.learner.KB.In("shop").Delete(t.Context(), "returns", "ann"); err != nil {
		t.Fatal(err)
	}
	s.wants("own<returns", "after the article was deleted")
	if _, err := s.learner.KB.In("shop").Restore(t.Context(), "returns", 1, "ann"); err != nil {
		t.Fatal(err)
	}
	s.wants("", "after it was brought back")
}

func TestAMergedArticleQuarantinesNothingAndStaysMerged(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		s.article("old", "Returns", returnsWere)
		s.article("new", "Returns", returnsWere+" Call us.")
		s.solved("days", "You can return any item within 14 days of delivery.", "old")
		s.update()
		if _, err := s.store.Merge(s.Context(), "old", "new", "ann"); err != nil {
			s.Fatal(err)
		}
		s.wants("", "after a merge")
		s.article("old", "Returns", returnsAre) // by a source that still has it
		s.wants("", "after the merged article was written")
		if d, err := s.learner.KB.In("shop").Document(s.Context(), "old"); err != nil || d.Status != kb.Archived || d.Body != returnsAre {
			s.Errorf("the merged article is %+v, %v", d, err)
		}
		s.article("new", "Returns", returnsAre)
		s.wants("days<new", "after the article it was merged into has changed")
	})
}

func TestAReleaseNoteQuarantinesWhatItContradicts(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		s.article("limits", "Limits of the free plan", "The free plan has up to 10 projects in one workspace. Files may be of any kind.")
		s.article("export", "Export", "Reports can be exported as PDF files by every member.")
		s.put(kb.Document{ID: "r1", Kind: kb.Article, Content: kb.Content{Title: "Version 1", Body: "The free plan has up to 5 projects in one workspace.", Tags: []string{"release-notes"}}})
		s.update() // what the first note says stands against the article too
		if got := s.doubted(); got != "limits<r1" {
			s.Fatalf("in quarantine %q", got)
		}
		if _, err := s.store.Release(s.Context(), "limits", "r1", upkeep.Confirmed, "ann"); err != nil {
			s.Fatal(err)
		}
		s.put(kb.Document{ID: "r2", Kind: kb.Article, Content: kb.Content{Title: "Version 2", Tags: []string{"release-notes"},
			Body: "What is new:\n\n* We like to hear from you.\n* The free plan now has up to 20 projects in one workspace, up from 10 projects."}})
		s.wants("limits<r2", "after a release note")
		q := s.quarantine("limits", "r2")
		if len(q.Data.Was) != 1 || !strings.Contains(q.Data.Was[0].Quote, "up to 10 projects") || q.Data.Was[0].DocumentID != "limits" ||
			!strings.Contains(q.Data.Is[0].Quote, "up from 10 projects") || !strings.Contains(q.Data.Why, "Version 2") {
			s.Errorf("the quarantine is %+v", q)
		}
		s.article("limits", "Limits of the free plan", "The free plan has up to 20 projects in one workspace. Files may be of any kind.")
		s.wants("", "after the article was brought in line")
	})
}

func TestAReleaseNoteIsHeldAgainstWhatItIsAbout(t *testing.T) {
	var all []kb.Document
	for id, body := range map[string]string{
		"limit-ru": "На бесплатном тарифе можно создать до 10 проектов. Файлы могут быть любыми.",
		"limit-en": "On the free plan you can create up to 10 projects. Files may be of any kind.",
		"pdf-en":   "Reports cannot be exported to PDF. Use CSV instead.",
		"pdf-ru":   "Экспорт отчётов в PDF недоступен. Используйте CSV.",
		"invoice":  "The invoice is sent by e-mail on the first day of the month.",
		"session":  "Your session ends after 30 minutes without activity.",
	} {
		all = append(all, kb.Document{ID: id, Kind: kb.Article, UpdatedAt: today, Content: kb.Content{Title: id, Body: body, Status: kb.Published}})
	}
	for says, want := range map[string]string{
		"Лимит проектов на бесплатном тарифе увеличен с 10 до 20.":              "limit-ru",
		"The limit of projects on the free plan was raised from 10 to 20.":      "limit-en",
		"You can now create up to 20 projects on the free plan (previously 10)": "limit-en limit-ru",
		"Reports can now be exported to PDF.":                                   "pdf-en",
		"Теперь доступен экспорт отчётов в PDF.":                                "pdf-ru",
		"Sessions now end after 60 minutes without activity.":                   "session",
		"We fixed a bug where the invoice was sent twice.":                      "",
		"We have 20 new projects in our gallery, up from 10.":                   "",
		"The dashboard loads 30 % faster.":                                      "",
	} {
		note := kb.Document{ID: "note", Kind: kb.Article, UpdatedAt: today, Content: kb.Content{Title: "News", Body: says, Status: kb.Published}}
		c, err := announced(t.Context(), &note, all)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, q := range c.resting {
			got = append(got, q.DocumentID)
		}
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%q contradicts %v, want %q", says, got, want)
		}
	}
}

func TestOldNewsOfANewFeedQuarantinesNothing(t *testing.T) {
	s := oneShelf(t)
	s.article("limits", "Limits of the free plan", "The free plan has up to 10 projects in one workspace.")
	note := func(id string, projects int) {
		s.put(kb.Document{ID: id, Kind: kb.Article, Origin: "connection:news", Content: kb.Content{
			Title: id, Body: fmt.Sprintf("The free plan has up to %d projects in one workspace.", projects), Tags: []string{"release-notes"},
		}})
	}
	note("v1", 5)
	s.wants("", "after a feed was connected")
	if err := s.db.Model(&kb.Document{}).Where("id = ?", "v1").Update("created_at", time.Now().UTC().Add(-2*newFeed)).Error; err != nil {
		t.Fatal(err)
	}
	note("v2", 20)
	s.wants("limits<v2", "after the feed has news")
}

func TestReleaseNotesAreReadAsTheyAreNow(t *testing.T) {
	for said, want := range map[string]string{
		"We raised the limit from 10 to 20 projects.":                 "We raised the limit to 20 projects.",
		"The limit is now 20 projects (previously 10 projects).":      "The limit is now 20 projects .",
		"Лимит увеличен с 10 до 20 проектов.":                         "Лимит увеличен до 20 проектов.",
		"Теперь доступно 20 проектов вместо 10.":                      "Теперь доступно 20 проектов .",
		"Support answers from 9 to 18 every day.":                     "Support answers from 9 to 18 every day.",
		"Starting from version 2.4, the limit is 20 projects for all": "the limit is 20 projects for all",
	} {
		if got := asItIsNow(said); got != want {
			t.Errorf("%q is read as %q, want %q", said, got, want)
		}
	}
}

func TestOpenDraftsOnWhatChangedAreListed(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		s.article("returns", "Returns", returnsWere)
		s.solved("days", "You can return any item within 14 days of delivery.", "returns")
		s.update()
		draft := func(id, source, quote string, age time.Duration) {
			s.Helper()
			sg := retrieval.Suggestion{
				WorkspaceID: "shop", ID: id, Mode: retrieval.ForOperator, Decision: retrieval.Drafted, Language: "en", CreatedAt: time.Now().UTC().Add(-age),
				Answer:  retrieval.Answer{Text: "So it is [1].", Citations: []retrieval.Citation{{Marker: 1, SourceID: source}}},
				Sources: []retrieval.Cited{{ID: source, Kind: kb.Article, Revision: 1, Quote: quote}},
			}
			if err := s.learner.Suggestions.Keep(s.Context(), &sg); err != nil {
				s.Fatal(err)
			}
		}
		draft("on-passage", "returns", "You can return any item within 14 days of delivery.", time.Hour)
		draft("on-other", "returns", "Refunds go to the card that was used to pay.", time.Hour)
		draft("on-case", "days", "You can return any item within 14 days of delivery.", 2*time.Hour)
		draft("old", "days", "You can return any item within 14 days of delivery.", 8*24*time.Hour)
		draft("judged", "days", "You can return any item within 14 days of delivery.", time.Hour)
		err := s.learner.Feedback.In("shop").PutJudgements(s.Context(), []feedback.Judgement{{SuggestionID: "judged", Seq: 1, At: time.Now().UTC(), SuggestedAt: time.Now().UTC()}})
		if err != nil {
			s.Fatal(err)
		}
		s.article("returns", "Returns", returnsAre)
		s.wants("days<returns", "after the change")
		got, err := s.learner.OpenDrafts(s.Context(), "shop", []upkeep.Quarantine{s.quarantine("days", "returns")})
		if err != nil || len(got) != 1 || strings.Join(got[0], " ") != "on-passage on-case" {
			s.Errorf("open drafts %v, %v", got, err)
		}
		var told notice.Notice
		if err := s.db.Take(&told).Error; err != nil || !strings.Contains(string(told.Data), `"on-passage"`) || strings.Contains(string(told.Data), `"judged"`) {
			s.Errorf("told %s, %v", told.Data, err)
		}
	})
}

func TestWhatWasLearnedOfAChangedArticleCountsHalfAtOnce(t *testing.T) {
	s := oneShelf(t)
	s.article("returns", "Returns", returnsWere)
	l := retrieval.Learned{Sources: map[string]retrieval.Usefulness{"returns": {Whole: retrieval.Posterior{Bonus: 0.08}, Kept: 1, Revision: 1}}}
	before := time.Now()
	s.article("returns", "Returns", returnsAre)
	d, err := s.learner.KB.In("shop").Document(t.Context(), "returns")
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Bonus("returns", "", d.Revision); got != 0.04 {
		t.Errorf("the bonus is %v at once, want half", got)
	}
	kept, err := s.learner.standing(t.Context(), &d, []time.Time{before})
	if err != nil || kept < 0.5 || kept > 0.75 {
		t.Errorf("%.2f is kept when it is learned again, %v; want the share that still stands", kept, err)
	}
}
