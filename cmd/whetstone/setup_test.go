package main

import (
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
	"github.com/whetstone-desk/whetstone/feedback"
)

func TestModelsAreTriedWithoutShowingTheirKeys(t *testing.T) {
	const key = "sesame-key"
	m := newModelServer(t, &openaitest.Server{Key: key, Model: "m1", Reply: "We are open from nine to six. [1]"})
	s := newShell(t)
	for name, value := range map[string]string{"EMBEDDINGS_URL": m.at, "EMBEDDINGS_MODEL": "m1", "EMBEDDINGS_KEY": key, "CHAT_URL": m.at, "CHAT_MODEL": "m1", "CHAT_KEY": key} {
		t.Setenv("WHETSTONE_"+name, value)
	}
	a := s.open()
	got := a.tryModels(t.Context())
	if !got.Embeddings.OK || got.Embeddings.Dim != 64 || !got.Chat.OK || !strings.Contains(got.Chat.Said, "nine to six") {
		t.Errorf("with a server that works: %+v", got)
	}
	if set := a.setup(); !set.Chat.Key || set.Chat.URL != m.at || set.Chat.Model != "m1" || set.Chat.TimeoutMS != 20000 || set.KeepDays != 30 || set.NoticeDays != 180 {
		t.Errorf("the setup is %+v", set)
	}
	if text := a.unkeyed("the key " + key + " is wrong"); strings.Contains(text, key) {
		t.Errorf("a key is shown: %s", text)
	}
	m.away()
	got = a.tryModels(t.Context())
	if got.Embeddings.OK || got.Chat.OK || got.Embeddings.Fault == "" || got.Chat.Fault == "" {
		t.Errorf("with a server that is away: %+v", got)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsBuiltInIsTriedToo(t *testing.T) {
	s := newShell(t)
	a := s.open()
	if got := a.tryModels(t.Context()); !got.Embeddings.OK || !got.Chat.OK || !strings.Contains(got.Chat.Said, "nine to six") {
		t.Errorf("what is built in: %+v", got)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
}

func TestAServerErasesWhatItServes(t *testing.T) {
	s := newShell(t)
	s.customers()
	a := s.open()
	done, err := a.erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
	if err != nil || done.Suggestions != 1 || done.Cases != 1 || !done.Refitted {
		t.Errorf("erased %+v, %v", done, err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	if files := s.holds("marzipan"); len(files) > 0 && (len(files) > 1 || !strings.Contains(files[0], "index")) {
		t.Logf("the index's files hold it until they are merged: %v", files)
	}
	for _, file := range s.holds("marzipan") {
		if strings.HasPrefix(file, "whetstone.db") {
			t.Errorf("%s holds what was erased", file)
		}
	}
}
