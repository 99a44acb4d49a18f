package plot

import (
	"fmt"
	"math"
	"strings"
)

// rows is how high a curve's field is in a terminal.
const rows = 14

// marks tell curves apart without colour: of the line, and of the points.
var marks = [...]struct{ line, point string }{{"●", "○"}, {"◆", "◇"}, {"▲", "△"}, {"■", "□"}}

// Text draws the curves, at most width columns wide (not below 40), as lines
// that each end in a newline: filled marks for a curve, ░ for its band, hollow
// marks for its points, and below each curve's last value with its interval.
func (l *Lines) Text(width int) string {
	width = max(width, narrowest)
	var b strings.Builder
	heading(&b, l.Title, l.Unit, width)
	x, y, any := l.scales()
	if !any {
		b.WriteString("no data\n")
		return b.String()
	}
	ticks := map[int]string{}
	for _, v := range y.ticks() {
		ticks[row(v, y)] = tick(v, y.step)
	}
	left := 0
	for _, t := range ticks {
		left = max(left, columns(t))
	}
	field := l.field(width-left-2, x, y)
	for r, line := range field {
		axis := "│"
		if ticks[r] != "" {
			axis = "┤"
		}
		fmt.Fprintf(&b, "%s %s%s\n", padLeft(ticks[r], left), axis, strings.TrimRight(strings.Join(line, ""), " "))
	}
	fmt.Fprintf(&b, "%s └%s\n", pad("", left), strings.Repeat("─", width-left-2))
	low, high := tick(x.low, x.step), tick(x.high, x.step)
	name := clean(l.X, max(width-left-8-len(low)-len(high), 4))
	gap := max(width-left-2-columns(name)-len(low)-len(high), 2)
	fmt.Fprintf(&b, "%s  %s%s%s%s%s\n\n", pad("", left), low, pad("", gap/2), name, pad("", gap-gap/2), high)
	for i := range l.Curves {
		name := clean(l.Curves[i].Name, width/2)
		fmt.Fprintf(&b, "%s %s  %s\n", marks[i%len(marks)].line, name, l.Curves[i].last())
	}
	return b.String()
}

// row is the field's row of a value, from the top.
func row(v float64, y scale) int { return int(math.Round((1 - y.at(v)) * (rows - 1))) }

// field is the drawing without its axes: bands first, lines last.
func (l *Lines) field(width int, x, y scale) [][]string {
	field := make([][]string, rows)
	for r := range field {
		field[r] = make([]string, width)
		for i := range field[r] {
			field[r][i] = " "
		}
	}
	column := func(v float64) int { return int(math.Round(x.at(v) * float64(width-1))) }
	for _, c := range l.Curves {
		c.walk(width, x, func(i int, p Place) {
			if p.banded() {
				for r := row(p.High, y); r <= row(p.Low, y); r++ {
					field[r][i] = "░"
				}
			}
		})
	}
	for k, c := range l.Curves {
		for _, p := range c.Points {
			if finite(p.X) && finite(p.Y) {
				field[row(p.Y, y)][column(p.X)] = marks[k%len(marks)].point
			}
		}
	}
	for k, c := range l.Curves {
		c.walk(width, x, func(i int, p Place) { field[row(p.Y, y)][i] = marks[k%len(marks)].line })
	}
	return field
}

func (p Place) there() bool { return finite(p.X) && finite(p.Y) }

func (p Place) banded() bool {
	return p.there() && finite(p.Low) && finite(p.High) && p.Low <= p.Y && p.Y <= p.High
}

// walk calls at for every column the line crosses, with the line there.
func (c *Curve) walk(width int, x scale, at func(int, Place)) {
	span := x.high - x.low
	for i := range c.Line {
		p := c.Line[i]
		if !p.there() {
			continue
		}
		from := int(math.Round(x.at(p.X) * float64(width-1)))
		at(from, p)
		if i+1 == len(c.Line) || !c.Line[i+1].there() {
			continue
		}
		q := c.Line[i+1]
		to := int(math.Round(x.at(q.X) * float64(width-1)))
		for k := from + 1; k < to; k++ {
			t := (x.low + span*float64(k)/float64(width-1) - p.X) / (q.X - p.X)
			mix := func(a, b float64) float64 { return a + (b-a)*min(max(t, 0), 1) }
			at(k, Place{X: mix(p.X, q.X), Y: mix(p.Y, q.Y), Low: mix(p.Low, q.Low), High: mix(p.High, q.High)})
		}
	}
}

// last is the line's last value in words.
func (c *Curve) last() string {
	for i := len(c.Line) - 1; i >= 0; i-- {
		p := c.Line[i]
		if !p.there() {
			continue
		}
		s := number(p.Y)
		if p.banded() {
			s += fmt.Sprintf(" [%s, %s]", number(p.Low), number(p.High))
		}
		return s + " at " + number(p.X)
	}
	return number(math.NaN())
}

// scales are those of both axes, and whether there is anything to draw.
func (l *Lines) scales() (x, y scale, any bool) {
	left, right := math.Inf(1), math.Inf(-1)
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range l.Curves {
		for _, p := range c.Line {
			if p.there() {
				bounds(&left, &right, p.X)
				bounds(&low, &high, p.Y)
			}
			if p.banded() {
				bounds(&low, &high, p.Low, p.High)
			}
		}
		for _, p := range c.Points {
			if finite(p.X) && finite(p.Y) {
				bounds(&left, &right, p.X)
				bounds(&low, &high, p.Y)
			}
		}
	}
	return round(left, right), round(low, high), left <= right
}
