package retrieval

import (
	"encoding/json"
	"strconv"
	"strings"
)

// candidatesFrom reads candidates as they are stored. Learning reads a million
// of them at a time, which encoding/json takes most of the time for; what is
// not written as it writes them is left to it.
func candidatesFrom(text string) ([]Candidate, error) {
	if text == "" || text == "null" {
		return nil, nil
	}
	if cs, ok := plainCandidates(text); ok {
		return cs, nil
	}
	var cs []Candidate
	err := json.Unmarshal([]byte(text), &cs)
	return cs, err
}

// plainCandidates reads candidates without white space, escapes or unknown
// names.
func plainCandidates(text string) ([]Candidate, bool) {
	rest, ok := strings.CutPrefix(text, "[")
	if !ok {
		return nil, false
	}
	cs := make([]Candidate, 0, strings.Count(rest, "{"))
	for rest != "]" {
		if len(cs) > 0 {
			if rest, ok = strings.CutPrefix(rest, ","); !ok {
				return nil, false
			}
		}
		cs = append(cs, Candidate{})
		if rest, ok = cs[len(cs)-1].plain(rest); !ok {
			return nil, false
		}
	}
	return cs, true
}

// plain reads one candidate and returns what follows it.
func (c *Candidate) plain(text string) (rest string, ok bool) {
	id, rest, ok := strings.Cut(text, `","`)
	if !ok {
		return "", false
	}
	if id, ok = strings.CutPrefix(id, `{"id":"`); !ok || strings.ContainsAny(id, "\"\\") {
		return "", false
	}
	c.ID = strings.Clone(id) // not to hold the whole text by it
	for {
		// One letter, as all names of signals are: s":
		if len(rest) < 4 || rest[1] != '"' || rest[2] != ':' {
			return "", false
		}
		to, number := c.signal(rest[0]), rest[3:]
		end := 0
		for end < len(number) && digit(number[end]) {
			end++
		}
		if to == nil || end == len(number) {
			return "", false
		}
		var err error
		if *to, err = strconv.ParseFloat(number[:end], 64); err != nil {
			return "", false
		}
		switch rest = number[end+1:]; {
		case number[end] == '}':
			return rest, true
		case number[end] != ',' || rest == "" || rest[0] != '"':
			return "", false
		}
		rest = rest[1:]
	}
}

// digit reports whether b can be part of a number in JSON; those that Go reads
// besides, such as 0x1p-2 and Inf, have others.
func digit(b byte) bool {
	return b >= '0' && b <= '9' || b == '.' || b == '-' || b == 'e' || b == 'E' || b == '+'
}

// signal is the field that is stored under a name.
func (c *Candidate) signal(name byte) *float64 {
	switch name {
	case 't':
		return &c.Title
	case 'b':
		return &c.Body
	case 'g':
		return &c.Grams
	case 'w':
		return &c.Place
	case 'd':
		return &c.Dense
	case 'c':
		return &c.Cases
	case 'u':
		return &c.Bonus
	case 's':
		return &c.Score
	}
	return nil
}
