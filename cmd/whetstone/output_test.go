package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	for _, tt := range []struct {
		name string
		live bool
		took []time.Duration // since the start, at each batch of ten
		want []string        // parts of what is written; none: nothing is
		not  string
	}{
		{"work of less than a second says nothing", false, []time.Duration{0, 900 * time.Millisecond}, nil, ""},
		{"nor does it on a terminal", true, []time.Duration{0, 900 * time.Millisecond}, nil, ""},
		{"lines where there is no terminal", false, []time.Duration{0, 2 * time.Second, 3 * time.Second, 8 * time.Second},
			[]string{"importing: 20 done in 2s\n", "importing: 40 done in 8s\n"}, "30 done"},
		{"a bar on a terminal", true, []time.Duration{0, 2 * time.Second}, []string{"importing 20 / 20", "["}, "done in"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			start := time.Now()
			now := start
			p := &progress{out: &out, what: "importing", live: tt.live, now: func() time.Time { return now }, started: start}
			for _, d := range tt.took {
				now = start.Add(d)
				p.add(10)
			}
			p.end()
			p.end()
			if len(tt.want) == 0 && out.Len() > 0 {
				t.Errorf("it wrote %q", out.String())
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("it wrote %q, without %q", out.String(), want)
				}
			}
			if tt.not != "" && strings.Contains(out.String(), tt.not) {
				t.Errorf("it wrote %q, with %q", out.String(), tt.not)
			}
		})
	}
}

func TestABufferIsNoTerminal(t *testing.T) {
	if terminal(new(bytes.Buffer)) {
		t.Error("a buffer passes for a terminal")
	}
}
