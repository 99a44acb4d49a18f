package training

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/alarm"
)

// trafficMost bounds what is read to look for alarms: four weeks of a helpdesk
// with 3,000 questions a day. A larger one is compared with less of its past.
const trafficMost = 100_000

// Alarms tells of topics that burst, of topics that are new, and of answers
// that have become less certain, or more: see package alarm. What was told of
// is not told again while it lasts. It does nothing where DB is nil.
func (l *Learner) Alarms(ctx context.Context) (note string, err error) {
	if l.DB == nil {
		return "nothing to do", nil
	}
	return l.each(ctx, l.alarms)
}

// alarmed is what is remembered of alarms between runs. It holds no words of
// customers.
type alarmed struct {
	Raised []alarm.Raised    `json:"raised"`
	Groups []retrieval.Topic `json:"groups"` // that alarms were raised of and no topic is of, without labels

	// Tickets are those that each burst, flood and new topic was last found
	// with: an alarm about the same tickets is the same alarm.
	Tickets map[string][]string `json:"tickets"`
}

func stateOfAlarms(workspace string) string { return "alarms/" + workspace }

// alarms looks at one workspace. Notices and what is remembered of them are
// written together, so that a run that is killed tells nothing twice.
func (l *Learner) alarms(ctx context.Context, workspace string) (string, error) {
	now := l.now().UTC()
	passing, err := l.Suggestions.Traffic(ctx, workspace, now.Add(-alarm.Past), trafficMost)
	if err != nil {
		return "", err
	}
	var before alarmed
	text, known, err := sqldb.State(ctx, l.DB, stateOfAlarms(workspace))
	if err != nil {
		return "", err
	}
	if known {
		if err := json.Unmarshal([]byte(text), &before); err != nil {
			return "", fmt.Errorf("what is remembered of alarms: %w", err)
		}
	}
	if len(passing) == 0 && len(before.Raised) == 0 {
		return "without traffic", nil
	}
	beliefs, err := l.Suggestions.Beliefs(ctx, workspace)
	if err != nil {
		return "", err
	}
	w := &patrol{workspace: workspace, now: now, before: before, labels: make(map[string]string), surface: make(map[string]string)}
	if err := w.sort(ctx, passing, beliefs.Topics); err != nil {
		return "", err
	}
	w.look()
	return w.tell(ctx, l.DB)
}

// A patrol is the traffic of a workspace and what is to be told of it.
type patrol struct {
	workspace string
	now       time.Time
	before    alarmed
	seen      []alarm.Seen
	sighted   []alarm.Seen // of those, what the search could tell anything of
	labels    map[string]string
	surface   map[string]string // of stems, the shortest word
	groups    []retrieval.Topic
	found     []sighting
}

// A sighting is an alarm that was found, and what is told of it.
type sighting struct {
	key     string
	silent  bool     // it is remembered and not told of
	tickets []string // of a burst, a flood or a new topic
	notice  notice.Notice
}

// look finds the alarms.
func (w *patrol) look() {
	for _, b := range alarm.Bursts(w.seen, w.now) {
		w.burst(&b)
	}
	for _, f := range alarm.Floods(w.seen, w.now) {
		w.flood(&f)
	}
	for _, n := range alarm.NewTopics(w.seen, w.now) {
		w.novel(&n)
	}
	for _, d := range alarm.Drifts(w.sighted, w.now) {
		w.drift(&d)
	}
}

func (w *patrol) add(key string, kind notice.Kind, subject string, data map[string]any) {
	w.found = append(w.found, sighting{key: key, notice: notice.Notice{
		WorkspaceID: w.workspace, Kind: kind, Subject: subject, Data: notice.JSON(data), At: w.now,
	}})
}

func (w *patrol) burst(b *alarm.Burst) {
	w.add("burst:"+b.Topic, notice.AlarmBurst, w.labels[b.Topic], map[string]any{
		"topic": w.labels[b.Topic], "topic_id": b.Topic, "new": b.New, "window": b.Window, "since": b.Since, "count": b.Count,
		"expected": digits(b.Expected), "customers": b.Customers, "p": digits(b.P), "tickets": b.Tickets,
	})
	w.about(b.Tickets)
}

// flood tells of questions that are like each other, unless a burst of their
// topic has told of them.
func (w *patrol) flood(f *alarm.Burst) {
	label := w.words(f.Terms)
	key := "flood:" // of questions that no ticket is of: there is one at a time
	if n := len(f.Tickets); n > 0 {
		key += f.Tickets[n-1]
	}
	w.add(key, notice.AlarmBurst, label, map[string]any{
		"topic": label, "topic_id": "", "new": f.New, "window": f.Window, "since": f.Since, "count": f.Count,
		"expected": digits(f.Expected), "customers": f.Customers, "p": digits(f.P), "tickets": f.Tickets,
	})
	w.about(f.Tickets)
}

// novel tells of a new topic, unless a burst or a flood has told of it.
func (w *patrol) novel(n *alarm.NewTopic) {
	w.add("new:"+n.Topic, notice.AlarmNewTopic, w.labels[n.Topic], map[string]any{
		"topic": w.labels[n.Topic], "topic_id": n.Topic, "first_at": n.First, "count": n.Count, "customers": n.Customers,
		"p": digits(n.P), "tickets": n.Tickets,
	})
	w.about(n.Tickets)
}

func (w *patrol) drift(d *alarm.Drift) {
	direction := "down"
	if d.After > d.Before {
		direction = "up"
	}
	subject := fmt.Sprintf("%s %.2f → %.2f", d.Measure, d.Before, d.After)
	w.add("drift:"+string(d.Measure)+":"+direction, notice.AlarmDrift, subject, map[string]any{
		"what": d.Measure, "before": digits(d.Before), "after": digits(d.After), "effect": digits(d.Effect), "measured": d.Count,
		"p": digits(d.P), "tickets": d.Tickets,
	})
}

// digits keeps three, which is all that such figures are worth.
func digits(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) {
		return 0 // below what a float can scale
	}
	return math.Round(x*scale) / scale
}

// tell writes notices of what is news, and remembers it.
func (w *patrol) tell(ctx context.Context, db *gorm.DB) (string, error) {
	keys := make([]string, len(w.found))
	for i := range w.found {
		keys[i] = w.found[i].key
	}
	fresh, remember := alarm.Fresh(keys, w.before.Raised, w.now)
	text, err := json.Marshal(alarmed{Raised: remember, Groups: w.kept(remember), Tickets: w.tickets(remember)})
	if err != nil {
		return "", err
	}
	told := 0
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		told = 0
		for i := range w.found {
			f := &w.found[i]
			if f.silent || !slices.Contains(fresh, f.key) {
				continue
			}
			if err := notice.Add(ctx, tx, f.notice); err != nil {
				return err
			}
			told++
		}
		return sqldb.SetState(ctx, tx, stateOfAlarms(w.workspace), string(text))
	})
	switch {
	case err != nil:
		return "", err
	case told > 0:
		return "with alarms", nil
	case len(remember) > 0:
		return "with alarms that last", nil
	}
	return "quiet", nil
}

// kept returns the groups that remembered alarms are of.
func (w *patrol) kept(remember []alarm.Raised) []retrieval.Topic {
	groups := []retrieval.Topic{}
	for _, g := range w.groups {
		about := func(r alarm.Raised) bool { return r.Key == "burst:"+g.ID || r.Key == "new:"+g.ID }
		if slices.ContainsFunc(remember, about) {
			groups = append(groups, retrieval.Topic{ID: g.ID, Centroid: g.Centroid, Size: g.Size})
		}
	}
	return groups
}
