package source

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// table rewrites a table of YFM, whose cells may hold anything. Where they are
// of one line each it becomes a table of Markdown; else its rows become
// paragraphs, for such cells do not fit one.
func (w *blockWriter) table(indent string) {
	from, depth := w.i, 1
	var fence markup.Fence
	for ; w.i < len(w.lines) && depth > 0; w.i++ {
		body := strings.TrimSpace(w.lines[w.i])
		switch {
		case fence.Open():
			if fence.Closes(body) {
				fence = markup.Fence{}
			}
		case strings.HasPrefix(body, "#|"):
			depth++
		case strings.HasPrefix(body, "|#"):
			depth--
		default:
			fence, _ = markup.OpenFence(body)
		}
	}
	end := w.i
	if depth == 0 {
		end--
	}
	rows := cells(strings.Join(outdent(w.lines[from:end], indent), "\n"))
	flat := true
	for _, row := range rows {
		for _, cell := range row {
			flat = flat && !strings.Contains(cell, "\n")
		}
	}
	w.out = append(w.out, "")
	if len(rows) == 0 {
		return
	}
	if flat {
		w.prefix(indent, grid(rows))
	} else {
		w.prefix(indent, w.stacked(rows))
	}
}

// cells parses the rows of a table: || a | b ||, over as many lines as it
// takes. Merged cells, written > and ^, are left out.
func cells(text string) [][]string {
	var rows [][]string
	var row []string
	start, inRow, nested := 0, false, 0
	end := func(at int) {
		cell := strings.TrimSpace(text[start:at])
		if rest, ok := strings.CutPrefix(cell, "::"); ok {
			cell = strings.TrimSpace(rest) // what is left of ::{align="center"}
		}
		if cell != ">" && cell != "^" {
			row = append(row, cell)
		}
	}
	var code int // length of the run of backticks that is open
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '`':
			n := markup.Run(text[i:], '`')
			if code == 0 && strings.Contains(text[i+n:min(len(text), i+n+4096)], text[i:i+n]) {
				code = n
			} else if code == n {
				code = 0
			}
			i += n
			continue
		case code > 0:
		case c == '\\':
			i += 2
			continue
		case strings.HasPrefix(text[i:], "#|"):
			nested++
			i += 2
			continue
		case strings.HasPrefix(text[i:], "|#") && nested > 0:
			nested--
			i += 2
			continue
		case nested > 0 || c != '|':
		case strings.HasPrefix(text[i:], "||"):
			if inRow {
				end(i)
				rows, row = append(rows, row), nil
			}
			inRow = !inRow
			start = i + 2
			i += 2
			continue
		case inRow:
			end(i)
			start = i + 1
		}
		i++
	}
	if inRow && strings.TrimSpace(text[start:]) != "" {
		end(len(text))
		rows = append(rows, row)
	}
	return rows
}

// grid renders rows as a table of Markdown, the first as its head.
func grid(rows [][]string) []string {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	var out []string
	for i, row := range rows {
		full := make([]string, width) // merged cells are missing from the row
		copy(full, row)
		out = append(out, "| "+strings.Join(full, " | ")+" |")
		if i == 0 {
			out = append(out, "|"+strings.Repeat(" --- |", width))
		}
	}
	return out
}

// stacked renders rows as paragraphs. Where the first row is set in bold, it
// has the names of the columns.
func (w *blockWriter) stacked(rows [][]string) []string {
	names := []string{}
	if first := rows[0]; len(rows) > 1 {
		for _, cell := range first {
			if !strings.HasPrefix(cell, "**") || !strings.HasSuffix(cell, "**") || strings.Contains(cell, "\n") {
				names = nil
			}
			if names != nil {
				names = append(names, unbold(cell))
			}
		}
		if names != nil {
			rows = rows[1:]
		}
	}
	var out []string
	for _, row := range rows {
		for i, cell := range row {
			if cell == "" {
				continue
			}
			lines := strings.Split(cell, "\n")
			switch {
			case i == 0 && len(lines) == 1:
				lines[0] = "**" + unbold(cell) + "**"
			case i > 0 && i < len(names) && names[i] != "":
				if plainLine(lines[0]) {
					lines[0] = names[i] + ": " + lines[0]
				} else {
					out = append(out, names[i]+":", "")
				}
			}
			out = append(append(out, w.inner(lines)...), "")
		}
	}
	return out
}

// plainLine reports whether a line is text that may be written behind other
// text: it begins no block.
func plainLine(line string) bool {
	line = strings.TrimSpace(line)
	if _, fence := markup.OpenFence(line); fence || line == "" {
		return false
	}
	if _, tag := markup.ParseTemplate(line); tag {
		return false
	}
	level, _ := markup.Heading(line)
	return level == 0 && markup.Bullet(line) == 0 && !strings.HasPrefix(line, ">") && !strings.HasPrefix(line, "#|") &&
		!strings.HasPrefix(line, "|")
}
