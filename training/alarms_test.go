package training

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A street is a garden in whose workspace questions come in.
type street struct {
	*garden
	rng *rand.Rand
	n   int
}

// newStreet makes a workspace that has had 29 days of 60 questions, each of
// another customer, of ten topics that the helpdesk told.
func newStreet(t *testing.T, db *gorm.DB) *street {
	s := &street{garden: newGarden(t, db), rng: rand.New(rand.NewPCG(3, 9))}
	s.open("shop")
	s.learner.DB = db
	s.now = today
	for i := range 29 * 60 {
		s.ask(fmt.Sprint("told ", i%10), "Where is my parcel?", time.Duration(29*60-i)*24*time.Minute)
	}
	return s
}

// ask adds a question that came a while ago.
func (s *street) ask(topic, text string, ago time.Duration) {
	s.Helper()
	s.n++
	confidence := s.rng.Float64()
	sg := retrieval.Suggestion{
		WorkspaceID: "shop", ID: fmt.Sprintf("s-%05d", s.n), TicketID: fmt.Sprintf("T-%05d", s.n), CustomerID: fmt.Sprintf("c-%05d", s.n),
		Topic: topic, Question: text, Language: "en", RawConfidence: confidence, Decision: retrieval.Drafted, CreatedAt: s.now.Add(-ago),
	}
	if confidence < 0.2 {
		sg.Decision = retrieval.Abstained
	}
	if err := s.learner.Suggestions.Keep(s.Context(), &sg); err != nil {
		s.Fatal(err)
	}
}

// look does the job and returns the notices that it has written in all, oldest
// first.
func (s *street) look(want string) []notice.Notice {
	s.Helper()
	note, err := s.learner.Alarms(s.Context())
	if err != nil || note != want {
		s.Fatalf("note %q, %v; want %q", note, err, want)
	}
	ns, err := notice.NewStore(s.db).Notices(s.Context(), "shop", "alarm.", notice.Page{})
	if err != nil {
		s.Fatal(err)
	}
	slices.Reverse(ns)
	return ns
}

// toldOf is what the tests read of a notice's data.
type toldOf struct {
	Topic, What string
	New         bool
	Count       int
	Customers   int
	Expected, P float64
	Tickets     []string
}

func read(t testing.TB, n notice.Notice) toldOf {
	t.Helper()
	var d toldOf
	if err := json.Unmarshal(n.Data, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestABurstOfATopicThatNobodyKnewIsToldOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := newStreet(t, db)
		if got := s.look("1 quiet"); len(got) != 0 {
			t.Fatalf("a quiet month raises %+v", got)
		}
		for i := range 6 {
			s.ask("", []string{"Heliotrope kettle leaks steam", "My heliotrope kettle leaks steam again"}[i%2], time.Duration(60-i)*time.Minute)
		}
		ns := s.look("1 with alarms")
		if len(ns) != 1 {
			t.Fatalf("%d notices, want 1: %+v", len(ns), ns)
		}
		d := read(t, ns[0])
		if ns[0].Kind != notice.AlarmBurst || !strings.Contains(ns[0].Subject, "heliotrope") || d.Topic != ns[0].Subject || !d.New ||
			d.Count != 6 || d.Customers != 6 || d.Expected > 0.1 || d.P > 0.001 || len(d.Tickets) != 6 || d.Tickets[0] != "T-01746" {
			t.Errorf("notice %s of %q reads %s", ns[0].Kind, ns[0].Subject, ns[0].Data)
		}
		// It goes on, then the topic is found by learning under a name of its own.
		for day := range 3 {
			s.now = s.now.Add(time.Hour)
			if day == 2 {
				s.topic("t-later", "heliotrope kettle leaks steam")
			}
			s.ask("", "The heliotrope kettle leaks steam", time.Minute)
			if ns := s.look("1 with alarms that last"); len(ns) != 1 {
				t.Errorf("%d notices after %d more hours, want 1: %+v", len(ns), day+1, ns[1:])
			}
		}
	})
}

// topic makes a topic of questions like a text.
func (s *street) topic(id, text string) {
	s.Helper()
	topics, err := topicsOf(s.Context(), nil, []question{{"1", text}, {"2", text}, {"3", text}})
	if err != nil || len(topics) != 1 {
		s.Fatalf("%d topics, %v", len(topics), err)
	}
	topics[0].ID = id
	if err := s.learner.Suggestions.SetBeliefs(s.Context(), "shop", retrieval.Beliefs{Topics: topics}); err != nil {
		s.Fatal(err)
	}
}

func TestAFloodAmongAKnownTopicIsTold(t *testing.T) {
	s := newStreet(t, sqldbtest.SQLite(t))
	for i := range 8 {
		s.ask(fmt.Sprint("told ", i%4), "Heliotrope kettle leaks steam", time.Duration(60-i)*time.Minute)
	}
	ns := s.look("1 with alarms")
	if len(ns) != 1 || ns[0].Kind != notice.AlarmBurst {
		t.Fatalf("got %+v, want one burst", ns)
	}
	if d := read(t, ns[0]); d.Count != 8 || d.Customers != 8 || !d.New || len(d.Tickets) != 8 || !strings.Contains(d.Topic, "heliotrope") {
		t.Errorf("notice reads %s", ns[0].Data)
	}
	// The helpdesk sorts what comes next: it is the same alarm.
	for i := range 4 {
		s.now = s.now.Add(10 * time.Minute)
		s.ask("kettles", "Heliotrope kettle leaks steam", time.Duration(i)*time.Minute)
		if ns := s.look("1 with alarms that last"); len(ns) != 1 {
			t.Errorf("%d notices, want 1: %s", len(ns), ns[len(ns)-1].Data)
		}
	}
	// No word of a customer is remembered.
	var text string
	if err := s.db.Raw("SELECT value FROM state WHERE name = ?", stateOfAlarms("shop")).Scan(&text).Error; err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "flood:T-") || strings.Contains(text, "eliotrop") {
		t.Errorf("remembered: %.300s", text)
	}
}

func TestATopicThatWasFoundTodayHasItsPastUnderIt(t *testing.T) {
	s := newStreet(t, sqldbtest.SQLite(t))
	// Somebody asks every day. When learning makes that a topic, the questions
	// of the last hours come under its name, and those before had none.
	for day := range 28 {
		for hour := range 3 {
			s.ask("", "Heliotrope kettle leaks steam", time.Duration(24*day+2*hour)*time.Hour+time.Hour)
		}
	}
	s.topic("t-kettle", "Heliotrope kettle leaks steam")
	for i := range 3 {
		s.ask("t-kettle", "Heliotrope kettle leaks steam", time.Duration(i+1)*10*time.Minute)
	}
	if got := s.look("1 quiet"); len(got) != 0 {
		t.Errorf("got %s: %s", got[0].Kind, got[0].Data)
	}
}

func TestANewTopicThatTricklesIsTold(t *testing.T) {
	s := newStreet(t, sqldbtest.SQLite(t))
	for i := range 5 {
		s.ask("", "Heliotrope kettle leaks steam", time.Duration(i*26+25)*time.Hour)
	}
	ns := s.look("1 with alarms")
	if len(ns) != 1 || ns[0].Kind != notice.AlarmNewTopic {
		t.Fatalf("got %+v, want one new topic", ns)
	}
	if d := read(t, ns[0]); d.Count != 5 || d.Customers != 5 || len(d.Tickets) != 5 || !strings.Contains(d.Topic, "kettle") {
		t.Errorf("notice reads %s", ns[0].Data)
	}
}

func TestAnswersThatStopComingAreADrift(t *testing.T) {
	for _, tt := range []struct {
		name  string
		set   map[string]any
		want  string
		drift []string
	}{
		{"abstentions", map[string]any{"decision": retrieval.Abstained}, "1 with alarms", []string{"abstained"}},
		{"confidence", map[string]any{"raw_confidence": 0.1}, "1 with alarms", []string{"confidence"}},
		{"an outage is no drift", map[string]any{"decision": retrieval.Abstained, "blind": retrieval.BlindOutage}, "1 quiet", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStreet(t, sqldbtest.SQLite(t))
			err := s.db.Model(&retrieval.Suggestion{}).Where("created_at > ?", s.now.Add(-24*time.Hour)).Updates(tt.set).Error
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range s.look(tt.want) {
				d := read(t, n)
				if n.Kind != notice.AlarmDrift || len(d.Tickets) != 20 {
					t.Errorf("notice %s reads %s", n.Kind, n.Data)
				}
				got = append(got, d.What)
			}
			if !slices.Equal(got, tt.drift) {
				t.Errorf("drifts of %v, want %v", got, tt.drift)
			}
		})
	}
}

func TestWhatIsRememberedOfAlarmsHoldsNoWords(t *testing.T) {
	s := newStreet(t, sqldbtest.SQLite(t))
	for i := range 6 {
		s.ask("", "Heliotrope kettle leaks steam", time.Duration(60-i)*time.Minute)
	}
	s.look("1 with alarms")
	var text string
	if err := s.db.Raw("SELECT value FROM state WHERE name = ?", stateOfAlarms("shop")).Scan(&text).Error; err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "burst:t-") || strings.Contains(text, "kettle") || strings.Contains(text, "eliotrope") {
		t.Errorf("remembered: %.300s", text)
	}
}

func TestAlarmsNeedADatabase(t *testing.T) {
	if note, err := new(Learner).Alarms(t.Context()); err != nil || note != "nothing to do" {
		t.Errorf("note %q, %v", note, err)
	}
}
