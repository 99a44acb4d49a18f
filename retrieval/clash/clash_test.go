package clash

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// found runs Find over documents given as texts, each an article.
func found(t *testing.T, docs ...Doc) []Pair {
	t.Helper()
	for i := range docs {
		if docs[i].ID == "" {
			docs[i].ID = string(rune('a' + i))
		}
		if docs[i].Kind == "" {
			docs[i].Kind = kb.Article
		}
	}
	pairs, err := Find(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		for _, x := range [...]Passage{p.A, p.B} {
			for _, d := range docs {
				if d.ID == x.DocumentID && string([]rune(d.Body)[x.Start:x.End]) != x.Quote {
					t.Errorf("%s from %d to %d is not %q", d.ID, x.Start, x.End, x.Quote)
				}
			}
		}
		for side, quote := range [...]string{p.A.Quote, p.B.Quote} {
			for _, w := range p.Words[side] {
				if !strings.Contains(quote, w) {
					t.Errorf("%q is not in %q, where it is to be marked", w, quote)
				}
			}
		}
		if p.Score <= 0 || p.Score > 1 || p.Why == "" {
			t.Errorf("score %v, why %q", p.Score, p.Why)
		}
	}
	return pairs
}

func TestContradictionsOfEachKindAreNamed(t *testing.T) {
	for _, c := range []struct{ name, a, b, what, wordA, wordB string }{
		{"a number", "Deleted projects stay in the trash for 30 days.", "You will find deleted projects in the trash for 90 days.", Number, "30 days", "90 days"},
		{"a number in words", "Справка готовится в течение двух рабочих дней.", "Справка готовится пять рабочих дней.", Number, "двух рабочих дней", "пять рабочих дней"},
		{"a price", "Shipping a parcel to a pickup point costs $8.", "We charge $12 for shipping a parcel to a pickup point.", Price, "$8", "$12"},
		{"a time of day", "Зал фитнес-клуба работает с 7:00 до 23:00.", "Зал фитнес-клуба открыт с 6:00 до 23:00.", Date, "7:00 до 23:00", "6:00 до 23:00"},
		{"a date", "Applications for the summer camp close on March 31.", "Applications for the summer camp close on April 15.", Date, "March 31", "April 15"},
		{"a negation", "Animated GIF files are not supported.", "Animated GIF files are supported too.", Negation, "not supported", "supported"},
		{"a Russian negation", "Удалённый профиль восстановить невозможно.", "Удалённый профиль можно восстановить.", Negation, "восстановить невозможно", "восстановить"},
		{"only against any", "Only administrators can invite new members.", "Any member can invite new members.", Condition, "administrators", "member"},
		{"before against after", "An order can be cancelled before shipping.", "An order can be cancelled after shipping.", Condition, "before", "after"},
		{"across languages", "A finished export stays available for download for 7 days.", "Готовый экспорт доступен для скачивания 2 дня.", Number, "7 days", "2 дня"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pairs := found(t, Doc{Body: "Welcome to our help. " + c.a}, Doc{Body: c.b + " Ask us if anything is unclear."})
			if len(pairs) != 1 {
				t.Fatalf("%d pairs, want 1: %v", len(pairs), pairs)
			}
			p := pairs[0]
			if p.Kind != Contradiction || p.What != c.what || p.A.Quote != c.a || p.B.Quote != c.b {
				t.Errorf("got %s of %s: %q | %q", p.Kind, p.What, p.A.Quote, p.B.Quote)
			}
			if got := strings.Join(p.Words[0], " ") + "|" + strings.Join(p.Words[1], " "); got != c.wordA+"|"+c.wordB {
				t.Errorf("differing words %q, want %q", got, c.wordA+"|"+c.wordB)
			}
		})
	}
}

func TestWhatOnlyLooksLikeAContradictionIsNone(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b Doc
	}{
		{"the same in another unit", Doc{Body: "Audit logs are kept for 12 months."}, Doc{Body: "Audit logs are kept for one year, that is 365 days."}},
		{"the same in words", Doc{Body: "Справка готовится два дня."}, Doc{Body: "Справка готовится 2 дня."}},
		{"a month and 30 days", Doc{Body: "Deleted projects stay in the trash for 30 days."}, Doc{Body: "Deleted projects stay in the trash for a month."}},
		{"two products", Doc{Body: "The warranty of the battery is 12 months.", Product: "X1"}, Doc{Body: "The warranty of the battery is 24 months.", Product: "X2"}},
		{"two regions", Doc{Body: "Доставка занимает 3 дня.", Region: "ru"}, Doc{Body: "Доставка занимает 9 дней.", Region: "kz"}},
		{"two plans", Doc{Body: "On the Basic plan you get 5 GB of storage."}, Doc{Body: "On the Pro plan you get 20 GB of storage."}},
		{"two plans in one document", Doc{Body: "Storage: 5 GB on Basic, 20 GB on Pro."}, Doc{Body: "Storage on the Pro plan is 20 GB."}},
		{"a document that says both", Doc{Body: "Storage is 5 GB. Storage is 20 GB for teams."}, Doc{Body: "Storage is 20 GB."}},
		{"two platforms under headings", Doc{Body: "## Android\n\nThe app needs 200 MB of space on Android."}, Doc{Body: "## iPhone\n\nThe app needs 350 MB of space on iPhone."}},
		{"two subjects", Doc{Body: "Размер обложки канала не больше 10 МБ."}, Doc{Body: "Размер аватара канала не больше 2 МБ."}},
		{"one slot, another thing", Doc{Body: "The vault locks after 15 minutes of inactivity."}, Doc{Body: "The extension locks after 60 minutes of inactivity."}},
		{"hot and cold", Doc{Body: "Поверка счётчика горячей воды проводится раз в 4 года."}, Doc{Body: "Поверка счётчика холодной воды проводится раз в 6 лет."}},
		{"a changelog", Doc{Title: "Changelog", Body: "2023: exports are limited to 100 rows."}, Doc{Title: "Exports", Body: "Exports are limited to 5000 rows."}},
		{"steps", Doc{Body: "Go to step 3 and press the export button."}, Doc{Body: "Go to step 5 and press the export button."}},
		{"items of lists", Doc{Body: "1. Open the settings of the project.\n2. Press the export button."}, Doc{Body: "4. Open the settings of the project.\n5. Press the export button."}},
		{"versions", Doc{Body: "Export works since version 5 of the app."}, Doc{Body: "Export works since version 7 of the app."}},
		{"at most and at least", Doc{Body: "A password has at least 8 characters."}, Doc{Body: "A password has at most 64 characters."}},
		{"a range that holds the number", Doc{Body: "International parcels take 10-15 days."}, Doc{Body: "International parcels take 12 days."}},
		{"a question", Doc{Body: "Can I get a refund within 30 days?"}, Doc{Body: "I can get a refund within 14 days."}},
		{"code", Doc{Body: "Text.\n\n```\nretry after 30 seconds of waiting\n```\n"}, Doc{Body: "Text.\n\n```\nretry after 60 seconds of waiting\n```\n"}},
		{"rows of a table", Doc{Body: "| Plan | Storage |\n|---|---|\n| disk storage | 5 GB |"}, Doc{Body: "| Plan | Storage |\n|---|---|\n| disk storage | 9 GB |"}},
		{"nothing is lost and you lose nothing", Doc{Body: "No data is lost when you change the domain."}, Doc{Body: "You don't lose data when you change the domain."}},
		{"two conditions", Doc{Body: "If you don't see the code, open the spam folder."}, Doc{Body: "If you see the code, open the settings folder."}},
		{"two cases", Doc{Title: "Where is my money", Body: "The money arrives in 3 days.", Kind: kb.Case}, Doc{Title: "Where is my money", Body: "The money arrives in 9 days.", Kind: kb.Case}},
		{"a threshold and a price", Doc{Body: "Courier delivery is free from 5 000 ₽."}, Doc{Body: "Courier delivery to your door costs 290 ₽."}},
		{"a surcharge and a price", Doc{Body: "A heavy parcel adds 900 ₽ to the courier delivery."}, Doc{Body: "The courier delivery of a parcel costs 390 ₽."}},
		{"a negation of another clause", Doc{Body: "The scan shows up within a day of dispatch; before that the carrier cannot see the parcel."}, Doc{Body: "The scan of the carrier shows up within a day of dispatch."}},
		{"not this and only that", Doc{Body: "Foreign bank cards work on the euro site only."}, Doc{Body: "Rouble bank cards do not work on the euro site."}},
		{"only when a period begins is shared", Doc{Body: "Вернуть можно в течение 30 дней с получения."}, Doc{Body: "Сообщите в течение 48 часов после получения."}},
		{"a paid and a warranty repair", Doc{Body: "A warranty repair takes up to 20 working days."}, Doc{Body: "A paid repair takes up to 5 working days."}},
		{"one ratio", Doc{Body: "You get 300 loyalty points, that is €3."}, Doc{Body: "You get 100 loyalty points, that is €1."}},
		{"done without and done", Doc{Body: "You sign in with the old address."}, Doc{Body: "An order placed without signing in has an old address."}},
		{"something else is missing meanwhile", Doc{Body: "Подменной техники на время ремонта нет."}, Doc{Body: "Гарантия продлевается на время ремонта."}},
		{"both ways in one sentence", Doc{Body: "The path is relative to the file, not relative to the root."}, Doc{Body: "The path in redirects is relative to the root."}},
		{"any other", Doc{Body: "You can do the same for the traffic source or any other metric."}, Doc{Body: "The traffic source is counted only when a session starts."}},
		{"one document", Doc{Body: "Deleted projects stay for 30 days. Deleted projects stay for 60 days."}, Doc{Body: "Nothing to see."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range found(t, c.a, c.b) {
				if p.Kind == Contradiction {
					t.Errorf("%.2f %s: %q | %q", p.Score, p.What, p.A.Quote, p.B.Quote)
				}
			}
		})
	}
}

const returns = "You can return an item within 14 days. Pack it in its box, print the label and bring it to any pickup point near you. The money comes back to your card."

func TestNearDuplicatesAreFoundAndNothingElse(t *testing.T) {
	longer := returns + " We write to you when the parcel arrives at the warehouse and again when the money is on its way."
	for _, c := range []struct {
		name string
		a, b Doc
		want int
	}{
		{"the same text", Doc{Body: returns}, Doc{Body: returns}, 1},
		{"a word changed", Doc{Body: returns}, Doc{Body: strings.Replace(returns, "near", "close to", 1)}, 1},
		{"another layout", Doc{Body: returns}, Doc{Body: "* " + strings.ReplaceAll(returns, ". ", ".\n* ")}, 1},
		{"a text within another", Doc{Body: returns}, Doc{Body: longer}, 1},
		{"half of it rewritten", Doc{Body: returns}, Doc{Body: "You can return an item within 14 days. Send us a message first: a courier fetches the goods at home and hands over a receipt."}, 0},
		{"two regions", Doc{Body: returns, Region: "us"}, Doc{Body: returns, Region: "uk"}, 0},
		{"two models in the titles", Doc{Title: "Return of a Model 11", Body: returns}, Doc{Title: "Return of a Model 12", Body: returns}, 0},
		{"too short to say", Doc{Body: "Open the settings and press save."}, Doc{Body: "Open the settings and press save."}, 0},
		{"an article and a case", Doc{Body: returns}, Doc{Title: "How do I return it?", Body: returns, Kind: kb.Case}, 0},
		{"two cases of one problem", Doc{Title: "How can I return my shoes?", Body: returns, Kind: kb.Case}, Doc{Title: "I want to return shoes", Body: returns, Kind: kb.Case}, 1},
		{"one reply to two problems", Doc{Title: "The zip of my jacket is broken", Body: returns, Kind: kb.Case}, Doc{Title: "Where do I get an invoice?", Body: returns, Kind: kb.Case}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := 0
			for _, p := range found(t, c.a, c.b) {
				if p.Kind == Duplicate {
					got++
				}
			}
			if got != c.want {
				t.Errorf("%d duplicates, want %d", got, c.want)
			}
		})
	}
}

func TestCopiesOfAnArticleAreHeldTogetherByAsFewPairsAsItTakes(t *testing.T) {
	if pairs := found(t, Doc{Body: returns}, Doc{Body: returns}, Doc{Body: returns}, Doc{Body: returns}); len(pairs) != 3 {
		t.Errorf("%d pairs of 4 copies, want 3", len(pairs))
	}
}

// edited drops every nth word of a text.
func edited(text string, n int) string {
	var out []string
	for i, w := range strings.Fields(text) {
		if i%n != n/2 {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

func TestEditedCopiesAreFoundAmongManyArticles(t *testing.T) {
	base := append(own(t), public(t, 400)...)
	copies := 0
	docs := base
	for i := range base {
		if len(strings.Fields(base[i].Body)) < 40 || strings.Contains(base[i].Body, "\n|") {
			continue
		}
		// One word in twenty gone: a near-duplicate; one in three: another text.
		for _, n := range [...]int{20, 3} {
			d := base[i]
			d.ID, d.Body = d.ID+"-"+map[int]string{20: "near", 3: "far"}[n], edited(d.Body, n)
			docs = append(docs, d)
		}
		copies++
	}
	if copies == 0 {
		t.Skip("SKIPPED: the shared data is not there, and the own articles are too short")
	}
	near, far := 0, 0
	pairs, err := Find(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		if p.Kind == Duplicate && strings.HasSuffix(p.B.DocumentID, "-near") {
			near++
		}
		if p.Kind == Duplicate && strings.HasSuffix(p.B.DocumentID, "-far") {
			far++
		}
	}
	t.Logf("of %d copies with a word in twenty gone %d are found, with one in three gone %d", copies, near, far)
	if near < copies*98/100 || far > copies/50 {
		t.Errorf("found %d of %d near copies and %d far ones", near, copies, far)
	}
}

func TestAPairKeepsBothDates(t *testing.T) {
	old, recent := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	pairs := found(t, Doc{Body: "Gift cards are valid for 3 years.", UpdatedAt: old}, Doc{Body: "Gift cards are valid for 1 year.", UpdatedAt: recent},
		Doc{Body: "Gift cards are valid for 24 months.", UpdatedAt: recent})
	if len(pairs) == 0 || !pairs[0].A.UpdatedAt.Equal(old) || !pairs[0].B.UpdatedAt.Equal(recent) {
		t.Errorf("got %v", pairs)
	}
}

func TestAgainstFindsThePairsOfOneDocument(t *testing.T) {
	docs, _ := planted(t, 1, "tune", "held")
	all, err := Find(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	of := make(map[string]int)
	for _, p := range all {
		of[p.A.DocumentID]++
		of[p.B.DocumentID]++
	}
	for i := range 12 {
		d := docs[i]
		pairs, err := Against(t.Context(), docs, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pairs {
			if p.A.DocumentID != d.ID || p.B.DocumentID == d.ID {
				t.Errorf("a pair of %s is %s and %s", d.ID, p.A.DocumentID, p.B.DocumentID)
			}
		}
		if len(pairs) < of[d.ID] {
			t.Errorf("%s: %d pairs, Find has %d", d.ID, len(pairs), of[d.ID])
		}
	}
}

func TestTheOrderOfDocumentsChangesNothing(t *testing.T) {
	docs, _ := planted(t, 2, "tune")
	back := make([]Doc, len(docs))
	for i := range docs {
		back[len(docs)-1-i] = docs[i]
	}
	a, err := Find(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Find(t.Context(), back)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, p := range a {
		seen[p.A.Quote+"|"+p.B.Quote] = true
	}
	for _, p := range b {
		if !seen[p.B.Quote+"|"+p.A.Quote] {
			t.Errorf("%q | %q is found in one order only", p.A.Quote, p.B.Quote)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d pairs, and %d the other way round", len(a), len(b))
	}
}

func TestTheWordsOfAPairAreThoseOfItsPassages(t *testing.T) {
	for _, ids := range [][2]string{{"a", "z"}, {"z", "a"}} {
		pairs := found(t, Doc{ID: ids[0], Body: "Gift cards are valid for 3 years."}, Doc{ID: ids[1], Body: "Gift cards are valid for 12 months."})
		if len(pairs) != 1 || pairs[0].A.DocumentID != ids[0] || pairs[0].Words[0][0] != "3 years" || pairs[0].Words[1][0] != "12 months" {
			t.Errorf("of %v: %+v", ids, pairs)
		}
	}
}

func TestFindStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, own(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Открыто с 9:00 до 18:00, 5 GB — $9.99 до 5-го числа", "--- \n```\n1. Only 3–5 дней не [a](b) <b>10%</b>")
	f.Add("", "|")
	f.Fuzz(func(t *testing.T, a, b string) {
		docs := []Doc{{ID: "a", Body: a}, {ID: "b", Body: b}, {ID: "c", Title: a, Body: a + "\n" + b}}
		pairs, err := Find(t.Context(), docs)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pairs {
			if p.Score < 0 || p.Score > 1 || p.A.Start > p.A.End || p.B.Start > p.B.End {
				t.Errorf("%+v", p)
			}
		}
	})
}
