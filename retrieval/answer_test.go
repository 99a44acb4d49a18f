package retrieval_test

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// A desk is a small helpdesk to ask.
type desk struct {
	t        *testing.T
	db       *gorm.DB
	kb       *kb.DB
	indexer  *retrieval.Indexer
	answerer *retrieval.Answerer
	store    *retrieval.Store
}

func newDesk(t *testing.T, docs ...*kb.Document) *desk {
	t.Helper()
	db := sqldbtest.SQLite(t)
	ix, err := memindex.Open("", embeddings.Local{}.Model(), embeddings.Local{}.Dim())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{t: t, db: db, kb: kb.New(db), store: retrieval.NewStore(db)}
	d.indexer = &retrieval.Indexer{KB: d.kb, Embedder: embeddings.Local{}, Index: ix}
	d.answerer = &retrieval.Answerer{KB: d.kb, Store: d.store, Generator: retrieval.Extract{}, Log: slog.New(slog.DiscardHandler)}
	d.answerer.Serve(retrieval.Space{Embedder: embeddings.Local{}, Index: ix})
	if _, err := d.kb.Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	d.put(docs...)
	return d
}

func (d *desk) put(docs ...*kb.Document) {
	d.t.Helper()
	for _, doc := range docs {
		if _, err := d.kb.In("shop").Put(d.t.Context(), doc); err != nil {
			d.t.Fatal(err)
		}
	}
	if _, err := d.indexer.Sync(d.t.Context(), "shop"); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) ask(ask retrieval.Ask) retrieval.Suggestion {
	d.t.Helper()
	ask.Workspace = "shop"
	s, err := d.answerer.Suggest(d.t.Context(), ask, retrieval.Watch{})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func says(role retrieval.Role, texts ...string) []retrieval.Message {
	var ms []retrieval.Message
	for _, t := range texts {
		ms = append(ms, retrieval.Message{Role: role, Text: t})
	}
	return ms
}

func page(id, title, body string, audience kb.Audience) *kb.Document {
	locale := embeddings.Language(title + " " + body)
	return &kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{Title: title, Body: body, Audience: audience, Locale: locale}}
}

// library is a few articles, far enough apart in subject.
func library() []*kb.Document {
	return []*kb.Document{
		page("returns", "How to return an item", "You can return any item within 14 days of delivery. Print the return label from your account and hand the parcel in at a pick-up point. We refund the money within 5 working days.", kb.Public),
		page("courier", "When the courier comes", "Couriers deliver from 9:00 to 21:00. You can change the time slot in your account until 18:00 of the day before.", kb.Public),
		page("gift", "Gift cards", "A gift card is valid for 12 months. It pays for any order in part or in full and cannot be exchanged for cash.", kb.Public),
		page("vozvrat", "Как вернуть товар", "Вернуть товар можно в течение 14 дней после получения. Распечатайте бланк возврата в личном кабинете и сдайте посылку в пункт выдачи. Деньги вернём за 5 рабочих дней.", kb.Public),
		page("oplata", "Способы оплаты", "Оплатить заказ можно картой, через систему быстрых платежей или наличными курьеру. Картой можно платить в рассрочку на 4 месяца.", kb.Public),
		page("limits", "Compensation limits for operators", "An operator may offer a voucher of up to 20 euros for a damaged parcel. Above that a team lead decides.", kb.Internal),
		page("parol", "Забыли пароль", "Нажмите «Забыли пароль?» на странице входа и введите почту. Письмо со ссылкой придёт за пару минут.", kb.Public),
		page("warranty", "Warranty", "The warranty on tents is 24 months. Send us photos of the defect and the receipt.", kb.Public),
	}
}

func TestSuggestAnswersFromTheRightSource(t *testing.T) {
	d := newDesk(t, library()...)
	for _, tt := range []struct{ name, question, source, words string }{
		{"in English", "How do I return something I bought?", "returns", "14 days"},
		{"in Russian, inflected", "Подскажите, как оформить возврат товара?", "vozvrat", "14 дней"},
		{"with a typo", "забыл пороль от кабинета", "parol", "Забыли пароль"},
		{"typed in the wrong layout", "rfr dthyenm njdfh", "vozvrat", "14 дней"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, tt.question)})
			if s.Decision != retrieval.Drafted || len(s.Sources) == 0 || s.Sources[0].ID != tt.source {
				t.Fatalf("decision %s (%s), sources %v", s.Decision, s.AbstainReason, s.Sources)
			}
			if !strings.Contains(s.Answer.Text, tt.words) || !strings.Contains(s.Answer.Text, "[1]") {
				t.Errorf("answer %q, want one that says %q and cites", s.Answer.Text, tt.words)
			}
			kept, err := d.store.Suggestion(t.Context(), "shop", s.ID)
			if err != nil || kept.Answer.Text != s.Answer.Text || len(kept.Sources) != len(s.Sources) {
				t.Errorf("kept %+v, %v", kept, err)
			}
		})
	}
}

func TestSuggestQuotesTheSourceByItsOffsets(t *testing.T) {
	d := newDesk(t, library()...)
	s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, "how long is a gift card valid")})
	if len(s.Sources) == 0 {
		t.Fatalf("no sources: %+v", s)
	}
	src := s.Sources[0]
	doc, err := d.kb.In("shop").Document(t.Context(), src.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := string([]rune(doc.Body)[src.Start:src.End]); got != src.Quote {
		t.Errorf("quote %q, at its offsets stands %q", src.Quote, got)
	}
	for _, c := range s.Answer.Citations {
		cited := string([]rune(s.Answer.Text)[c.Start:c.End])
		from := string([]rune(doc.Body)[c.From:c.To])
		if c.SourceID != src.ID || cited == "" || from == "" {
			t.Errorf("citation %+v covers %q from %q", c, cited, from)
		}
	}
}

func TestSuggestAbstains(t *testing.T) {
	d := newDesk(t, library()...)
	for _, tt := range []struct {
		name, question string
		mode           retrieval.Mode
		want           []retrieval.Reason
	}{
		{"on nonsense", "zxqv blorp 77 snarfle", "", []retrieval.Reason{retrieval.NoEvidence}},
		{"on emoji", "😀😀😀", "", []retrieval.Reason{retrieval.NoEvidence}},
		{"on stop words", "и в на the of", "", []retrieval.Reason{retrieval.NoEvidence, retrieval.LowConfidence}},
		{"on another subject", "Which franchises do you sell in Brazil?", "", []retrieval.Reason{retrieval.NoEvidence, retrieval.LowConfidence}},
		{"when a customer asks what only operators may know", "compensation limits voucher for a damaged parcel", retrieval.ForCustomer, []retrieval.Reason{retrieval.Restricted}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, tt.question), Mode: tt.mode})
			if s.Decision != retrieval.Abstained || !slices.Contains(tt.want, s.AbstainReason) || s.Answer.Text != "" {
				t.Errorf("decision %s, reason %q, confidence %.2f, answer %q; want to abstain for one of %q",
					s.Decision, s.AbstainReason, s.Confidence, s.Answer.Text, tt.want)
			}
		})
	}
}

func TestSuggestInAnEmptyWorkspace(t *testing.T) {
	d := newDesk(t)
	if s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, "How do I return it?")}); s.AbstainReason != retrieval.NoEvidence {
		t.Errorf("reason %q, want no_evidence", s.AbstainReason)
	}
}

func TestSuggestMarksInternalSourcesAndKeepsThemFromCustomers(t *testing.T) {
	d := newDesk(t, library()...)
	q := says(retrieval.Customer, "what voucher can I get for a damaged parcel?")
	s := d.ask(retrieval.Ask{Messages: q})
	at := slices.IndexFunc(s.Sources, func(c retrieval.Cited) bool { return c.ID == "limits" })
	if at < 0 || s.Sources[at].Audience != kb.Internal {
		t.Errorf("an operator is shown %v, want the internal article marked as such", s.Sources)
	}
	s = d.ask(retrieval.Ask{Messages: q, Mode: retrieval.ForCustomer})
	for _, c := range s.Sources {
		if c.Audience == kb.Internal {
			t.Errorf("an unattended answer has the internal source %s", c.ID)
		}
	}
}

func TestSuggestReadsTheDialogue(t *testing.T) {
	d := newDesk(t, library()...)
	messages := says(retrieval.Customer, "Здравствуйте!", "Подскажите по способам оплаты заказа")
	messages = append(messages, says(retrieval.Operator, "Можно картой или наличными курьеру.")...)
	messages = append(messages, says(retrieval.Customer, "а если картой?", "в рассрочку")...)
	s := d.ask(retrieval.Ask{Messages: messages})
	if len(s.Sources) == 0 || s.Sources[0].ID != "oplata" {
		t.Errorf("sources %v, want the article on payment first", s.Sources)
	}
	if !strings.Contains(s.Question, "оплаты") || !strings.Contains(s.Question, "в рассрочку") {
		t.Errorf("question %q, want the burst with its subject", s.Question)
	}
}

func TestSuggestRefusesADialogueWithoutAQuestion(t *testing.T) {
	d := newDesk(t, library()...)
	for _, ms := range [][]retrieval.Message{nil, says(retrieval.Customer, " \n"), says(retrieval.Operator, "Hello?")} {
		_, err := d.answerer.Suggest(t.Context(), retrieval.Ask{Workspace: "shop", Messages: ms}, retrieval.Watch{})
		if !errors.Is(err, retrieval.ErrInvalid) {
			t.Errorf("%v: error %v, want ErrInvalid", ms, err)
		}
	}
}

func TestSuggestKeepsPersonalDataApart(t *testing.T) {
	d := newDesk(t, library()...)
	s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, "Здравствуйте, меня зовут Анна Петрова, почта anna.petrova@mail.ru. Как вернуть товар?")})
	if strings.Contains(s.Question, "anna.petrova") || strings.Contains(s.Question, "Петрова") {
		t.Errorf("the kept question holds personal data: %q", s.Question)
	}
	if !slices.ContainsFunc(slices.Collect(mapsValues(s.Originals)), func(o string) bool { return o == "anna.petrova@mail.ru" }) {
		t.Errorf("originals %v lack the address", s.Originals)
	}
	if len(s.Sources) == 0 || s.Sources[0].ID != "vozvrat" {
		t.Errorf("sources %v", s.Sources)
	}
}

func mapsValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

func TestSuggestFilters(t *testing.T) {
	d := newDesk(t, library()...)
	ask := retrieval.Ask{Messages: says(retrieval.Customer, "how do I return an item"), Filter: retrieval.Filter{Locales: []string{"ru"}}}
	for _, c := range d.ask(ask).Sources {
		if c.Locale != "ru" {
			t.Errorf("a Russian filter lets %s in %s pass", c.ID, c.Locale)
		}
	}
	ask.Filter = retrieval.Filter{Tags: []string{"there is none"}}
	if s := d.ask(ask); s.AbstainReason != retrieval.NoEvidence || len(s.Sources) != 0 {
		t.Errorf("a filter that matches nothing: %s, %v", s.AbstainReason, s.Sources)
	}
}

func TestSearchFollowsChanges(t *testing.T) {
	d := newDesk(t, library()...)
	find := func() []string {
		found, err := d.answerer.Search(t.Context(), retrieval.Ask{Workspace: "shop", Messages: says(retrieval.Customer, "gift card")})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range found.Sources {
			ids = append(ids, c.ID)
		}
		return ids
	}
	if ids := find(); len(ids) == 0 || ids[0] != "gift" {
		t.Fatalf("found %v, want gift first", ids)
	}
	if err := d.kb.In("shop").Delete(t.Context(), "gift", ""); err != nil {
		t.Fatal(err)
	}
	// The index has not followed yet, and what is gone is not shown all the same.
	if ids := find(); slices.Contains(ids, "gift") {
		t.Errorf("found %v, with the deleted article", ids)
	}
	d.put(page("gift", "Gift cards", "Gift cards are sold again.", kb.Public))
	if ids := find(); len(ids) == 0 || ids[0] != "gift" {
		t.Errorf("found %v after the article came back", ids)
	}
}

func TestSuggestTellsItsWatchTheSourcesBeforeTheText(t *testing.T) {
	d := newDesk(t, library()...)
	var order []string
	_, err := d.answerer.Suggest(t.Context(), retrieval.Ask{Workspace: "shop", Messages: says(retrieval.Customer, "how to return an item")}, retrieval.Watch{
		Sources: func(c []retrieval.Cited) { order = append(order, "sources") },
		Text:    func(string) { order = append(order, "text") },
	})
	if err != nil || len(order) < 2 || order[0] != "sources" || order[1] != "text" {
		t.Errorf("told %v, %v", order, err)
	}
}

func TestSuggestDoesNotMixCustomers(t *testing.T) {
	d := newDesk(t, &kb.Document{ID: "case-1", Kind: kb.Case, Content: kb.Content{
		Title: "Parcel stuck at customs", Locale: "en",
		Problem:    "Hello, my name is Peter Ivanov. My parcel is stuck at customs, what should I do?",
		Resolution: "Dear Peter Ivanov, please send the customs form to your local office. The parcel is released within 3 days.",
	}})
	s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, "Hello, my name is Kate Bloom. My parcel is stuck at customs, what should I do?")})
	if s.Decision != retrieval.Drafted {
		t.Fatalf("decision %s (%s), confidence %.2f", s.Decision, s.AbstainReason, s.Confidence)
	}
	if strings.Contains(s.Answer.Text, "Peter") || strings.Contains(s.Answer.Text, "Ivanov") {
		t.Errorf("the answer names another customer: %q", s.Answer.Text)
	}
	for token := range s.Originals {
		if strings.Contains(s.Sources[0].Quote, token) {
			t.Errorf("%s of the case would be filled with this customer's data", token)
		}
	}
}

func TestForgetTakesPersonalDataOutOfOldSuggestions(t *testing.T) {
	d := newDesk(t, library()...)
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	d.answerer.Now = func() time.Time { return now }
	ask := retrieval.Ask{Messages: says(retrieval.Customer, "My e-mail is kate.bloom@mail.example. How do I return an item?")}
	old := d.ask(ask)
	now = now.AddDate(0, 0, 20)
	fresh := d.ask(ask)
	if n, err := d.store.Forget(t.Context(), now.AddDate(0, 0, -10)); n != 1 || err != nil {
		t.Fatalf("forgot %d, %v; want the old one", n, err)
	}
	for id, want := range map[string]int{old.ID: 0, fresh.ID: 1} {
		if s, err := d.store.Suggestion(t.Context(), "shop", id); err != nil || len(s.Originals) != want || s.Question == "" {
			t.Errorf("suggestion of %s has originals %v, %v", s.CreatedAt, s.Originals, err)
		}
	}
}

func TestAnAnswerRestsOnWhatWasFoundBest(t *testing.T) {
	d := newDesk(t,
		&kb.Document{ID: "c1", Kind: kb.Case, Content: kb.Content{Locale: "ru", Title: "Самокат", Problem: "самокат не включается",
			Resolution: "Ваш заказ ⟦order:A⟧ проверен, возврат 500 ₽ оформлен лично для вас."}},
		page("ret", "Возврат самоката", "Самокат можно вернуть в течение 18 дней.", kb.Public))
	s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, "самокат не включается"), Mode: retrieval.ForCustomer})
	if s.Decision == retrieval.Answered && strings.Contains(s.Answer.Text, "вернуть") {
		t.Errorf("sent unattended with confidence %.2f: %q", s.Confidence, s.Answer.Text)
	}
}

func TestAnInternalSourceIsAnnounced(t *testing.T) {
	d := newDesk(t, library()...)
	s := d.ask(retrieval.Ask{Messages: says(retrieval.Customer, "compensation limits: what voucher may an operator offer for a damaged parcel?")})
	if s.Decision != retrieval.Drafted || !strings.Contains(s.Answer.Notice, "internal") {
		t.Errorf("decision %s (%s), notice %q", s.Decision, s.AbstainReason, s.Answer.Notice)
	}
}
