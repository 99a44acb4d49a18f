package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// brief renders an item for comparison.
func brief(i Item) string {
	d := i.Document
	return fmt.Sprintf("%d %s %s|%s|%s|%s|%s|%s %v %v", i.Line, d.Kind, d.ID, d.Title, d.Body, d.Problem, d.Resolution, d.Locale, d.Tags, i.Ignored)
}

func TestRecords(t *testing.T) {
	for _, tt := range []struct {
		name, file, content string
		kind                kb.Kind
		items, skips        []string
	}{
		{"articles", "a.jsonl", `{"id":"k1","title":"T","body":"B","locale":"ru","labels":{"l1":"X","l2":"Y"},"extra":1}` + "\n\n" + `{"_id":12345678901234567890,"name":"N","text":"B"}`, "",
			[]string{"1 article k1|T|B|||ru [X Y] [extra]", "3 article 12345678901234567890|N|B||| [] []"}, nil},
		{"cases", "a.jsonl", `{"id":"r0","text":"Q","reply":"A","source_id":"kb1","resolved_at":"2026-01-02"}` + "\r\n" + `{"external_id":"r1","subject":"S","problem":"Q","resolution":"A"}`, "",
			[]string{"1 case r0|||Q|A| [] [source_id]", "2 case r1|S||Q|A| [] []"}, nil},
		{"what the options say they are", "a.jsonl", `{"id":"r0","question":"Q","answer":"A"}`, kb.Case,
			[]string{"1 case r0|||Q|A| [] []"}, nil},
		{"what the record says it is", "a.jsonl", `{"id":"r0","kind":"article","question":"Q","answer":"A"}`, kb.Case,
			[]string{"1 article r0|Q|A||| [] []"}, nil},
		{"records without ids", "a b.jsonl", `{"title":"T","body":"B"}` + "\n" + `{"title":"U","body":"B"}`, "",
			[]string{"1 article a-b:" + digest("T") + "|T|B||| [] []", "2 article a-b:" + digest("U") + "|U|B||| [] []"}, nil},
		{"bad lines", "a.jsonl", "no JSON\n" + `{"id":"a","title":"T"} {"id":"b"}` + "\nnull\n[1]\n" + `{"id":"a","title":"T"}` + "\n" + `{"id":"a","title":"U"}` +
			"\n" + `{"id":"a/b","title":"T"}` + "\n" + `{"id":"c","problem":"P"}` + "\n" + `{"id":"d","title":"a\u0000b"}` + "\n{\"id\":\"e\",\"title\":\"T\",\"audience\":\"vip\"}\n\x00\n", "",
			[]string{"5 article a|T|||| [] []"},
			[]string{
				"a.jsonl:1: no JSON object: invalid character 'o' in literal null (expecting 'u')",
				"a.jsonl:2: no JSON object: more than one value on the line", "a.jsonl:3: no JSON object: null",
				"a.jsonl:4: no JSON object: json: cannot unmarshal array into Go value of type map[string]interface {}",
				"a.jsonl:6: id a is that of a.jsonl:5 already",
				`a.jsonl:7: id "a/b": use letters, digits and . _ : @ -, at most 128`,
				"a.jsonl:8: case c: needs both a problem and a resolution", "a.jsonl:9: article d: title holds a NUL byte",
				`a.jsonl:10: article e: audience "vip": use public or internal`,
				"a.jsonl:11: no JSON object: invalid character '\\x00' looking for beginning of value",
			}},
		{"HTML in a record", "a.jsonl", `{"id":"a","title":"T","body":"<p>Раз <b>два</b></p><ul><li>три</li></ul><script>x</script>"}`, "",
			[]string{"1 article a|T|Раз **два**\n\n- три||| [] []"}, nil},
		{"a table with commas", "a.csv", "\ufeffid,Title,Body\r\na,T,\"B, \"\"b\"\"\r\nc\"\r\n,,\r\nd,U\r\n", "",
			[]string{"2 article a|T|B, \"b\"\nc||| [] []", "5 article d|U|||| [] []"}, nil},
		{"a table with semicolons", "a.csv", "sep=;\nid;title;body;labels.l1\na;T;B;X\n", "", []string{"3 article a|T|B||| [X] []"}, nil},
		{"a table with tabs", "a.tsv", "ticket_id\tquestion\treply\nt1\tQ\tA\n", "", []string{"2 case t1|||Q|A| [] []"}, nil},
		{"too many columns", "a.csv", "id,title\na,T,x,y\n", "", []string{"2 article a|T|||| [] []"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items, skips := read(t, folder(t, map[string]string{tt.file: tt.content}), Options{Kind: tt.kind})
			var got []string
			for _, i := range items {
				got = append(got, brief(i))
			}
			if !slices.Equal(got, tt.items) {
				t.Errorf("got\n%q\nwant\n%q", got, tt.items)
			}
			if !slices.Equal(skips, tt.skips) {
				t.Errorf("skipped\n%s\nwant\n%s", strings.Join(skips, "\n"), strings.Join(tt.skips, "\n"))
			}
		})
	}
}

func TestLongLines(t *testing.T) {
	long := `{"id":"a","title":"T","body":"` + strings.Repeat("слово ", 1<<20) + `"}`
	endless := strings.Repeat("x", maxRecord+1)
	_, skips := read(t, folder(t, map[string]string{"a.jsonl": long + "\n" + endless + "\n"}), Options{})
	want := []string{"a.jsonl:1: article a: body is longer than 4 MiB", "a.jsonl:2: longer than 16 MiB"}
	if !slices.Equal(skips, want) {
		t.Errorf("skipped %q", skips)
	}
	items, skips := read(t, folder(t, map[string]string{"a.csv": "id,title\na,T\nb,\"" + endless + strings.Repeat("\nc,d", 10000)}), Options{})
	if len(items) != 1 || len(skips) != 1 || !strings.Contains(skips[0], "is a quotation mark missing?") {
		t.Errorf("got %d documents, skipped %q", len(items), skips)
	}
}

func TestMoments(t *testing.T) {
	want := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for _, s := range []string{
		"2026-11-20T10:00:00Z", "2026-11-20T13:00:00+03:00", "2026-11-20T10:00:00.000Z", "2026-11-20 10:00:00", "2026-11-20 10:00",
		"20.11.2026 10:00", "1795168800", "1795168800000",
	} {
		if got, ok := moment(s); !ok || !got.Equal(want) {
			t.Errorf("%s: got %v, %v", s, got, ok)
		}
	}
	if _, ok := moment("soon"); ok {
		t.Error("soon is a time")
	}
	item := one(t, "a.csv", "id,problem,reply,resolved_at\na,P,R,soon\n")
	if item.Document.ResolvedAt != nil || len(item.Notes) != 1 {
		t.Errorf("got %+v", item)
	}
}

func TestAFieldThatMeansNothingIsToldOfOnce(t *testing.T) {
	notes := func(content string) (out []string) {
		var unread Unread
		items, _ := read(t, folder(t, map[string]string{"a.csv": content}), Options{})
		for i := range items {
			unread.Add(&items[i])
		}
		for _, n := range unread.Notes() {
			out = append(out, fmt.Sprintf("%s:%d: %s", n.File, n.Line, n.Reason))
		}
		return out
	}
	got := notes("id,problem,reply,articles,empty,operator\na,P,R,returns,,\nb,P,R,returns, ,op-1\n")
	want := []string{`a.csv:2: the field "articles" means nothing here: left out of 2 records`, `a.csv:3: the field "operator" means nothing here: left out`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	head, row := "id,problem,reply", "a,P,R"
	for i := range 2 * unreadMost {
		head, row = fmt.Sprintf("%s,x%02d", head, i), row+",v"
	}
	if got := notes(head + "\n" + row + "\n"); len(got) != unreadMost || !strings.HasSuffix(got[unreadMost-1], ", as are other fields") {
		t.Errorf("of many fields: %q", got)
	}
}

func TestACaseOfNoArticleSaysSo(t *testing.T) {
	item := one(t, "a.jsonl", `{"id":"a","problem":"P","reply":"R","resolved_with":"no such/id"}`)
	if item.Document.ResolvedWith != "" || len(item.Notes) != 1 || !strings.Contains(item.Notes[0], "no such/id") {
		t.Errorf("got %+v", item)
	}
}

func TestRecordsStream(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `{"id":"k%d","title":"T","body":"%s"}`+"\n", i, strings.Repeat("слово ", 20))
	}
	n := 0
	for _, err := range Files(folder(t, map[string]string{"a.jsonl": b.String()}), Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 5000 {
		t.Errorf("read %d records", n)
	}
}

func FuzzFiles(f *testing.F) {
	f.Add("a.jsonl", `{"id":"a","title":"T","body":"<p>B</p>","tags":["x"],"resolved_at":1}`)
	f.Add("a.csv", "id;title;body\na;T;\"B\nb\"\n")
	f.Add("a.md", "---\ntitle: a: b\n---\n# T\n{% note %}\n{% list tabs %}\n- A\n\n  b\n{% endlist %}\n:::tip x\n<A b={`c`}>\n<table><tr><td>x</table>")
	f.Add("a.md", "{% include [x](a.md) %} {% if a == 1 %}x{% else %}y{% endif %} {{ b }} `c` <a href=x>y</a>\n!!! note \"t\"\n    x")
	f.Add("a.html", "<html><body><h1>T</h1><table><tr><td>x</table>")
	f.Fuzz(func(t *testing.T, name, content string) {
		if !slices.Contains([]string{"a.jsonl", "a.csv", "a.md", "a.html"}, name) {
			t.Skip()
		}
		items, skips := read(t, folder(t, map[string]string{name: content}), Options{})
		for _, i := range items {
			if err := i.Document.Validate(); err != nil || i.File != name || i.Line < 1 {
				t.Errorf("%+v: %v", i, err)
			}
		}
		if len(items)+len(skips) == 0 && (name == "a.md" || name == "a.html") {
			t.Error("neither read nor skipped")
		}
	})
}
