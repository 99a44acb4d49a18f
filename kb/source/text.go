package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errNoText is returned for what is no text in any encoding known here.
var errNoText = errors.New("not text in UTF-8, UTF-16 or windows-1251")

// errBinary is returned for what holds bytes that no text holds.
var errBinary = errors.New("a binary file")

// A charset is how bytes are to be read.
type charset struct {
	decoder *encoding.Decoder // nil: they are UTF-8
	skip    int               // bytes of a byte order mark
	note    string            // for the report; empty: nothing unusual
}

// text returns b as UTF-8, and a note where it had to be converted or repaired.
func text(b []byte) (s, note string, err error) {
	c, err := detect(b)
	if err != nil {
		return "", "", err
	}
	b = b[c.skip:]
	if c.decoder != nil {
		b, err = c.decoder.Bytes(b)
		if err != nil {
			return "", "", fmt.Errorf("%w: %w", errNoText, err)
		}
		return string(b), c.note, nil
	}
	s, note = valid(b)
	return s, note, nil
}

// valid returns b with what is no UTF-8 marked as lost.
func valid(b []byte) (s, note string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	fixed := bytes.ToValidUTF8(b, []byte("\ufffd"))
	return string(fixed), "letters that are not UTF-8 were replaced by \ufffd"
}

// detect tells how to read b, the beginning of a file or all of it.
func detect(b []byte) (charset, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return charset{skip: 3}, nil
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return charset{decoder: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), skip: 2, note: "read as UTF-16"}, nil
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return charset{decoder: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), skip: 2, note: "read as UTF-16"}, nil
	}
	var c count
	c.add(b)
	switch {
	case c.zeros*20 > len(b):
		return c.wide(len(b))
	case (c.controls+c.zeros)*50 > len(b)+100:
		return charset{}, errBinary
	case c.broken == 0 || c.broken*20 < c.letters:
		return charset{}, nil
	}
	return c.eightBit()
}

// A count is what detect looks at.
type count struct {
	zeros, even     int // NUL bytes, and those at even places
	controls        int // other control characters
	broken, letters int // bytes that are no UTF-8; letters beyond ASCII that are
	ascii, high     int // letters of ASCII; bytes from 0x80
	upper, lower    int // high bytes where windows-1251 has capital and small letters
	marks           int // high bytes where it has ё, Ё, №, quotes, dashes and the like
}

func (c *count) add(b []byte) {
	for i, x := range b {
		switch {
		case x == 0:
			c.zeros++
			c.even += 1 - i%2
		case x < ' ' && x != '\n' && x != '\r' && x != '\t' && x != '\f':
			c.controls++
		case x >= 'a' && x <= 'z' || x >= 'A' && x <= 'Z':
			c.ascii++
		case x < 0x80:
		case x >= 0xE0:
			c.high, c.lower = c.high+1, c.lower+1
		case x >= 0xC0:
			c.high, c.upper = c.high+1, c.upper+1
		default:
			c.high++
			if bytes.IndexByte([]byte("\xa8\xb8\xb9\xab\xbb\x96\x97\xa0\x85\x93\x94\x84\x91\x92\xb0\xa7"), x) >= 0 {
				c.marks++
			}
		}
	}
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError || n > 1 {
			c.letters++
		} else if utf8.FullRune(b[i:]) { // the last letter of a sample may be cut
			c.broken++
		}
		i += n
	}
}

// wide tells UTF-16 without its mark from a binary file.
func (c *count) wide(size int) (charset, error) {
	if c.zeros*5 < size || c.controls*50 > size {
		return charset{}, errBinary
	}
	order := unicode.LittleEndian
	switch {
	case c.even*20 < c.zeros:
	case (c.zeros-c.even)*20 < c.zeros:
		order = unicode.BigEndian
	default:
		return charset{}, errBinary
	}
	return charset{decoder: unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder(), note: "read as UTF-16"}, nil
}

// eightBit tells the encodings of one byte a letter apart by which letters they
// would make: Russian text is mostly small letters, and hardly any of ASCII.
func (c *count) eightBit() (charset, error) {
	switch {
	case (c.upper+c.lower+c.marks)*20 < c.high*19:
		return charset{}, errNoText
	case c.high*4 < c.ascii:
		return charset{decoder: charmap.Windows1252.NewDecoder(), note: "read as windows-1252"}, nil
	case c.upper > c.lower:
		return charset{decoder: charmap.KOI8R.NewDecoder(), note: "read as KOI8-R"}, nil
	}
	return charset{decoder: charmap.Windows1251.NewDecoder(), note: "read as windows-1251"}, nil
}

// stream returns r as text, judged by its beginning.
func stream(r io.Reader) (*bufio.Reader, string, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	c, err := detect(head)
	if err != nil {
		return nil, "", err
	}
	if _, err := b.Discard(c.skip); err != nil {
		return nil, "", err
	}
	if c.decoder == nil {
		return b, c.note, nil
	}
	return bufio.NewReaderSize(transform.NewReader(b, c.decoder), 64<<10), c.note, nil
}
