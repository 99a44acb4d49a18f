package plot

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Measures of the drawing in its own units; a page scales it.
const (
	svgWidth  = 760.0
	svgHeight = 400.0
	svgLeft   = 56.0
	svgRight  = 24.0
	svgTop    = 96.0
	svgBottom = 56.0
)

// style gives series tones that differ in grey as well, in light and in dark.
const style = `
.bg{fill:#ffffff}.ink{fill:#1c2430}.soft{fill:#5b6675}.grid{stroke:#e3e7ec}.axis{stroke:#9aa4b1}
.f0{fill:#1f5f99}.f1{fill:#b9c4d0}.f2{fill:#d98a2b}.f3{fill:#6a4c93}
.l0{stroke:#1f5f99}.l1{stroke:#66758a}.l2{stroke:#d98a2b}.l3{stroke:#6a4c93}
.p0{fill:#1f5f99}.p1{fill:#66758a}.p2{fill:#d98a2b}.p3{fill:#6a4c93}
.whisker{stroke:#1c2430;stroke-width:1.5}
.band{opacity:.18}.dot{opacity:.55}.line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
text{font-family:system-ui,sans-serif;font-size:12px;unicode-bidi:isolate}
.title{font-size:17px;font-weight:600}.value{font-size:11px}
@media (prefers-color-scheme:dark){
.bg{fill:#12161c}.ink{fill:#e8edf3}.soft{fill:#9aa7b6}.grid{stroke:#262d37}.axis{stroke:#566170}
.f0{fill:#6cb1ee}.f1{fill:#4b5867}.f2{fill:#e5a555}.f3{fill:#b79be0}
.l0{stroke:#6cb1ee}.l1{stroke:#93a1b2}.l2{stroke:#e5a555}.l3{stroke:#b79be0}
.p0{fill:#6cb1ee}.p1{fill:#93a1b2}.p2{fill:#e5a555}.p3{fill:#b79be0}
.whisker{stroke:#e8edf3}}
`

// A canvas is an SVG document being written.
type canvas struct {
	strings.Builder
	width float64
}

// escaped is a label as SVG text: cleaned, cut and without markup.
func escaped(s string, most int) string {
	var b strings.Builder
	// A strings.Builder fails no write.
	_ = xml.EscapeText(&b, []byte(clean(s, most)))
	return b.String()
}

func (c *canvas) open(title, unit, desc string) {
	_, _ = fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-labelledby="title desc">`, c.width, svgHeight)
	_, _ = fmt.Fprintf(c, "\n<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n<style>%s</style>\n", escaped(title, longest), desc, style)
	_, _ = fmt.Fprintf(c, "<rect class=\"bg\" width=\"%g\" height=\"%g\"/>\n", c.width, svgHeight)
	c.text(24, 34, "ink title", "start", escaped(title, longest))
	c.text(24, 54, "soft", "start", escaped(unit, longest))
}

func (c *canvas) text(x, y float64, class, anchor, escaped string) {
	if escaped != "" {
		_, _ = fmt.Fprintf(c, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y, class, anchor, escaped)
	}
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	_, _ = fmt.Fprintf(c, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1, x2, y2)
}

// legend names the series under the heading; a letter is about seven
// wide. The tone is f, as bars are filled, or p, as points and bands are.
func (c *canvas) legend(names []string, tone string) {
	x := 24.0
	for i, name := range names {
		name = clean(name, 24)
		_, _ = fmt.Fprintf(c, "<rect class=\"%s%d\" x=\"%.1f\" y=\"66\" width=\"12\" height=\"12\" rx=\"2\"/>\n", tone, i%len(fills), x)
		c.text(x+18, 76.5, "ink", "start", escaped(name, 24))
		x += 18 + 7*float64(columns(name)) + 22
	}
}

// height is where a value lies.
func height(v float64, s scale) float64 {
	return svgHeight - svgBottom - s.at(v)*(svgHeight-svgBottom-svgTop)
}

func (c *canvas) grid(s scale) {
	for _, v := range s.ticks() {
		c.line("grid", svgLeft, height(v, s), c.width-svgRight, height(v, s))
		c.text(svgLeft-8, height(v, s)+4, "soft", "end", tick(v, s.step))
	}
}

func (c *canvas) close() string {
	c.WriteString("</svg>\n")
	return c.String()
}

// SVG draws the chart as bars upright, as a document of its own that refers to
// nothing outside it and runs nothing. It follows the reader's choice of light
// or dark; its description holds every value.
func (c *Chart) SVG() string {
	bars := float64(len(c.Groups) * len(c.Series))
	// A bar is at least ten wide: many make the drawing wider.
	out := &canvas{width: max(svgWidth, svgLeft+svgRight+bars*14)}
	out.open(c.Title, c.Unit, c.describe())
	names := make([]string, len(c.Series))
	any := false
	for i := range c.Series {
		names[i] = c.Series[i].Name
		for g := range c.Groups {
			any = any || c.Series[i].bar(g).there
		}
	}
	if !any {
		out.text(out.width/2, svgHeight/2, "soft", "middle", "no data")
		return out.close()
	}
	out.legend(names, "f")
	s := c.scale()
	out.grid(s)
	slot := (out.width - svgLeft - svgRight) / float64(len(c.Groups))
	bar := min(slot*0.76/float64(len(c.Series)), 56)
	for g, group := range c.Groups {
		middle := svgLeft + slot*(float64(g)+0.5)
		for i := range c.Series {
			x := middle + bar*(float64(i)-float64(len(c.Series))/2)
			out.bar(c.Series[i].bar(g), s, i, x, bar)
		}
		out.text(middle, svgHeight-svgBottom+22, "ink", "middle", escaped(group, max(int(slot/7.5), 2)))
	}
	out.line("axis", svgLeft, height(0, s), out.width-svgRight, height(0, s))
	return out.close()
}

// bar draws one bar with its whisker and, where there is room, its value.
func (c *canvas) bar(b bar, s scale, series int, x, width float64) {
	if !b.there {
		return
	}
	top, bottom := height(max(b.value, 0), s), height(min(b.value, 0), s)
	_, _ = fmt.Fprintf(c, "<rect class=\"f%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>\n",
		series%len(fills), x+1, top, max(width-2, 1), bottom-top)
	middle, above := x+width/2, top
	if b.interval {
		low, high := height(b.low, s), height(b.high, s)
		c.line("whisker", middle, low, middle, high)
		for _, y := range []float64{low, high} {
			c.line("whisker", middle-4, y, middle+4, y)
		}
		above = min(above, high)
	}
	if width >= 30 {
		c.text(middle, above-6, "ink value", "middle", number(b.value))
	}
}

// describe says the chart's values in words.
func (c *Chart) describe() string {
	var parts []string
	for g, group := range c.Groups {
		for i := range c.Series {
			b := c.Series[i].bar(g)
			said := "no value"
			if b.there {
				said = number(b.value)
			}
			if b.interval {
				said += fmt.Sprintf(" (%s to %s)", number(b.low), number(b.high))
			}
			parts = append(parts, escaped(group, longest)+", "+escaped(c.Series[i].Name, longest)+": "+said)
		}
	}
	return strings.Join(parts, "; ")
}
