package compose

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// replies makes one reply a day of texts, to tickets T1, T2 and so on.
func replies(lang string, texts ...string) []Reply {
	var out []Reply
	for i, t := range texts {
		out = append(out, Reply{
			Ticket: fmt.Sprint("T", i+1), Question: "How do I pair the kettle with the app?", Text: t, Language: lang,
			At: time.Date(2026, 5, 1+i, 9, 0, 0, 0, time.UTC),
		})
	}
	return out
}

func written(t *testing.T, task *Task, prose retrieval.Generator) gap.Draft {
	t.Helper()
	d, err := Write(t.Context(), task, prose)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, &d)
	return d
}

// holds checks what is true of every draft: sentences stand where they say, and
// each has a ticket.
func holds(t *testing.T, d *gap.Draft) {
	t.Helper()
	body := []rune(d.Body)
	for _, s := range d.Sentences {
		if s.End > len(body) || string(body[s.Start:s.End]) != s.Text {
			t.Errorf("sentence %q does not stand at %d to %d of %q", s.Text, s.Start, s.End, d.Body)
		}
		if len(s.Tickets) == 0 {
			t.Errorf("sentence %q comes from no ticket", s.Text)
		}
	}
	for _, c := range d.Conflicts {
		if c.Sentence >= len(d.Sentences) || c.Variants[0].Text != d.Sentences[c.Sentence].Text || len(c.Variants) < 2 {
			t.Errorf("conflict %+v does not belong to its sentence", c)
		}
	}
}

func TestADraftKeepsStepsInOrderAndLeavesCourtesiesOut(t *testing.T) {
	task := &Task{Label: "pair kettle", Question: "Hello! How do I pair the kettle with the app?", Replies: replies("en",
		"Hello!\n1. Hold the power button of the kettle for five seconds.\n2. Open the app and choose Add device.\n3. Enter the code from the bottom of the kettle.\nHave a nice day!",
		"Hi Anna, thank you for writing.\n1. Hold the kettle's power button for five seconds.\n2. Open the app, then choose Add device.\n3. Enter the code that is on the bottom of the kettle.",
		"Open the app and choose Add device. Then enter the code from the bottom of the kettle.",
		"1. Hold the power button of the kettle for five seconds.\n2. Open the app and choose Add device.\n3. Enter the code from the bottom of the kettle.\nKind regards, Boris",
	)}
	d := written(t, task, nil)
	want := "1. Hold the power button of the kettle for five seconds.\n2. Open the app and choose Add device.\n3. Enter the code from the bottom of the kettle.\n"
	if d.Body != want || d.Title != "How do I pair the kettle with the app?" || d.Language != "en" || len(d.Conflicts) != 0 {
		t.Errorf("title %q, language %s, conflicts %v, body\n%swant\n%s", d.Title, d.Language, d.Conflicts, d.Body, want)
	}
	if got := d.Sentences[0].Tickets; !slices.Equal(got, []string{"T1", "T2", "T4"}) {
		t.Errorf("the first step comes from %v, want T1, T2 and T4", got)
	}
}

func TestADraftMarksWhatRepliesTellDifferently(t *testing.T) {
	for name, tt := range map[string]struct {
		lang  string
		texts []string
		taken string
		other string
	}{
		"the number that most tell is taken": {"en", []string{
			"The warranty on the kettle is 12 months from the day of purchase.", "The warranty on the kettle is 24 months from the day of purchase.",
			"The warranty on the kettle is 24 months from the day of purchase.",
		}, "24 months", "12 months"},
		"of equals the latest": {"en", []string{
			"The warranty on the kettle is 12 months from the day of purchase.", "The warranty on the kettle is 24 months from the day of purchase.",
		}, "24 months", "12 months"},
		"in Russian too": {"ru", []string{
			"Гарантия на чайник действует 12 месяцев со дня покупки.", "Гарантия на чайник действует 24 месяца со дня покупки.",
			"Гарантия на чайник действует 24 месяца со дня покупки.",
		}, "24 месяца", "12 месяцев"},
		"what is denied": {"en", []string{
			"You can use the kettle with milk and soup.", "You cannot use the kettle with milk and soup.", "You cannot use the kettle with milk and soup.",
		}, "cannot", "can use"},
	} {
		t.Run(name, func(t *testing.T) {
			d := written(t, &Task{Label: "warranty", Question: "?", Replies: replies(tt.lang, tt.texts...)}, nil)
			if len(d.Conflicts) != 1 || !strings.Contains(d.Body, tt.taken) {
				t.Fatalf("conflicts %+v in %q, want one and %q taken", d.Conflicts, d.Body, tt.taken)
			}
			v := d.Conflicts[0].Variants
			if d.Conflicts[0].What == "" || !strings.Contains(v[1].Text, tt.other) || v[1].Tickets[0] != "T1" || v[1].Latest.Day() != 1 {
				t.Errorf("the other variant is %+v", v[1])
			}
		})
	}
}

func TestADraftHoldsNothingOfOneCustomer(t *testing.T) {
	d := written(t, &Task{Label: "возврат", Question: "Меня зовут Мария Иванова, телефон +7 916 123-45-67, как вернуть чайник?", Replies: replies("ru",
		"Мария, чтобы вернуть чайник, распечатайте бланк возврата в личном кабинете. Мы оформили возврат по вашему заказу № 123456789.",
		"Чтобы вернуть чайник, распечатайте бланк возврата в личном кабинете. Позвоню вам на +7 916 123-45-67.",
		"Чтобы вернуть чайник, распечатайте бланк возврата в личном кабинете. Ваш заказ 123456789 отменён. Пишите на maria@example.org.",
	)}, nil)
	all := d.Title + d.Body + strings.Join(d.Unknown, " ")
	for _, personal := range []string{"Мария", "Иванова", "916", "123456789", "maria@", "⟦"} {
		if strings.Contains(all, personal) {
			t.Errorf("the draft holds %q: %s", personal, all)
		}
	}
	if !strings.Contains(d.Body, "распечатайте бланк возврата") {
		t.Errorf("the draft lacks what all replies say: %q", d.Body)
	}
	if len(d.Unknown) == 0 || !strings.Contains(strings.Join(d.Unknown, " "), "отдельных клиентов") {
		t.Errorf("it does not say that it left something out: %q", d.Unknown)
	}
}

func TestADraftSaysWhatItDoesNotKnow(t *testing.T) {
	none := written(t, &Task{Label: "descale", Question: "How often do I descale it?", Replies: replies("en", "", "")}, nil)
	if none.Body != "" || len(none.Sentences) != 0 || !strings.Contains(none.Unknown[0], "nothing to write from") {
		t.Errorf("of no reply there is %q, unknown %q", none.Body, none.Unknown)
	}
	rs := replies("en", "Descale the kettle every month.", "Descale the kettle every month.", "Descale the kettle every month.",
		"Descale the kettle every month. Our shop in the harbour sells citric acid.", "")
	rs = append(rs, Reply{Ticket: "R1", Question: "Как чистить чайник?", Text: "Чистите чайник от накипи каждый месяц.", Language: "ru", At: rs[0].At})
	d := written(t, &Task{Label: "descale", Question: "How often do I descale it?", Replies: rs}, nil)
	said := strings.Join(d.Unknown, "\n")
	for _, want := range []string{"citric acid", "other languages that were left out: 1", "no answer is known: 1"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in %q", want, said)
		}
	}
	if d.Body != "Descale the kettle every month.\n" {
		t.Errorf("body %q", d.Body)
	}
}

func TestAnArticleThatLacksSomethingIsChanged(t *testing.T) {
	article := &kb.Document{ID: "kettle", Revision: 4, Kind: kb.Article, Content: kb.Content{Title: "The kettle", Locale: "en", Body: "# Care\n\n" +
		"Descale the kettle every month. Use citric acid for it.\n\n# Warranty\n\nThe warranty on the kettle is 12 months from the day of purchase.\n"}}
	d := written(t, &Task{Label: "kettle", Question: "?", Article: article, Replies: replies("en",
		"Descale the kettle every month. The warranty on the kettle is 24 months from the day of purchase. The warranty does not cover damage by limescale.",
		"The warranty on the kettle is 24 months from the day of purchase. The warranty does not cover damage by limescale.",
	)}, nil)
	want := "# Care\n\nDescale the kettle every month. Use citric acid for it.\n\n# Warranty\n\nThe warranty on the kettle is 24 months from the day of purchase. " +
		"The warranty does not cover damage by limescale.\n"
	if d.Body != want || d.ArticleID != "kettle" || d.Revision != 4 || d.Title != "The kettle" {
		t.Errorf("%s at %d, %q:\n%s", d.ArticleID, d.Revision, d.Title, d.Body)
	}
	if !strings.Contains(d.Diff, "\n-The warranty on the kettle is 12 months") || !strings.Contains(d.Diff, "\n+The warranty on the kettle is 24 months") ||
		strings.Contains(d.Diff, "-Descale") {
		t.Errorf("diff\n%s", d.Diff)
	}
	again := written(t, &Task{Label: "kettle", Question: "?", Article: article, Replies: replies("en", "Descale the kettle every month.")}, nil)
	if again.Body != article.Body || again.Diff != "" || !strings.Contains(strings.Join(again.Unknown, " "), "not found, or not understood") {
		t.Errorf("of what it says already it makes the diff %q, unknown %q", again.Diff, again.Unknown)
	}
}

// A model writes what it was made with, as package chat would return it.
type model struct {
	answer retrieval.Answer
	asked  *retrieval.Request
}

func (m model) Generate(_ context.Context, r retrieval.Request, _ func(string)) (retrieval.Answer, error) {
	*m.asked = r
	return m.answer, nil
}

func TestAModelRewordsAndAddsNothing(t *testing.T) {
	task := &Task{Label: "descale", Question: "How often do I descale it?", Replies: replies("en",
		"Descale the kettle every month. Rinse the kettle twice afterwards.", "Descale the kettle every month. Rinse the kettle twice afterwards.")}
	const text = "The kettle is descaled every month [1]. Afterwards it is rinsed twice [2]."
	cites := []retrieval.Citation{{Marker: 1, Start: 0, End: 34}, {Marker: 2, Start: 40, End: 70}}
	var asked retrieval.Request
	d := written(t, task, model{retrieval.Answer{Text: text, Citations: cites, Method: "model:m"}, &asked})
	if d.Body != "The kettle is descaled every month. Afterwards it is rinsed twice." || d.Writer != "m" || len(d.Sentences) != 2 {
		t.Errorf("by %s: %q, %+v", d.Writer, d.Body, d.Sentences)
	}
	if len(asked.Evidence) != 2 || asked.Evidence[1].Text != "Rinse the kettle twice afterwards." {
		t.Errorf("it was given %+v", asked.Evidence)
	}
	for name, a := range map[string]retrieval.Answer{
		"what leaves something out":   {Text: text[:38], Citations: cites[:1], Method: "model:m"},
		"what rests on nothing":       {Text: text, Citations: cites, Method: "model:m", Unproven: []retrieval.Span{{Start: 0, End: 5}}},
		"a model that does not write": {Abstain: retrieval.NoEvidence, Method: "model:m"},
		"what names no such source":   {Text: text, Citations: []retrieval.Citation{{Marker: 1, End: 34}, {Marker: 7, Start: 40, End: 70}}, Method: "model:m"},
	} {
		d := written(t, task, model{a, &asked})
		if d.Writer != "extract" || d.Body != "Descale the kettle every month. Rinse the kettle twice afterwards.\n" {
			t.Errorf("%s is taken: by %s %q", name, d.Writer, d.Body)
		}
	}
}
