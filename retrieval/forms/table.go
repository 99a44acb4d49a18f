// Package forms knows how amounts and times are written in Russian and English:
// units, months, days of the week, numbers in words. Its Table finds words by
// their forms, for those who keep lists of other words.
//
// Words are given as the analyzers normalize them: in lower case, with е for ё.
// Everything here may be used by many goroutines once it is filled.
package forms

import (
	"iter"
	"strings"
)

// A Table finds values by the words that stand for them. Its zero value is
// ready.
type Table[T any] struct {
	exact  map[string][]T
	prefix map[string][]T
	// The lengths in bytes of the shortest and of the longest prefix: most words
	// are asked for in vain, and every length costs a look.
	least, most int
}

// Put adds a value for each of the forms, which blanks separate. A form that
// ends in * stands for every word that begins with it.
func (t *Table[T]) Put(forms string, value T) {
	if t.exact == nil {
		t.exact, t.prefix = make(map[string][]T), make(map[string][]T)
	}
	for form := range strings.FieldsSeq(forms) {
		if stem, open := strings.CutSuffix(form, "*"); open {
			if len(t.prefix) == 0 {
				t.least = len(stem)
			}
			t.least, t.most = min(t.least, len(stem)), max(t.most, len(stem))
			t.prefix[stem] = append(t.prefix[stem], value)
		} else {
			t.exact[form] = append(t.exact[form], value)
		}
	}
}

// All returns every value of a word: those of the word itself, then those of its
// beginnings, the shortest first.
func (t *Table[T]) All(word string) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, v := range t.exact[word] {
			if !yield(v) {
				return
			}
		}
		for i := max(t.least, 1); i <= min(t.most, len(word)); i++ {
			for _, v := range t.prefix[word[:i]] {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// One returns a word's value, and whether it has one: that of the word itself,
// or else that of its longest known beginning; of several the last that was put.
func (t *Table[T]) One(word string) (value T, ok bool) {
	if of := t.exact[word]; len(of) > 0 {
		return of[len(of)-1], true
	}
	for i := min(t.most, len(word)); i >= max(t.least, 1); i-- {
		if of := t.prefix[word[:i]]; len(of) > 0 {
			return of[len(of)-1], true
		}
	}
	return value, false
}

func numbered(lists []string) Table[int] {
	var t Table[int]
	for i, forms := range lists {
		t.Put(forms, i+1)
	}
	return t
}
