package plot

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// narrowest is the fewest columns a chart is drawn in; with fewer it is wider
// than asked for.
const narrowest = 40

// fills tell series apart without colour.
var fills = [...]string{"█", "░", "▓", "▒"}

// Text draws the chart with bars across, at most width columns wide (not below
// 40), as lines that each end in a newline. The whisker is ├─┤ around the
// bar's end; each bar's value stands at its right, with its interval.
func (c *Chart) Text(width int) string {
	width = max(width, narrowest)
	var b strings.Builder
	heading(&b, c.Title, c.Unit, width)
	labels, values, most := c.columns(width)
	if most == 0 {
		b.WriteString("no data\n")
		return b.String()
	}
	s := c.scale()
	room := max(width-most-longestOf(labels)-2, 4)
	i := 0
	for g := range c.Groups {
		if g > 0 && len(c.Series) > 1 {
			b.WriteByte('\n')
		}
		for j := range c.Series {
			row := across(c.Series[j].bar(g), s, room, fills[j%len(fills)])
			fmt.Fprintf(&b, "%s %s %s\n", pad(labels[i], longestOf(labels)), row, padLeft(values[i], most))
			i++
		}
	}
	return b.String()
}

// columns are the labels and values of the rows, and the widest value; 0 if
// there is none to draw.
func (c *Chart) columns(width int) (labels, values []string, most int) {
	any := false
	for g, group := range c.Groups {
		for j := range c.Series {
			// A group's name stands on its first row, the series' on all.
			name := clean(c.Series[j].Name, width/6)
			head := ""
			if j == 0 {
				head = clean(group, width/6)
			}
			labels = append(labels, pad(head, c.groupWidth(width))+" "+name)
			bar := c.Series[j].bar(g)
			value := number(math.NaN())
			if bar.there {
				any = true
				value = number(bar.value)
			}
			if bar.interval {
				value += fmt.Sprintf(" [%s, %s]", number(bar.low), number(bar.high))
			}
			values = append(values, value)
		}
	}
	if !any {
		return nil, nil, 0
	}
	return labels, values, longestOf(values)
}

func (c *Chart) groupWidth(width int) int {
	most := 0
	for _, g := range c.Groups {
		most = max(most, columns(clean(g, width/6)))
	}
	return most
}

// across is a bar from zero to its value, with its whisker over it.
func across(v bar, s scale, room int, fill string) string {
	row := make([]string, room)
	for i := range row {
		row[i] = " "
	}
	at := func(x float64) int { return min(int(s.at(x)*float64(room)), room-1) }
	zero := at(0)
	if !v.there {
		return strings.Join(row, "")
	}
	from, to := zero, int(math.Round(s.at(v.value)*float64(room)))
	if v.value < 0 {
		from, to = min(to, zero), zero
	}
	for i := from; i < to; i++ {
		row[i] = fill
	}
	if s.low < 0 && row[zero] == " " {
		row[zero] = "│"
	}
	if v.interval && v.low < v.high {
		low, high := at(v.low), at(v.high)
		for i := low; i <= high; i++ {
			row[i] = "─"
		}
		row[low], row[high] = "├", "┤"
		if low == high {
			row[low] = "┼"
		}
	}
	return strings.Join(row, "")
}

func heading(b *strings.Builder, title, unit string, width int) {
	if title = clean(title, width); title != "" {
		b.WriteString(title + "\n")
	}
	if unit = clean(unit, width); unit != "" {
		b.WriteString(unit + "\n")
	}
	if title != "" || unit != "" {
		b.WriteByte('\n')
	}
}

// columns is how many columns of a terminal a clean label takes: none for a
// mark that sits on the letter before, two for the wide letters of East Asia.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
		case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
			r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60,
			r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
			n += 2
		default:
			n++
		}
	}
	return n
}

func pad(s string, to int) string { return s + strings.Repeat(" ", max(to-columns(s), 0)) }

func padLeft(s string, to int) string { return strings.Repeat(" ", max(to-columns(s), 0)) + s }

func longestOf(texts []string) int {
	most := 0
	for _, t := range texts {
		most = max(most, columns(t))
	}
	return most
}
