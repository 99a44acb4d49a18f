package plot

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "write the golden files")

func quarters() *Chart {
	return &Chart{
		Title:  "Первый источник верен, по кварталам",
		Unit:   "hit@1, share of tickets",
		Groups: []string{"1-й квартал", "2-й квартал", "Q3", "Q4"},
		Series: []Series{
			{"с обучением", []float64{.842, .901, .921, .934}, []float64{.81, .88, .90, .915}, []float64{.87, .92, .94, .95}},
			{"без", []float64{.84, .846, .851, .849}, []float64{.81, .82, .82, .82}, []float64{.87, .87, .88, .875}},
		},
	}
}

func differences() *Chart {
	return &Chart{
		Title:  "Learning on less learning off",
		Unit:   "edit distance",
		Groups: []string{"Q1", "Q2", "Q3"},
		Series: []Series{{"difference", []float64{.004, -.021, math.NaN()}, []float64{-.01, -.03, 0}, []float64{.018, -.012, 0}}},
	}
}

func learning() *Lines {
	topic := func(name string, a, y0, k float64) Curve {
		c := Curve{Name: name}
		for n := 1.0; n <= 40; n++ {
			y := a - (a-y0)*math.Exp(-(n-1)/k)
			half := 0.04 + 0.1/math.Sqrt(n)
			c.Line = append(c.Line, Place{n, y, y - half, min(y+half, 1)})
			if int(n)%2 == 0 {
				c.Points = append(c.Points, Point{n, min(max(y+0.1*math.Sin(7*n), 0), 1)})
			}
		}
		return c
	}
	return &Lines{
		Title: "Delivery delay and refunds", X: "encounter", Unit: "quality of the answer",
		Curves: []Curve{topic("задержка доставки", .9, .2, 7), topic("refunds", .7, .3, 14)},
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is drawn:\n%s", name, got)
	}
}

func TestGolden(t *testing.T) {
	golden(t, "quarters.txt", quarters().Text(90))
	golden(t, "quarters.svg", quarters().SVG())
	golden(t, "differences.txt", differences().Text(72))
	golden(t, "differences.svg", differences().SVG())
	golden(t, "learning.txt", learning().Text(80))
	golden(t, "learning.svg", learning().SVG())
}

func TestLinesOfTextEndTogetherInAnyScript(t *testing.T) {
	for _, width := range []int{60, 80, 120} {
		rows := strings.Split(strings.TrimSpace(strings.SplitN(quarters().Text(width), "\n\n", 2)[1]), "\n")
		for _, row := range rows {
			if row != "" && len([]rune(row)) != width {
				t.Errorf("%d columns and not %d: %q", len([]rune(row)), width, row)
			}
		}
	}
}

// wellFormed reads the SVG and returns its elements and all its text.
func wellFormed(t *testing.T, svg string) (elements map[string]int, text string) {
	t.Helper()
	elements = map[string]int{}
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return elements, text
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements[token.Name.Local]++
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
					t.Errorf("attribute %s", a.Name.Local)
				}
			}
		case xml.CharData:
			text += string(token)
		}
	}
}

func TestHostileLabelsStayLabels(t *testing.T) {
	for name, label := range map[string]string{
		"markup":                 `</title><script>alert(1)</script><image href="x" onerror='y'>`,
		"an end of style":        `</style><svg onload=alert(1)>]]><!--`,
		"quotes":                 `" onload="alert(1)' &amp; &`,
		"control characters":     "a\x00b\x1b[31mred\x07\r\nc\u0085d\u2028e",
		"very long":              strings.Repeat("длинный ", 10000),
		"direction turned":       "abc\u202egnp.exe\u2066\u200f",
		"right to left":          "תאריך משלוח",
		"no UTF-8":               "\xff\xfe<\xc0",
		"a letter with an army":  "z" + strings.Repeat("\u0301", 5000),
		"nothing but whitespace": " \t\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := &Chart{label, label, []string{label, label}, []Series{{Name: label, Values: []float64{1, 2}}}}
			l := &Lines{label, label, label, []Curve{{Name: label, Line: []Place{{1, 1, 0, 2}, {2, 2, 1, 3}}}}}
			for _, svg := range []string{c.SVG(), l.SVG()} {
				elements, text := wellFormed(t, svg)
				if elements["script"]+elements["image"] > 0 || elements["svg"] != 1 || elements["title"] != 1 {
					t.Errorf("elements %v", elements)
				}
				harmless(t, strings.ReplaceAll(text, "\n", ""))
				if len(svg) > 8000 {
					t.Errorf("%d bytes", len(svg))
				}
			}
			for _, text := range []string{c.Text(80), l.Text(80)} {
				harmless(t, strings.ReplaceAll(text, "\n", ""))
				for line := range strings.Lines(text) {
					if columns(strings.TrimSpace(line)) > 80 {
						t.Errorf("%d columns: %q", columns(line), line)
					}
				}
			}
		})
	}
}

func harmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if unicode.Is(unicode.C, r) {
			t.Errorf("%U is left in", r)
		}
	}
}

func TestWhatIsNoNumberIsNotDrawn(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]*Chart{
		"nothing":            {},
		"groups alone":       {Groups: []string{"a"}},
		"series alone":       {Series: []Series{{Values: []float64{1}}}},
		"fewer values":       {Groups: []string{"a", "b"}, Series: []Series{{Values: []float64{1}}}},
		"NaN and Inf":        {Groups: []string{"a", "b", "c"}, Series: []Series{{Values: []float64{nan, inf, -inf}}}},
		"interval of no use": {Groups: []string{"a", "b"}, Series: []Series{{Values: []float64{1, 2}, Low: []float64{nan, 3}, High: []float64{inf, 1}}}},
		"all zero":           {Groups: []string{"a"}, Series: []Series{{Values: []float64{0}}}},
		"huge":               {Groups: []string{"a", "b"}, Series: []Series{{Values: []float64{math.MaxFloat64, -math.MaxFloat64}}}},
		"tiny":               {Groups: []string{"a"}, Series: []Series{{Values: []float64{math.SmallestNonzeroFloat64}}}},
	} {
		t.Run(name, func(t *testing.T) {
			drawn(t, c.SVG(), c.Text(80))
		})
	}
	for name, l := range map[string]*Lines{
		"nothing":         {},
		"no place":        {Curves: []Curve{{Name: "a", Line: []Place{{nan, 1, 0, 1}, {1, inf, 0, 1}}, Points: []Point{{1, nan}}}}},
		"one place":       {Curves: []Curve{{Line: []Place{{1, 1, nan, inf}}}}},
		"a gap":           {Curves: []Curve{{Line: []Place{{1, 1, 0, 2}, {2, nan, 0, 1}, {3, 1, 0, 2}}}}},
		"out of order":    {Curves: []Curve{{Line: []Place{{3, 1, 0, 2}, {1, 2, 0, 3}, {1, 2, 0, 3}}}}},
		"hardly a span":   {Curves: []Curve{{Points: []Point{{1e15, 1}, {1e15 + 1, 1}}}}},
		"points and huge": {Curves: []Curve{{Points: []Point{{-math.MaxFloat64, math.MaxFloat64}, {math.MaxFloat64, 0}}}}},
	} {
		t.Run("curve: "+name, func(t *testing.T) {
			drawn(t, l.SVG(), l.Text(80))
		})
	}
}

func drawn(t *testing.T, svg, text string) {
	t.Helper()
	wellFormed(t, svg)
	for _, s := range []string{svg, text} {
		if strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("no number: %s", s)
		}
	}
}
