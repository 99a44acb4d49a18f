package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// What the pages of learning, gaps and upkeep show of the demo's past.
type pastShown struct {
	Groups []struct{ Key string }
	Gaps   []struct {
		Label, Cause string
		Topic        struct {
			Question  string
			Customers int
		}
	}
	Chores  []struct{ Kind string }
	Rankers []struct{ Status string }
	Whole   struct{ Encounters, Suggestions int }
}

func (p *process) shown(path string) pastShown {
	p.t.Helper()
	status, body := p.call(http.MethodGet, path, "")
	if status != http.StatusOK {
		p.t.Fatalf("%s: status %d %s", path, status, body)
	}
	return read[pastShown](p.t, body)
}

func TestTheDemoHasAPastOnceIfOneIsWanted(t *testing.T) {
	if testing.Short() {
		t.Skip("eight weeks take minutes under the race detector, and make test also runs without it")
	}
	t.Parallel()
	env := newEnvironment(t)
	first := begin(t, env, "demo", "--print-env", "--history")
	until(t, "a part of the past is there", func() bool { return strings.Contains(first.err.String(), "questions of the past: ") })
	first.kill()

	p := begin(t, env, "demo", "--print-env", "--history")
	// It is some seconds of work, which on a busy machine is more.
	for end := time.Now().Add(5 * patienceOfTests); !demoURL.MatchString(p.out.String()) && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	p.comesUp(&p.out, demoURL)
	p.key = demoKey.FindStringSubmatch(p.out.String())[1]
	made := p.shown("/v1/reports/acceptance?by=week")
	weeks := made.Groups
	if len(weeks) < 8 {
		t.Errorf("the past has %d weeks: %v", len(weeks), weeks)
	}
	// Of what was broken off, at most one question was asked and not remembered.
	if n, all := made.Whole.Suggestions, 8*5*pastPerDay; n < all || n > all+1 {
		t.Errorf("the past has %d suggestions of %d", n, all)
	}
	learned := p.shown("/v1/reports/learning").Whole.Encounters
	if learned < 200 {
		t.Errorf("learning is measured on %d questions", learned)
	}
	var about []string
	for _, g := range p.shown("/v1/gaps?cause=uncovered").Gaps {
		about = append(about, uncoveredTopic(g.Topic.Question))
		if g.Topic.Customers < 4 {
			t.Errorf("%s: %d customers", g.Label, g.Topic.Customers)
		}
	}
	if slices.Sort(about); !slices.Equal(about, []string{"company", "rental", "wrapping"}) {
		t.Errorf("the gaps are about %q", about)
	}
	kinds := map[string]bool{}
	for _, c := range p.shown("/v1/upkeep").Chores {
		kinds[c.Kind] = true
	}
	if !kinds["duplicate"] || !kinds["contradiction"] {
		t.Errorf("upkeep has %v", kinds)
	}
	if len(p.shown("/v1/rankers").Rankers) == 0 {
		t.Error("nothing was learned of how sources rank")
	}
	p.stop()

	again := startDemo(t, env, "--history")
	if n := again.shown("/v1/reports/acceptance?by=week").Groups; len(n) != len(weeks) || strings.Contains(again.err.String(), "inventing") {
		t.Errorf("started again, the demo has %d weeks: %s", len(n), again.err.String())
	}
	again.stop()
}

// uncoveredTopic is the topic that the history says a question is of.
func uncoveredTopic(question string) string {
	lines, err := readPast()
	if err != nil {
		return err.Error()
	}
	for _, l := range lines {
		if l.Topic != "" && slices.ContainsFunc(l.Texts, func(text string) bool { return strings.HasSuffix(question, text) }) {
			return l.Topic
		}
	}
	return question
}

func TestTheDemoHasNoPastUnlessOneIsWanted(t *testing.T) {
	t.Parallel()
	env := newEnvironment(t)
	p := startDemo(t, env)
	if s := p.shown("/v1/reports/acceptance?by=week"); len(s.Groups) != 0 || len(p.shown("/v1/gaps").Gaps) != 0 {
		t.Errorf("a past nobody asked for: %+v", s)
	}
	p.ask("How do I return an item and get my money back?")
	p.stop()

	asked := startDemo(t, env, "--history")
	if n := asked.shown("/v1/reports/acceptance?by=week").Groups; len(n) != 0 || !strings.Contains(asked.err.String(), "asked already") {
		t.Errorf("a past was laid over what people asked: %v, %s", n, asked.err.String())
	}
	asked.stop()
}

func TestTheDemosPastStaysOutOfOtherWorkspaces(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(environment, string){
		"beside the demo": func(env environment, dir string) { succeed(t, env.with("WHETSTONE_WORKSPACE=other"), "import", dir) },
		"in its place":    func(env environment, dir string) { succeed(t, env, "import", dir) },
	} {
		env, dir := newEnvironment(t), t.TempDir()
		write(t, dir, map[string]string{"kettle.md": "# Kettle\n\nDescale it with vinegar."})
		prepare(env, dir)
		p := startDemo(t, env, "--history")
		if n := p.shown("/v1/reports/acceptance?by=week").Groups; len(n) != 0 || !strings.Contains(p.err.String(), "left out") {
			t.Errorf("%s: %v, %s", name, n, p.err.String())
		}
		p.stop()
	}
}

// What no article covers is asked in all its wordings.
func TestTheDemosPastEndsNowAndSkipsWeekends(t *testing.T) {
	t.Parallel()
	lines, err := readPast()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 4, 17, 0, 0, 0, time.UTC)
	tickets := pastTickets(lines, now)
	texts := map[string]map[string]bool{}
	for i, x := range tickets {
		if x.at.After(now) || i > 0 && !x.at.After(tickets[i-1].at) {
			t.Errorf("ticket %d is out of its time: %v", i, x.at)
		}
		if w := x.at.Weekday(); w == time.Saturday || w == time.Sunday {
			t.Errorf("ticket %d is of a %v", i, w)
		}
		if x.line.Topic != "" {
			if texts[x.line.Topic] == nil {
				texts[x.line.Topic] = map[string]bool{}
			}
			texts[x.line.Topic][x.text] = true
		}
	}
	if last := tickets[len(tickets)-1].at; now.Sub(last) > 2*time.Hour || len(tickets) != 8*5*pastPerDay {
		t.Errorf("%d tickets, the last at %v", len(tickets), last)
	}
	for _, l := range lines {
		if l.Topic != "" && len(texts[l.Topic]) != len(l.Texts) {
			t.Errorf("%s is asked in %d wordings of %d", l.Topic, len(texts[l.Topic]), len(l.Texts))
		}
	}
}
