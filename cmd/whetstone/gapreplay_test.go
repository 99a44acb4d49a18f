package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
)

// gapHistory is a helpdesk whose articles are each about something of their own.
func gapHistory() *history {
	subjects := [][4]string{
		{"descale", "kettle", "spout", "vinegar"}, {"rewire", "lamp", "socket", "pliers"}, {"shampoo", "carpet", "fringe", "ammonia"},
		{"fluff", "pillow", "feathers", "sunlight"}, {"resilver", "mirror", "frame", "nitrate"}, {"hem", "curtain", "seam", "thread"},
		{"extend", "ladder", "rungs", "latches"}, {"inflate", "bicycle", "tyres", "pump"}, {"restring", "violin", "bow", "rosin"},
		{"calibrate", "camera", "lens", "chart"}, {"defrost", "freezer", "drawers", "towels"}, {"sharpen", "scissors", "blades", "whetstone"},
	}
	ways := []string{"How do I %s my %s?", "Please explain how to %s the %s and its %s.", "The %[3]s of my %[2]s: how do I %[1]s it?", "I want to %s a %s but the %s is in the way."}
	h := new(history)
	for _, x := range subjects {
		body := fmt.Sprintf("To %s the %s take %s. Begin at the %s and work slowly.", x[0], x[1], x[3], x[2])
		h.articles = append(h.articles, kb.Document{ID: x[1], Kind: kb.Article, Content: kb.Content{
			Title: fmt.Sprintf("How to %s a %s", x[0], x[1]), Body: body, Locale: "en", Status: kb.Published, Audience: kb.Public,
		}})
	}
	for w, way := range ways {
		for i, x := range subjects {
			text := fmt.Sprintf(way, x[0], x[1], x[2])
			if w == 0 {
				text = fmt.Sprintf(way, x[0], x[1])
			}
			h.tickets = append(h.tickets, replayTicket{
				ID: fmt.Sprintf("t%d-%d", w, i), Text: text, SourceID: x[1],
				Reply: fmt.Sprintf("You %s the %s with %s: begin at the %s and work slowly.", x[0], x[1], x[3], x[2]),
			})
		}
	}
	return h
}

func TestGapsOfWithheldArticlesAreFoundAndClosedByThem(t *testing.T) {
	c := &cli{data: t.TempDir(), out: new(bytes.Buffer), err: new(bytes.Buffer)}
	rep, err := c.gapReplay(t.Context(), gapHistory(), &gapReplaying{topics: 3, seed: 1, draws: 1})
	if err != nil {
		t.Fatal(err)
	}
	d, m := rep.Draws[0], rep.Mean
	if d.Topics != 3 || m.Precision < 0.99 || m.Recall < 0.99 || m.Delay > 3 || d.Twice != 0 || d.Causes[gap.Uncovered] != 3 {
		t.Errorf("found are %+v", d)
	}
	if m.Right < 0.99 || d.WrongProven != 0 || d.WrongProofs != 6 {
		t.Errorf("proven are %+v", d)
	}
	if err := c.printGaps(rep); err != nil || !strings.Contains(c.out.(*bytes.Buffer).String(), "gaps that a wrong article closes") {
		t.Errorf("printed is %s, %v", c.out, err)
	}
}

func TestTooFewArticlesToWithholdAreNamed(t *testing.T) {
	c := &cli{data: t.TempDir(), out: new(bytes.Buffer), err: new(bytes.Buffer)}
	for _, w := range []gapReplaying{{topics: 12, draws: 1}, {topics: 0, draws: 1}, {topics: 3, draws: 0}} {
		if err := c.replayGaps(t.Context(), gapHistory(), &w); err == nil || !strings.Contains(err.Error(), "--withhold") {
			t.Errorf("%+v: %v", w, err)
		}
	}
}

// The bars of a public set; how far they are passed is measured by hand, with
// several draws.
func TestGapsOfAPublicSet(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	dir := filepath.Join("..", "..", "..", "shared", "data", "rutube-dev")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: no public data beside the project")
	}
	h, err := readHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := &cli{data: t.TempDir(), out: new(bytes.Buffer), err: new(bytes.Buffer)}
	rep, err := c.gapReplay(t.Context(), h, &gapReplaying{topics: 10, seed: 3, draws: 1})
	if err != nil {
		t.Fatal(err)
	}
	if m := rep.Mean; m.Precision < 0.8 || m.Recall < 0.8 || m.Delay > 3 || m.Wrong > 0.02 || m.Right < 0.7 {
		t.Errorf("measured is %+v", m)
	}
}
