// Package redact takes personal data out of a text and puts it back.
//
// [Redact] replaces names, e-mail addresses, phones, card, passport and order
// numbers, postal addresses and the like, in Russian and English, by
// placeholders such as ⟦name:A⟧. A placeholder says what stood there, so that a
// draft stays readable; it holds no digit, so that no check of numbers mistakes
// it for one; and a language model carries it through unchanged. [Restore] puts
// the originals back, byte for byte. [Redactor] keeps the placeholders of
// several texts of one case in step.
//
// Nothing is learned and nothing is asked: a text is cut into words and numbers
// once, every word is looked up once in a list of names and cue words, and a
// dozen matchers look at what stands around the cues. Read lex.go, then find.go,
// then the matcher of interest. Time and memory grow with the length of the
// text and with nothing else.
//
// What belongs to a company rather than a person is left alone: toll-free
// numbers, mailboxes such as support@, help pages, cities and shops.
package redact

import (
	"strings"
	"unicode/utf8"
)

// A Kind says what sort of personal data a span is. It is the first half of the
// span's placeholder.
type Kind string

// The kinds of personal data.
const (
	Name      Kind = "name"
	Email     Kind = "email"
	Phone     Kind = "phone"
	Card      Kind = "card"      // bank card, whole or masked
	Passport  Kind = "passport"  // series, number or both; other identity papers too
	Order     Kind = "order"     // number of an order, parcel, booking, contract or request
	Address   Kind = "address"   // postal
	Account   Kind = "account"   // bank account, IBAN, customer account
	TaxID     Kind = "taxid"     // INN
	Insurance Kind = "insurance" // SNILS, social security or national insurance number
	Device    Kind = "device"    // IMEI, serial number
	Login     Kind = "login"     // user name, handle, profile address
	Secret    Kind = "secret"    // password, CVC, token in a web address
	Birth     Kind = "birth"     // date of birth
	IP        Kind = "ip"
	Literal   Kind = "text" // something that merely looks like a placeholder of the same case
)

// A Span is one piece of personal data found in a text.
type Span struct {
	Kind       Kind
	Start, End int    // runes, half open; an invalid byte counts as one rune
	Text       string // the original
	Token      string // the placeholder that stands for it
}

// Find returns the personal data in text, in order and without overlaps, with
// the placeholders that [Redact] would use. It never fails.
func Find(text string) []Span {
	r := new(Redactor)
	r.Redact(text)
	return r.spans
}

// Redact returns text with all personal data replaced by placeholders, and what
// was replaced. Equal pieces get equal placeholders. A text without personal
// data is returned as it is. [Restore] with the spans' originals returns text.
func Redact(text string) (clean string, spans []Span) {
	r := new(Redactor)
	clean = r.Redact(text)
	return clean, r.spans
}

// Restore returns clean with every placeholder that originals knows replaced by
// its original; the others stay. It forgives what models do to placeholders:
// spaces inside the brackets, another case, a Cyrillic letter for its Latin
// twin. Originals are not searched for placeholders again.
func Restore(clean string, originals map[string]string) string {
	at := strings.Index(clean, opening)
	if at < 0 || len(originals) == 0 {
		return clean
	}
	var b strings.Builder
	b.Grow(len(clean) + len(clean)/8)
	done := 0
	for at < len(clean) {
		token, size := parsePlaceholder(clean[at:])
		if size > 0 {
			if original, ok := originals[token]; ok {
				b.WriteString(clean[done:at])
				b.WriteString(original)
				done = at + size
			}
		}
		next := strings.Index(clean[at+len(opening):], opening)
		if next < 0 {
			break
		}
		at += len(opening) + next
	}
	b.WriteString(clean[done:])
	return b.String()
}

// A Redactor redacts the texts of one case: what is the same in the problem and
// in the reply gets the same placeholder, and a name met in one is recognised in
// the next. The zero value is ready. It is not safe for concurrent use.
type Redactor struct {
	tokens    map[string]string // kind and original → token
	originals map[string]string // token → original
	reserved  map[string]bool   // tokens that stand in a text by themselves
	count     map[Kind]int
	known     known
	spans     []Span
}

// Redact is the function [Redact] within the case.
func (r *Redactor) Redact(text string) string {
	r.spans = nil
	found := find(text, &r.known)
	if strings.Contains(text, opening) {
		found = r.literals(text, found)
	}
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	r.spans = make([]Span, 0, len(found))
	done, runes := 0, 0
	for _, p := range found {
		original := text[p.start:p.end]
		start := runes + utf8.RuneCountInString(text[done:p.start])
		runes = start + utf8.RuneCountInString(original)
		token := r.token(p.kind, original)
		r.spans = append(r.spans, Span{Kind: p.kind, Start: start, End: runes, Text: original, Token: token})
		b.WriteString(text[done:p.start])
		b.WriteString(token)
		done = p.end
	}
	b.WriteString(text[done:])
	return b.String()
}

// Spans returns what the last call of Redact replaced.
func (r *Redactor) Spans() []Span { return r.spans }

// Originals returns what every placeholder of the case stands for: what to keep,
// under lock, for [Restore]. The map is the caller's.
func (r *Redactor) Originals() map[string]string {
	originals := make(map[string]string, len(r.originals))
	for token, original := range r.originals {
		originals[token] = original
	}
	return originals
}

// Originals returns what the placeholders of spans stand for.
func Originals(spans []Span) map[string]string {
	originals := make(map[string]string, len(spans))
	for _, s := range spans {
		originals[s.Token] = s.Text
	}
	return originals
}
