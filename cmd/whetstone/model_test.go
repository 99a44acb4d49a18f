package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
)

// A modelServer is a model server that can be taken away.
type modelServer struct {
	*openaitest.Server
	http *httptest.Server
	at   string // the API's base
}

// newModelServer starts s, with vectors of 64.
func newModelServer(t *testing.T, s *openaitest.Server) *modelServer {
	s.Dim = 64
	m := &modelServer{Server: s}
	m.http = httptest.NewServer(m.Server)
	m.at = m.http.URL + "/v1"
	t.Cleanup(m.http.Close)
	return m
}

// away closes the server, connections and all.
func (m *modelServer) away() {
	m.http.CloseClientConnections()
	m.http.Close()
}

// embedded counts the texts that were embedded and have the part.
func (m *modelServer) embedded(part string) (n int) {
	for _, r := range m.Requests() {
		for _, text := range r.Input {
			if strings.Contains(text, part) {
				n++
			}
		}
	}
	return n
}

func (m *modelServer) embeds() []string {
	return []string{"WHETSTONE_EMBEDDINGS_URL=" + m.at, "WHETSTONE_EMBEDDINGS_MODEL=m1"}
}

func (m *modelServer) chats() []string {
	return []string{"WHETSTONE_CHAT_URL=" + m.at, "WHETSTONE_CHAT_MODEL=m1"}
}

// What can never work stops start-up with a sentence that says what to set.
func TestWhatStopsAServerFromStarting(t *testing.T) {
	locked := newModelServer(t, &openaitest.Server{Key: "right", Model: "m1"})
	gone := newModelServer(t, new(openaitest.Server))
	gone.away()
	for _, tt := range []struct {
		name string
		env  []string
		want []string
	}{
		{"no PostgreSQL at the address", []string{"WHETSTONE_DATABASE=postgres://u:sesame@127.0.0.1:1/w"}, []string{"PostgreSQL", "WHETSTONE_DATABASE"}},
		{"no Qdrant at the address", []string{"WHETSTONE_QDRANT_URL=http://127.0.0.1:1"}, []string{"WHETSTONE_QDRANT_URL"}},
		{"a model server that is away and vectors of unknown length", gone.embeds(), []string{"cannot be reached", "WHETSTONE_EMBEDDINGS"}},
		{"a missing key", locked.embeds(), []string{"set WHETSTONE_EMBEDDINGS_KEY"}},
		{"a wrong key", append(locked.embeds(), "WHETSTONE_EMBEDDINGS_KEY=wrong"), []string{"correct WHETSTONE_EMBEDDINGS_KEY"}},
		{"an unknown model", append(locked.embeds(), "WHETSTONE_EMBEDDINGS_KEY=right", "WHETSTONE_EMBEDDINGS_MODEL=m2"), []string{"set WHETSTONE_EMBEDDINGS_MODEL"}},
		{"a wrong length", append(locked.embeds(), "WHETSTONE_EMBEDDINGS_KEY=right", "WHETSTONE_EMBEDDINGS_DIM=7"), []string{"WHETSTONE_EMBEDDINGS_DIM"}},
		{"a wrong key for replies", append(locked.chats(), "WHETSTONE_CHAT_KEY=wrong"), []string{"correct WHETSTONE_CHAT_KEY"}},
		{"an address that is taken", []string{"WHETSTONE_ADDR=" + strings.TrimPrefix(locked.http.URL, "http://")}, []string{"WHETSTONE_ADDR"}},
		{"a setting that is none", []string{"WHETSTONE_PORT=x"}, []string{"WHETSTONE_PORT is no setting"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := newEnvironment(t, tt.env...)
			fail(t, env, []string{"serve"}, tt.want...)
			if _, errs, _ := command(t, env, "doctor"); strings.Contains(errs, "sesame") {
				t.Error("a password is shown")
			}
		})
	}
}

// A model server that goes away in mid-flight costs what it gives and nothing
// else.
func TestAModelServerThatGoesAway(t *testing.T) {
	t.Parallel()
	m := newModelServer(t, new(openaitest.Server))
	writer := newModelServer(t, &openaitest.Server{Reply: "Open Orders, choose your order and then Return items. [1]"})
	env := newEnvironment(t, append(m.embeds(), writer.chats()...)...)
	p := startDemo(t, env)
	const question, source = "How do I return an item and get my money back?", "return-how-en"
	r := p.ask(question)
	if r.first() != source || !strings.HasPrefix(r.Answer.Method, "model") || r.Sources[0].Signals["dense"] == 0 {
		t.Errorf("with model servers: %+v", r)
	}
	writer.away()
	r = p.ask(question)
	if r.first() != source || r.Answer.Method != "extract" || r.Answer.Notice == "" || r.Sources[0].Signals["dense"] == 0 {
		t.Errorf("without the model that writes: %+v", r)
	}
	m.away()
	r = p.ask("Hello! " + question) // another text: vectors of questions are remembered
	if r.first() != source || r.Answer.Method != "extract" || r.Sources[0].Signals["dense"] != 0 {
		t.Errorf("without the model that embeds: %+v", r)
	}
	p.stop()

	// The length of the vectors is known by now, so a server starts without.
	p = startDemo(t, env)
	if r = p.ask(question); r.first() != source {
		t.Errorf("started without model servers: %+v", r)
	}
	p.stop()
}

func TestAnotherModel(t *testing.T) {
	t.Parallel()
	hold, held := make(chan struct{}), make(chan struct{}, 16)
	m := newModelServer(t, &openaitest.Server{Script: []openaitest.Step{nil, nil, func(w http.ResponseWriter, r *http.Request) {
		held <- struct{}{}
		<-hold
		openaitest.Fails(http.StatusServiceUnavailable)(w, r)
	}}})
	local := newEnvironment(t)
	p := startServer(t, local)
	p.put("kettle", "Descaling the kettle", "Boil vinegar in it and rinse.")
	before := dense(p)
	p.stop()

	// While the new vectors are built the old ones serve.
	served := local.with(m.embeds()...)
	p = startServer(t, served)
	<-held
	if !p.finds("descaling the kettle", "kettle") {
		t.Error("the old vectors do not serve while new ones are built")
	}
	p.put("lamp", "Changing the bulb of the lamp", "Turn it to the left.")
	if !p.finds("changing the bulb", "lamp") {
		t.Error("what is written meanwhile is not found")
	}
	if got := dense(p); got != before {
		t.Errorf("the cosine is %v while the old vectors serve, and was %v", got, before)
	}
	close(hold)
	until(t, "the new vectors serve", func() bool { return dense(p) != before })
	for text, id := range map[string]string{"descaling the kettle": "kettle", "changing the bulb": "lamp"} {
		if !p.finds(text, id) {
			t.Errorf("after the change, %q does not find %s", text, id)
		}
	}
	p.put("cup", "Washing the cup", "Use soap.")
	if !p.finds("washing the cup", "cup") {
		t.Error("what is written after the change is not found")
	}

	// Started again, they serve at once and nothing is embedded again.
	after, passages := dense(p), m.embedded("rinse")
	p.stop()
	p = startServer(t, served)
	if got := dense(p); got != after || m.embedded("rinse") != passages {
		t.Errorf("after a restart the cosine is %v, %v before, and passages were embedded %d times, %d before", got, after, m.embedded("rinse"), passages)
	}
	p.stop()

	// Back again.
	p = startServer(t, local)
	until(t, "the built-in vectors serve", func() bool { return dense(p) == before })
	if !p.finds("washing the cup", "cup") {
		t.Error("back at the old model, what was written under the new one is not found")
	}
	p.stop()
}

// dense is the cosine of a question with the article about kettles: it tells
// one model's vectors from another's.
func dense(p *process) float64 {
	r := p.ask("descaling the kettle with vinegar")
	if r.first() != "kettle" {
		return 0
	}
	return r.Sources[0].Signals["dense"]
}
