package source

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/whetstone-desk/whetstone/kb"
)

// deliver fills in what the document does not say, checks it and hands it on.
func (r *reader) deliver(item Item) error {
	d := &item.Document
	d.Origin = r.Origin
	d.Audience = or(d.Audience, r.Audience, kb.Public)
	d.Status = or(d.Status, kb.Published)
	d.Product = or(d.Product, r.Product)
	d.Region = or(d.Region, r.Region)
	d.Locale = or(language(d.Locale), language(r.Locale))
	if d.Locale == "" && r.Detect != nil {
		d.Locale = r.Detect(sample(d))
	}
	slices.Sort(d.Tags)
	d.Tags = slices.Compact(d.Tags)
	if err := d.Validate(); err != nil {
		return r.lost(item.File, item.Line, "%s", strings.TrimPrefix(err.Error(), kb.ErrInvalid.Error()+": "))
	}
	if first, again := r.seen[d.ID]; again {
		return r.skip(item.File, item.Line, "id %s is that of %s:%d already", d.ID, first.file, first.line)
	}
	r.seen[d.ID] = place{item.File, item.Line}
	if !r.yield(item, nil) {
		return errStop
	}
	return nil
}

// sample returns enough of a document's text to tell its language.
func sample(d *kb.Document) string {
	text := d.Title + "\n" + d.Problem + "\n" + d.Body
	if len(text) > 4<<10 {
		text = strings.ToValidUTF8(text[:4<<10], "")
	}
	return kb.Plain(text)
}

// or returns the first value that is not empty.
func or[T ~string](values ...T) T {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// idOf makes an id of a path without its extension: guides/how to.md is
// guides.how-to.
func idOf(name string) string {
	name = norm.NFC.String(strings.TrimSuffix(name, path.Ext(name)))
	var b strings.Builder
	dash := false
	for _, c := range name {
		switch {
		case c == '/':
			c = '.'
		case unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("._:@", c):
		default:
			// Accents that have no letter of their own, spaces, signs.
			dash = true
			continue
		}
		if dash && b.Len() > 0 && c != '.' {
			b.WriteByte('-')
		}
		dash = false
		if b.Len() > 0 || unicode.IsLetter(c) || unicode.IsDigit(c) {
			b.WriteRune(c)
		}
	}
	id := b.String()
	if id == "" || utf8.RuneCountInString(id) > 128 {
		// The end of a long path says more than its beginning.
		runes := []rune(id)
		id = "p" + digest(name)
		if tail := strings.TrimLeft(string(runes[max(0, len(runes)-100):]), "._:@-"); tail != "" {
			id += "." + tail
		}
	}
	return id
}

// digest tells texts apart in few letters.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:5])
}

// languages are those that a folder may be named after. Words that folders are
// named for other reasons (it, is, no, am, id) are left out.
const languages = " ar az be bg bn ca cs da de el en es et fa fi fr he hi hr hu hy ja ka kk ko ky lt lv mk ms nb nl pl pt ro ru sk sl sq sr sv tg th tk tr uk ur uz vi zh "

// language returns the ISO 639-1 code of a locale such as pt-BR or RU; empty
// where it has none.
func language(locale string) string {
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(locale)), "_", "-"), "-")
	if len(code) != 2 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return code
}

// pathLanguage returns the language that a path names: ru/a.md, i18n/ru/a.md,
// docs/pt-BR/a.md, a.ru.md.
func pathLanguage(name string) string {
	parts := strings.Split(strings.TrimSuffix(name, path.Ext(name)), "/")
	last := len(parts) - 1
	if i := strings.LastIndexByte(parts[last], '.'); i > 0 {
		parts[last] = parts[last][i+1:]
	} else {
		parts = parts[:last]
	}
	for _, part := range parts {
		code := language(part)
		if code != "" && (len(part) == 2 || len(part) == 5) && strings.Contains(languages, " "+code+" ") {
			return code
		}
	}
	return ""
}

// titleOf makes a title of a file's name, or of its folder's where the name
// says nothing.
func titleOf(name string) string {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if folder := path.Base(path.Dir(name)); folder != "." && (strings.EqualFold(base, "index") || strings.EqualFold(base, "readme")) {
		base = folder
	}
	return strings.Join(strings.FieldsFunc(base, func(c rune) bool { return c == '-' || c == '_' || unicode.IsSpace(c) }), " ")
}
