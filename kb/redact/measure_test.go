package redact

import (
	"bufio"
	"cmp"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// What is to be reached in each language: the share of planted values found, for
// each kind, and of other words taken.
const (
	leastFound = .97
	mostTaken  = .01
	casesEach  = 500
)

// TestPersonalData plants made-up personal data in made-up cases. The frames
// were written along with the code; see TestPersonalDataHeldOut.
func TestPersonalData(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		t.Run(language, func(t *testing.T) { measure(t, language, "frames_"+language+".txt") })
	}
}

// TestPersonalDataHeldOut does so with frames that were written after the code.
func TestPersonalDataHeldOut(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		t.Run(language, func(t *testing.T) { measure(t, language, "heldout_"+language+".txt") })
	}
}

// A planted value is where one was put into a case.
type planted struct {
	kind       Kind
	start, end int // bytes
}

// measure fails t unless the bars are reached on cases made of the frames.
func measure(t *testing.T, language, frames string) {
	w := writer{rand.New(rand.NewPCG(2, uint64(len(language)))), language == "ru"}
	all, filler := readLines(t, frames), readLines(t, "filler_"+language+".txt")
	total, found := map[Kind]int{}, map[Kind]int{}
	words, taken, shown := 0, 0, map[string]int{}
	show := func(key, text string) {
		// One line for each frame or word is enough to see what is wrong.
		if shown[key]++; shown[key] == 1 {
			t.Log(text)
		}
	}
	for n := range casesEach {
		text, values := w.letter(all, filler, n)
		covered := make([]bool, len(text))
		runes := []rune(text)
		for _, s := range Find(text) {
			start := len(string(runes[:s.Start]))
			for i := range s.Text {
				covered[start+i] = true
			}
		}
		isPlanted := make([]bool, len(text))
		for _, v := range values {
			total[v.kind]++
			whole := true
			for i, r := range text[v.start:v.end] {
				isPlanted[v.start+i] = true
				if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !covered[v.start+i] && !strings.ContainsRune("номер", r) {
					whole = false
				}
			}
			if whole {
				found[v.kind]++
			} else {
				line := text[strings.LastIndexByte(text[:v.start], '\n')+1:]
				show(string(v.kind)+text[max(0, v.start-20):v.start], "missed "+string(v.kind)+" "+text[v.start:v.end]+" in: "+line[:min(len(line), v.end+60-len(text)+len(line))])
			}
		}
		for _, s := range wordsOf(text) {
			if !isPlanted[s.Start] {
				words++
				if covered[s.Start] {
					taken++
					show("taken "+s.Text, "taken "+s.Text+" of: "+text[max(0, s.Start-60):min(len(text), s.End+60)])
				}
			}
		}
	}
	for _, kind := range slices.SortedFunc(maps.Keys(total), cmp.Compare[Kind]) {
		share := float64(found[kind]) / float64(total[kind])
		t.Logf("%s: %-9s %4d of %4d found, %.3f", language, kind, found[kind], total[kind], share)
		if share < leastFound {
			t.Errorf("%s: %s: %.3f found, want at least %.2f", language, kind, share, leastFound)
		}
	}
	t.Logf("%s: %d of %d other words taken, %.4f", language, taken, words, float64(taken)/float64(words))
	if float64(taken) > mostTaken*float64(words) {
		t.Errorf("%s: %d of %d other words taken, want at most %.2f", language, taken, words, mostTaken)
	}
}

// letter writes case n: an opening or a closing or both, and sentences between.
func (w writer) letter(frames, filler []string, n int) (string, []planted) {
	var opening, closing, middle []string
	for _, f := range frames {
		switch f[0] {
		case '^':
			opening = append(opening, f[2:])
		case '$':
			closing = append(closing, f[2:])
		default:
			middle = append(middle, f)
		}
	}
	var parts []string
	if w.IntN(3) > 0 {
		parts = append(parts, opening[w.IntN(len(opening))])
	}
	// Every frame has its turn; what surrounds it is drawn.
	parts = append(parts, filler[w.IntN(len(filler))], middle[n%len(middle)])
	for range w.IntN(3) {
		parts = append(parts, filler[w.IntN(len(filler))])
	}
	for range w.IntN(4) {
		parts = append(parts, middle[w.IntN(len(middle))], filler[w.IntN(len(filler))])
	}
	last := ""
	if w.IntN(3) > 0 {
		last = closing[w.IntN(len(closing))]
	}
	var b strings.Builder
	var values []planted
	for i, p := range parts {
		if i > 0 {
			b.WriteString([]string{" ", "\n"}[w.IntN(2)])
		}
		values = w.fill(&b, p, values)
		if r := []rune(p); i > 0 && !unicode.IsPunct(r[len(r)-1]) || strings.HasSuffix(p, "}") {
			b.WriteString([]string{".", "\n"}[w.IntN(2)])
		}
	}
	if last != "" {
		b.WriteString("\n")
		values = w.fill(&b, last, values)
	}
	return b.String(), values
}

// fill writes a frame with made-up values and notes where they went.
func (w writer) fill(b *strings.Builder, frame string, values []planted) []planted {
	frame = strings.ReplaceAll(frame, `\n`, "\n")
	for {
		before, rest, ok := strings.Cut(frame, "{")
		b.WriteString(before)
		if !ok {
			return values
		}
		slot, after, _ := strings.Cut(rest, "}")
		kind, form, _ := strings.Cut(slot, " ")
		start := b.Len()
		b.WriteString(w.value(Kind(kind), form))
		values = append(values, planted{Kind(kind), start, b.Len()})
		frame = after
	}
}

// wordsOf cuts text at all but letters and digits; offsets are bytes.
func wordsOf(text string) []Span {
	var list []Span
	start := -1
	for i, r := range text + " " {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r)
		if inside && start < 0 {
			start = i
		} else if !inside && start >= 0 {
			list = append(list, Span{Start: start, End: i, Text: text[start:i]})
			start = -1
		}
	}
	return list
}

// readLines returns the lines of a file in testdata that are no comments.
func readLines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var lines []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}
