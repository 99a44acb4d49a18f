package source

import "fmt"

// unreadMost bounds how many fields are told of by name: a file may have others
// in every record.
const unreadMost = 20

// An Unread tells the fields of records that nothing is made of, each once, so
// that a misspelt one is not lost in silence. The zero value is ready.
type Unread struct {
	fields []unread
	more   bool // there are others
}

// An unread is a field that means nothing here.
type unread struct {
	name    string
	first   Note // where it was met first
	records int  // that have it
}

// A Note is something to be said of a file, of the record or page at a line.
type Note struct {
	File   string
	Line   int
	Reason string
}

// Add takes up the fields of an item.
func (u *Unread) Add(item *Item) {
	for _, name := range item.Ignored {
		if f := u.field(name, item); f != nil {
			f.records++
		}
	}
}

// field finds what is known of a field, nil where there are too many.
func (u *Unread) field(name string, item *Item) *unread {
	for i := range u.fields {
		if u.fields[i].name == name {
			return &u.fields[i]
		}
	}
	if len(u.fields) == unreadMost {
		u.more = true
		return nil
	}
	u.fields = append(u.fields, unread{name: name, first: Note{File: item.File, Line: item.Line}})
	return &u.fields[len(u.fields)-1]
}

// Notes says of each field, in the order in which they were met, that it was
// left out, and of how many records.
func (u *Unread) Notes() []Note {
	var out []Note
	for _, f := range u.fields {
		n := f.first
		n.Reason = fmt.Sprintf("the field %.128q means nothing here: left out", f.name)
		if f.records > 1 {
			n.Reason += fmt.Sprintf(" of %d records", f.records)
		}
		out = append(out, n)
	}
	if u.more {
		out[unreadMost-1].Reason += ", as are other fields"
	}
	return out
}
