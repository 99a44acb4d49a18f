package feedback

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	tests := []struct {
		name         string
		draft, final string
		want         float64
	}{
		{"two empty texts are equal", "", "", 0},
		{"punctuation alone is no word", "…", "!", 0},
		{"nothing was kept of a draft that was emptied", "Return it within 14 days.", "", 1},
		{"everything is new where there was no draft", "", "Return it.", 1},
		{"markers, capitals and punctuation do not count", "Return it [1] within 14 days. [2]", "return it, within 14 days!", 0},
		{"маркеры, регистр и ё не считаются", "Вернём деньги за три дня [1].", "вернем деньги, за три дня", 0},
		{"Markdown does not count", "## Returns\n\n1. **Open** the `app`\n2. Press _Return_\n\n```text\ncode\n```", "Returns\n- Open the app\n- Press Return\ncode", 0},
		{"tags and entities do not count", "<p>Open&nbsp;the <b>app</b></p>", "Open the app", 0},
		{"a link is one word, however it is written", "see [the page](https://example.com/a?b=c)", "see the page (https://example.com/a?b=c).", 0},
		{"another link is another word", "see https://example.com/a", "see https://example.com/b", 0.5},
		{"one of four words replaced is a quarter", "one two three four", "one two drei four", 0.25},
		{"одно слово из пяти вставлено", "деньги вернутся через неделю", "деньги вернутся вам через неделю", 0.2},
		{"order counts", "a b", "b a", 1},
		{"the longer text is the measure", "one", "one two three four", 0.75},
		{"a percentage is no price", "5 %", "5 $", 0.5},
		{"names that were taken out are equal", "Hello ⟦name:a1⟧, done", "Hello ⟦name:b7⟧, done", 0},
		{"quoted history does not count", "Done.", "Done.\n\nOn Mon, 5 Jan 2026 at 10:00, Ann <ann@example.com> wrote:\n> please do\n> it", 0},
		{"цитата переписки не считается", "Готово.", "Готово.\n\n5 января 2026 г., 10:00, Анна пишет:\n> сделайте\n> пожалуйста", 0},
		{"a quotation of the draft's own is kept", "> Note: open the app", "Note: open the app", 0},
		{"apostrophes are alike", "don't", "don’t", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Distance(tt.draft, tt.final); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("got %.3f, want %.3f", got, tt.want)
			}
		})
	}
}

// slowly is the textbook's distance, to compare with.
func slowly(a, b []uint64) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		last := row[0]
		row[0] = i + 1
		for j := range b {
			replace := last
			if a[i] != b[j] {
				replace++
			}
			last = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, replace)
		}
	}
	return row[len(b)]
}

// scribble changes a share of words: replaces, leaves out, puts in.
func scribble(r *rand.Rand, words []uint64, share float64) []uint64 {
	var out []uint64
	for _, w := range words {
		if r.Float64() >= share {
			out = append(out, w)
			continue
		}
		switch r.IntN(3) {
		case 0:
			out = append(out, r.Uint64N(50))
		case 1:
			out = append(out, w, r.Uint64N(50))
		}
	}
	return out
}

func TestDistanceIsExactForRepliesOfAnyUsualLength(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 400 {
		a := make([]uint64, r.IntN(300))
		for i := range a {
			a[i] = r.Uint64N(uint64(2 + n%60))
		}
		b := scribble(r, a, r.Float64())
		if got, want := edits(a, b), slowly(a, b); got != want {
			t.Fatalf("%v and %v: got %d, want %d", a, b, got, want)
		}
	}
}

func TestDistanceOfLongTextsStaysNear(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, share := range []float64{0.02, 0.2, 0.5, 0.9} {
		a := make([]uint64, 5000)
		for i := range a {
			a[i] = uint64(math.Exp(r.Float64() * math.Log(3000))) // few words are most of a text
		}
		b := scribble(r, a, share)
		got, want := edits(a, b), slowly(a, b)
		t.Logf("%.2f changed: %d, exactly %d", share, got, want)
		if got < want || float64(got) > 1.03*float64(want)+2 {
			t.Errorf("%.2f changed: got %d, want %d to 3 %% more", share, got, want)
		}
	}
}

func TestDistanceOfOneMegabyteIsFound(t *testing.T) {
	// How long it takes is for BenchmarkDistanceOfOneMegabyte to say.
	if d := Distance(megabyte(5), megabyte(6)); d <= 0 || d > 1 {
		t.Fatalf("the distance is %v", d)
	}
}

// megabyte is a text of a thousand different words.
func megabyte(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for b.Len() < 1<<20 {
		for n := r.IntN(1000) + 5; n > 0; n /= 5 {
			b.WriteByte(byte('a' + n%26))
		}
		b.WriteString([]string{" ", " ", " ", ". ", "\n"}[r.IntN(5)])
	}
	return b.String()
}

func BenchmarkDistanceOfOneMegabyte(b *testing.B) {
	draft, final := megabyte(5), megabyte(6)
	for b.Loop() {
		Distance(draft, final)
	}
}

func FuzzDistance(f *testing.F) {
	f.Add("Return it [1] within 14 days.", "Верните за ⟦name:x⟧ 30 дней\n> цитата")
	f.Add("<b", "```\n[1](x)\n&amp;")
	f.Add("https://", "www.")
	f.Fuzz(func(t *testing.T, a, b string) {
		if d := Distance(a, b); !(d >= 0 && d <= 1) {
			t.Errorf("the distance is %v", d)
		}
		if !strings.Contains(a, "\n") && Distance(a, a) > 0 && !strings.HasPrefix(a, ">") && !strings.HasSuffix(strings.TrimSpace(a), ":") && !strings.Contains(a, "--") && !strings.Contains(a, "____") {
			t.Errorf("a text differs from itself: %q", a)
		}
	})
}
