package training

import (
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval"
)

func asked(texts ...string) []question {
	qs := make([]question, len(texts))
	for i, text := range texts {
		qs[i] = question{text, text}
	}
	return qs
}

var delivery = []string{
	"When will the courier bring my parcel?", "The courier has not brought the parcel", "Can the courier bring a parcel in the evening?",
	"Where is the courier with my parcel?",
}

func TestQuestionsAboutOneThingMakeATopic(t *testing.T) {
	ts, err := topicsOf(t.Context(), nil, asked(append(delivery, "How do I change my password?", "Do you ship to Malta?")...))
	if err != nil {
		t.Fatal(err)
	}
	if len(ts) != 1 {
		t.Fatalf("got %d topics, want the one that was asked about more than twice: %v", len(ts), ts)
	}
	if got := ts[0]; got.Size != 4 || !strings.Contains(got.Label, "courier") || !strings.Contains(got.Label, "parcel") {
		t.Errorf("the topic is %q of %d questions", got.Label, got.Size)
	}
	l := retrieval.Beliefs{Topics: ts}
	if got := l.TopicOf(t.Context(), "has the courier lost my parcel"); got != ts[0].ID {
		t.Errorf("a like question belongs to %q", got)
	}
	if got := l.TopicOf(t.Context(), "what is the weather"); got != "" {
		t.Errorf("an unlike question belongs to %q", got)
	}
}

func TestTopicsKeepTheirIdentity(t *testing.T) {
	before, err := topicsOf(t.Context(), nil, asked(delivery...))
	if err != nil {
		t.Fatal(err)
	}
	after, err := topicsOf(t.Context(), before, asked("Which courier has my parcel?", "Did the courier drop the parcel?",
		"I lost my gift card", "Can I use a gift card twice?", "The gift card does not work"))
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != 2 || after[0].ID != before[0].ID || after[0].Label != before[0].Label {
		t.Fatalf("yesterday's topic %v became %v", before, after)
	}
	if after[0].Size != before[0].Size+2 {
		t.Errorf("it has %d questions, want two more than %d", after[0].Size, before[0].Size)
	}
	if slices.Equal(after[0].Examples, after[1].Examples) {
		t.Error("two topics have the same examples")
	}
}

func TestTheSameQuestionsMakeTheSameTopics(t *testing.T) {
	a, _ := topicsOf(t.Context(), nil, asked(delivery...))
	b, _ := topicsOf(t.Context(), nil, asked(delivery...))
	if a[0].ID != b[0].ID || a[0].Label != b[0].Label {
		t.Errorf("%v and %v", a, b)
	}
}
