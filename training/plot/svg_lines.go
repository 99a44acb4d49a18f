package plot

import (
	"fmt"
	"strings"
)

// SVG draws the curves like [Chart.SVG] draws bars.
func (l *Lines) SVG() string {
	out := &canvas{width: svgWidth}
	var names, said []string
	for i := range l.Curves {
		names = append(names, l.Curves[i].Name)
		said = append(said, escaped(l.Curves[i].Name, longest)+": "+l.Curves[i].last())
	}
	out.open(l.Title, l.Unit, strings.Join(said, "; "))
	x, y, any := l.scales()
	if !any {
		out.text(out.width/2, svgHeight/2, "soft", "middle", "no data")
		return out.close()
	}
	out.legend(names, "p")
	out.grid(y)
	across := func(v float64) float64 { return svgLeft + x.at(v)*(out.width-svgLeft-svgRight) }
	base := svgHeight - svgBottom
	out.line("axis", svgLeft, base, out.width-svgRight, base)
	for _, v := range x.ticks() {
		out.text(across(v), base+20, "soft", "middle", tick(v, x.step))
	}
	out.text(svgLeft+(out.width-svgLeft-svgRight)/2, base+42, "soft", "middle", escaped(l.X, longest))
	for i, c := range l.Curves {
		for _, run := range c.runs(Place.banded) {
			out.band(run, i%len(fills), across, y)
		}
	}
	for i, c := range l.Curves {
		for _, p := range c.Points {
			if finite(p.X) && finite(p.Y) {
				_, _ = fmt.Fprintf(out, "<circle class=\"p%d dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", i%len(fills), across(p.X), height(p.Y, y))
			}
		}
	}
	for i, c := range l.Curves {
		for _, run := range c.runs(Place.there) {
			var at []string
			for _, p := range run {
				at = append(at, fmt.Sprintf("%.1f,%.1f", across(p.X), height(p.Y, y)))
			}
			_, _ = fmt.Fprintf(out, "<polyline class=\"line l%d\"%s points=\"%s\"/>\n", i%len(fills), dashes[i%len(dashes)], strings.Join(at, " "))
		}
	}
	return out.close()
}

// dashes tell lines apart in grey.
var dashes = [...]string{"", ` stroke-dasharray="7 5"`, ` stroke-dasharray="2 5"`, ` stroke-dasharray="10 4 2 4"`}

// band is the area between the lows and the highs of places in a row.
func (c *canvas) band(run []Place, series int, across func(float64) float64, y scale) {
	var at []string
	for _, p := range run {
		at = append(at, fmt.Sprintf("%.1f,%.1f", across(p.X), height(p.High, y)))
	}
	for i := len(run) - 1; i >= 0; i-- {
		at = append(at, fmt.Sprintf("%.1f,%.1f", across(run[i].X), height(run[i].Low, y)))
	}
	_, _ = fmt.Fprintf(c, "<polygon class=\"p%d band\" points=\"%s\"/>\n", series, strings.Join(at, " "))
}

// runs are the stretches of the line whose places all satisfy ok.
func (c *Curve) runs(ok func(Place) bool) [][]Place {
	var out [][]Place
	open := false
	for _, p := range c.Line {
		if !ok(p) {
			open = false
			continue
		}
		if !open {
			out = append(out, nil)
			open = true
		}
		out[len(out)-1] = append(out[len(out)-1], p)
	}
	return out
}
