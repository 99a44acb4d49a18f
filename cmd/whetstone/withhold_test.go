package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

func TestADrawLeavesOutWholeTopicsAndSaysWhatIsStillCovered(t *testing.T) {
	h, topics := new(history), make(map[string]string)
	for i := range 20 {
		id := fmt.Sprint("a", i)
		h.articles = append(h.articles, kb.Document{ID: id})
		topics[id] = fmt.Sprint("topic ", i/2)
		h.tickets = append(h.tickets, replayTicket{ID: fmt.Sprint("t", i), SourceID: id, Also: []string{fmt.Sprint("a", (i+2)%20)}})
	}
	w := withholding{share: 0.2, draws: 1}
	d := w.draw(h, topics, 1)
	if d.withheld != 2 || len(d.kept.articles) != 16 || len(d.kept.tickets) != 20 || len(d.order) != 20 {
		t.Fatalf("%d topics are withheld, %d articles left", d.withheld, len(d.kept.articles))
	}
	for i := 0; i < 20; i += 2 {
		if d.left[fmt.Sprint("a", i)] != d.left[fmt.Sprint("a", i+1)] {
			t.Errorf("half of topic %d is left", i/2)
		}
	}
	for i := range h.tickets {
		ticket := &h.tickets[i]
		seen := d.seen(ticket)
		if covered := d.left[ticket.SourceID] || d.left[ticket.Also[0]]; covered != d.covers(ticket) || covered != (seen.SourceID != "") {
			t.Errorf("ticket %d is covered: %v, and its operator cites %q", i, d.covers(ticket), seen.SourceID)
		}
		if seen.SourceID != "" && !d.left[seen.SourceID] {
			t.Errorf("ticket %d is answered from %s, which is withheld", i, seen.SourceID)
		}
	}
	if again := w.draw(h, topics, 1); fmt.Sprint(again.left, again.order) != fmt.Sprint(d.left, d.order) {
		t.Error("the same seed draws something else")
	}
	if other := w.draw(h, topics, 2); fmt.Sprint(other.left) == fmt.Sprint(d.left) {
		t.Error("another seed draws the same")
	}
}

func TestTells(t *testing.T) {
	js := []judgedTicket{
		{confidence: 0.9, article: true, right: true}, {confidence: 0.8, article: true}, {confidence: 0.3, memory: true}, {confidence: 0.1},
	}
	if f := tells(js, coveredLabel); f.AUROC != 1 || f.FPR != 0 || f.Covered != 2 || f.Questions != 4 || f.Hit != 0.5 {
		t.Errorf("articles alone: %+v", f)
	}
	if f := tells(js, answerableLabel); f.AUROC != 1 || f.Covered != 3 {
		t.Errorf("with cases: %+v", f)
	}
	js[3].confidence = 0.85
	if f := tells(js, coveredLabel); f.AUROC != 0.75 || f.FPR != 0.5 {
		t.Errorf("with one that passes: %+v", f)
	}
}

func TestACaseThatRestsOnNoArticleSpeaksForNone(t *testing.T) {
	js := []judgedTicket{{confidence: 0.7, article: true}, {confidence: 0.9, memory: true, alone: true}}
	if f := tells(js, coveredLabel); f.AUROC != 0 {
		t.Errorf("as sure as it is, the AUROC is %.2f", f.AUROC)
	}
	if f := tells(resting([][]judgedTicket{js})[0], coveredLabel); f.AUROC != 1 || js[1].confidence != 0.9 {
		t.Errorf("where the case speaks for no article the AUROC is %.2f, and the case's confidence %.1f", f.AUROC, js[1].confidence)
	}
}

// TestEvalWithhold measures a small history from beginning to end.
func TestEvalWithhold(t *testing.T) {
	t.Parallel()
	env, dir := newEnvironment(t), t.TempDir()
	things := []string{"kettle", "lamp", "tent", "stove", "rope", "boots", "jacket", "bottle", "compass", "backpack"}
	var articles, tickets strings.Builder
	for i, x := range things {
		fmt.Fprintf(&articles, `{"id":"a%d","title":"Cleaning the %s","body":"Wash the %s in warm water and let it dry.","labels":{"kind":"k%d"}}`+"\n", i, x, x, i/2)
		for _, ask := range []string{"How do I clean the %s?", "My %s is dirty, what now?", "cleaning a %s"} {
			fmt.Fprintf(&tickets, `{"text":%q,"source_id":"a%d","reply":"Wash the %s in warm water and let it dry."}`+"\n", fmt.Sprintf(ask, x), i, x)
		}
	}
	write(t, dir, map[string]string{"articles.jsonl": articles.String(), "tickets.jsonl": tickets.String()})

	rep := read[withheldReport](t, []byte(succeed(t, env, "eval", dir, "--withhold", "0.2", "--draws", "2", "--topics", "kind", "--json")))
	if len(rep.Withheld) != 2 || rep.Withheld[0] != 1 || rep.Plain.Mean.Questions != 30 || rep.Plain.Mean.Covered != 24 || rep.Answerable != nil {
		t.Errorf("eval says %+v", rep)
	}
	if rep.Plain.Mean.AUROC < 0.9 {
		t.Errorf("the AUROC is %.3f, where what is withheld shares a word with the rest at most", rep.Plain.Mean.AUROC)
	}
	rep = read[withheldReport](t, []byte(succeed(t, env, "eval", dir, "--withhold", "0.2", "--draws", "1", "--feedback", "10", "--json")))
	if rep.Answerable == nil || rep.Answerable.Taught.Mean.Questions != 20 || rep.Articles.Plain.Mean != rep.Plain.Mean {
		t.Errorf("after feedback eval says %+v", rep)
	}
	if out := succeed(t, env, "eval", dir, "--withhold", "0.2", "--draws", "1", "--feedback", "10"); !strings.Contains(out, "after 10 tickets") {
		t.Errorf("eval prints %s", out)
	}
	fail(t, env, []string{"eval", dir, "--withhold", "2"}, "between 0 and 1")
	fail(t, env, []string{"eval", dir, "--withhold", "0.2", "--topics", "colour"}, `no label "colour"`)
	fail(t, env, []string{"eval", dir, "--withhold", "0.2", "--feedback", "99"}, "30 tickets")
}
