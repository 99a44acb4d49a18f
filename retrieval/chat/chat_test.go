package chat

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// sources is evidence of two articles.
func sources() []retrieval.Evidence {
	article := func(id, title, text string) retrieval.Evidence {
		return retrieval.Evidence{Source: retrieval.Source{ID: id, Title: title}, Text: text, End: len([]rune(text))}
	}
	return []retrieval.Evidence{
		article("returns", "Returns", "You can return an item within 14 days of delivery. The courier collects it free of charge.\n\n"+
			"1. Open the order in your account.\n2. Press the Return button.\n3. Hand the parcel to the courier.\n\nOpened cosmetics are not accepted."),
		article("refunds", "Refunds", "The money comes back to the same card within 5 working days. Gift cards are not refunded."),
	}
}

func request() retrieval.Request {
	return retrieval.Request{Question: "How do I return an item?", Language: "en", Evidence: sources()}
}

func requestFor(operator bool) retrieval.Request {
	r := request()
	r.ForOperator = operator
	return r
}

func generator(t *testing.T, s *openaitest.Server) *Generator {
	t.Helper()
	g, err := New(Options{BaseURL: s.URL, Key: "secret", Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGenerate(t *testing.T) {
	for _, tt := range []struct {
		name    string
		reply   string
		mark    bool
		text    string
		abstain retrieval.Reason
		cites   string // ids, in order
	}{
		{
			name:  "what the sources say is answered",
			reply: "You can return an item within 14 days of delivery [1]. The money comes back to the same card within 5 working days [2].",
			text:  "You can return an item within 14 days of delivery [1]. The money comes back to the same card within 5 working days [2].",
			cites: "returns refunds",
		},
		{
			name:  "a list keeps its lines",
			reply: "To return an item:\n\n1. Open the order in your account [1].\n2. Press the Return button [1].\n",
			text:  "To return an item:\n\n1. Open the order in your account [1].\n2. Press the Return button [1].",
			cites: "returns returns returns",
		},
		{
			name:  "a changed number is dropped",
			reply: "You can return an item within 30 days of delivery [1]. The courier collects it free of charge. [1]",
			text:  "The courier collects it free of charge. [1]",
			cites: "returns",
		},
		{
			name:  "a lost negation is dropped",
			reply: "Opened cosmetics are accepted [1]. Press the Return button [1].",
			text:  "Press the Return button [1].",
			cites: "returns",
		},
		{
			name:  "a link that no source has is dropped",
			reply: "Press the Return button [1]. Open the order at https://evil.example/account [1].",
			text:  "Press the Return button [1].",
			cites: "returns",
		},
		{
			name: "what is not supported is marked", mark: true,
			reply: "You can return an item within 30 days of delivery [1]. The courier collects it free of charge [1].",
			text:  "You can return an item within 30 days of delivery [1]. The courier collects it free of charge [1].",
			cites: "returns",
		},
		{name: "nothing supported is no answer", reply: "Write to the tax office by 5 May [1].", abstain: retrieval.NotGrounded},
		{name: "nor is it when marked", mark: true, reply: "Write to the tax office by 5 May [1].", abstain: retrieval.NotGrounded},
		{name: "courtesy alone is no answer", reply: "Hello! Thank you for your question.", abstain: retrieval.NotGrounded},
		{
			name:  "a missing citation is found",
			reply: "Gift cards are not refunded.",
			text:  "Gift cards are not refunded. [2]",
			cites: "refunds",
		},
		{
			name:  "a source that does not exist",
			reply: "Gift cards are not refunded [9]. Press the Return button [1].",
			text:  "Press the Return button [1].",
			cites: "returns",
		},
		{name: "only sources that do not exist", reply: "Gift cards are not refunded [9].", abstain: retrieval.NotGrounded},
		{
			name:  "citations written in other ways",
			reply: "Gift cards are not refunded【2†source】. Press the Return button [Source 1].",
			text:  "Gift cards are not refunded[2]. Press the Return button [1].",
			cites: "refunds returns",
		},
		{name: "the model has no answer", reply: "NO_ANSWER", abstain: retrieval.LowConfidence},
		{name: "and says so with more words", reply: "**NO_ANSWER**. The sources do not say.", abstain: retrieval.LowConfidence},
		{
			name:  "no answer behind an answer",
			reply: "Press the Return button [1]. NO_ANSWER",
			text:  "Press the Return button [1].",
			cites: "returns",
		},
		{
			name:  "thoughts are left out",
			reply: "\n<think>Gift cards are not refunded [2]. Hm.</think>\n\nPress the Return button [1].",
			text:  "Press the Return button [1].",
			cites: "returns",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openaitest.New(t)
			s.Reply = tt.reply
			var emitted strings.Builder
			a, err := generator(t, s).Generate(t.Context(), requestFor(tt.mark), func(text string) { emitted.WriteString(text) })
			if err != nil {
				t.Fatal(err)
			}
			if a.Text != tt.text || a.Abstain != tt.abstain {
				t.Errorf("answer %q, abstained %q; want %q and %q", a.Text, a.Abstain, tt.text, tt.abstain)
			}
			if !tt.mark && emitted.String() != a.Text {
				t.Errorf("emitted %q, want the answer %q", emitted.String(), a.Text)
			}
			checkCitations(t, a, tt.cites)
		})
	}
}

// checkCitations tests that an answer's citations are of the sources with ids,
// and that what they tie together says the same.
func checkCitations(t *testing.T, a retrieval.Answer, ids string) {
	t.Helper()
	text := []rune(a.Text)
	var got []string
	for _, c := range a.Citations {
		got = append(got, c.SourceID)
		source := []rune(sources()[c.Marker-1].Text)
		said, support := string(text[c.Start:c.End]), string(source[c.From:c.To])
		last := strings.Fields(strings.Trim(said, ".: "))
		if len(last) == 0 || !strings.Contains(strings.ToLower(support), strings.ToLower(last[len(last)-1])) {
			t.Errorf("%q is cited for %q", support, said)
		}
	}
	if strings.Join(got, " ") != ids {
		t.Errorf("cites %v, want %q", got, ids)
	}
}

func TestUnproven(t *testing.T) {
	s := openaitest.New(t)
	s.Reply = "The courier collects it free of charge [1]. You can return an item within 30 days [1]. Press the Return button [1]."
	var emitted, all strings.Builder
	r := requestFor(true)
	r.Doubt = func(text string) { all.WriteString("{" + text + "}") }
	a, err := generator(t, s).Generate(t.Context(), r, func(text string) {
		emitted.WriteString(text)
		all.WriteString(text)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Unproven) != 1 || !strings.HasPrefix(string([]rune(a.Text)[a.Unproven[0].Start:a.Unproven[0].End]), "You can return an item within 30 days") {
		t.Errorf("unproven %v of %q, want the second sentence", a.Unproven, a.Text)
	}
	if want := "The courier collects it free of charge [1]. Press the Return button [1]."; emitted.String() != want {
		t.Errorf("emitted %q, want %q", emitted.String(), want)
	}
	if want := "The courier collects it free of charge [1].{ You can return an item within 30 days [1].} Press the Return button [1]."; all.String() != want {
		t.Errorf("told %q, want %q", all.String(), want)
	}
	if a.Method != "model:m" {
		t.Errorf("method %q", a.Method)
	}
}

func TestWhatNoSourceSupportsIsShownBehindSomethingThatOneDoes(t *testing.T) {
	for reply, want := range map[string]string{
		"You can return an item within 30 days [1].":                              "",
		"You can return an item within 30 days [1]. Press the Return button [1].": "{You can return an item within 30 days [1].} Press the Return button [1].",
	} {
		s := openaitest.New(t)
		s.Reply = reply
		var all strings.Builder
		r := requestFor(true)
		r.Doubt = func(text string) { all.WriteString("{" + text + "}") }
		if _, err := generator(t, s).Generate(t.Context(), r, func(text string) { all.WriteString(text) }); err != nil {
			t.Fatal(err)
		}
		if all.String() != want {
			t.Errorf("told %q, want %q", all.String(), want)
		}
	}
}

func TestNotice(t *testing.T) {
	for language, want := range map[string]string{"en": "left out because no source supports them: 1", "ru": "нет в источниках: 1"} {
		s := openaitest.New(t)
		s.Reply = "Press the Return button [1]. Pay 900 dollars in advance [1]."
		r := request()
		r.Language = language
		a, err := generator(t, s).Generate(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(a.Notice, want) {
			t.Errorf("notice %q, want %q", a.Notice, want)
		}
	}
}

func TestBadServers(t *testing.T) {
	whole := openaitest.Says("Press the Return button [1].")
	first := openaitest.Delta("Press the Return button [1]. Hand the parcel ")
	for _, tt := range []struct {
		name   string
		script []openaitest.Step
		text   string
		want   error
	}{
		{"a 500 is tried again", []openaitest.Step{openaitest.Fails(500), whole}, "Press the Return button [1].", nil},
		{"but not for ever", []openaitest.Step{openaitest.Fails(500), openaitest.Fails(500), whole}, "", embeddings.ErrUnavailable},
		{"a bad key", []openaitest.Step{openaitest.Fails(401)}, "", embeddings.ErrMisconfigured},
		{"a stream cut off is not repeated", []openaitest.Step{openaitest.Cuts(first), whole}, "", embeddings.ErrUnavailable},
		{"a stream that just ends", []openaitest.Step{openaitest.Streams(first), whole}, "", embeddings.ErrUnavailable},
		{"a malformed event", []openaitest.Step{openaitest.Streams(first, "data: {\"choi\n\n"), whole}, "", embeddings.ErrUnavailable},
		{"a malformed stream may be tried again", []openaitest.Step{openaitest.Streams("data: nonsense\n\n"), whole}, "Press the Return button [1].", nil},
		{"an error in the stream", []openaitest.Step{openaitest.Streams(first, "data: {\"error\":{\"message\":\"overloaded\"}}\n\n")}, "", embeddings.ErrUnavailable},
		{"no choice", []openaitest.Step{openaitest.Streams(openaitest.Nothing, openaitest.Finish("stop"), openaitest.Done)}, "", embeddings.ErrUnavailable},
		{"nothing at all", []openaitest.Step{openaitest.Streams(openaitest.Done), openaitest.Streams(openaitest.Done)}, "", embeddings.ErrUnavailable},
		{"a filter", []openaitest.Step{openaitest.Streams(first, openaitest.Finish("content_filter"), openaitest.Done)}, "", embeddings.ErrUnavailable},
		{
			"an answer cut at its length loses the unfinished sentence",
			[]openaitest.Step{openaitest.Streams(first, openaitest.Finish("length"), openaitest.Done)}, "Press the Return button [1].", nil,
		},
		{
			"an endless answer is cut off",
			[]openaitest.Step{openaitest.Stalls(first, openaitest.Delta(strings.Repeat("la ", maxDraft/3+1)))}, "Press the Return button [1].", nil,
		},
		{
			"keep-alive comments are no fault",
			[]openaitest.Step{openaitest.Streams(strings.Repeat(": wait\n\n", 1000), openaitest.Delta("Press the Return button [1]."), openaitest.Finish("stop"), openaitest.Done)},
			"Press the Return button [1].", nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openaitest.New(t)
			s.Script = tt.script
			s.Reply = "NO_ANSWER"
			a, err := generator(t, s).Generate(t.Context(), request(), func(string) {})
			if !errors.Is(err, tt.want) || a.Text != tt.text {
				t.Errorf("answer %q, error %v; want %q, %v", a.Text, err, tt.text, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the key is in %q", err)
			}
		})
	}
}

func TestTime(t *testing.T) {
	t.Run("a slow model is not available", func(t *testing.T) {
		s := openaitest.New(t)
		s.Script = slices.Repeat([]openaitest.Step{openaitest.Stalls(openaitest.Delta("Press "))}, 2)
		g, err := New(Options{BaseURL: s.URL, Model: "m", Timeout: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.Generate(t.Context(), request(), nil); !errors.Is(err, embeddings.ErrUnavailable) {
			t.Errorf("error %v, want ErrUnavailable", err)
		}
	})
	t.Run("a caller who leaves is told so", func(t *testing.T) {
		s := openaitest.New(t)
		s.Script = []openaitest.Step{openaitest.Stalls(openaitest.Delta("Press the Return button [1]. Hand "))}
		ctx, cancel := context.WithCancel(t.Context())
		_, err := generator(t, s).Generate(ctx, request(), func(string) { cancel() })
		if !errors.Is(err, context.Canceled) || errors.Is(err, embeddings.ErrUnavailable) {
			t.Errorf("error %v, want context.Canceled alone", err)
		}
	})
}

func TestSent(t *testing.T) {
	s := openaitest.New(t)
	s.Reply = "NO_ANSWER"
	if _, err := generator(t, s).Generate(t.Context(), request(), nil); err != nil {
		t.Fatal(err)
	}
	got := s.Requests()[0]
	if !got.Stream || got.Key != "secret" || got.Model != "m" || strings.Contains(got.Raw, "stream_options") || !strings.Contains(got.Raw, `"max_tokens":800`) {
		t.Errorf("sent %s", got.Raw)
	}
	if len(got.Messages) != 2 || got.Messages[0].Role != "system" || got.Messages[1].Role != "user" {
		t.Errorf("messages %v", got.Messages)
	}
	g, err := New(Options{BaseURL: s.URL, Model: "o3-mini"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Generate(t.Context(), request(), nil); err != nil {
		t.Fatal(err)
	}
	if raw := s.Requests()[1].Raw; strings.Contains(raw, "max_tokens") || strings.Contains(raw, "temperature") || !strings.Contains(raw, "max_completion_tokens") {
		t.Errorf("a reasoning model was sent %s", raw)
	}
	r := request()
	r.Evidence = nil
	if a, err := g.Generate(t.Context(), r, nil); err != nil || a.Abstain != retrieval.NoEvidence || len(s.Requests()) != 2 {
		t.Errorf("without evidence: %+v, error %v, %d requests", a, err, len(s.Requests()))
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name string
		step openaitest.Step
		want error
		says string
	}{
		{"all is well", nil, nil, ""},
		{"a bad key", openaitest.Fails(401), embeddings.ErrMisconfigured, "WHETSTONE_CHAT_KEY"},
		{"an unknown model", openaitest.Refuses(404, "model_not_found", "no such model"), embeddings.ErrMisconfigured, "WHETSTONE_CHAT_MODEL"},
		{"another server", openaitest.Refuses(404, "", "nothing here"), embeddings.ErrMisconfigured, "WHETSTONE_CHAT_URL"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openaitest.New(t)
			s.Script, s.Reply = []openaitest.Step{tt.step}, "ready"
			err := generator(t, s).Check(t.Context())
			if !errors.Is(err, tt.want) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want %v with %q", err, tt.want, tt.says)
			}
		})
	}
	if _, err := New(Options{Model: "m"}); !errors.Is(err, embeddings.ErrMisconfigured) || !strings.Contains(err.Error(), "WHETSTONE_CHAT_URL") {
		t.Errorf("no address: %v", err)
	}
}

func TestRealServer(t *testing.T) {
	address, model := os.Getenv("WHETSTONE_TEST_OPENAI"), os.Getenv("WHETSTONE_TEST_OPENAI_CHAT")
	if address == "" || model == "" {
		t.Skip("WHETSTONE_TEST_OPENAI and WHETSTONE_TEST_OPENAI_CHAT are not set to an OpenAI-compatible server and a chat model of it")
	}
	g, err := New(Options{BaseURL: address, Key: os.Getenv("WHETSTONE_TEST_OPENAI_KEY"), Model: model, Timeout: 2 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	a, err := g.Generate(t.Context(), request(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Abstain != "" || len(a.Citations) == 0 {
		t.Errorf("answer %+v, want one that cites", a)
	}
}
