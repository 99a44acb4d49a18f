package retrieval

import (
	"context"
	"fmt"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/redact"
)

// A task is a question made ready: what to search for, in whose words, how.
type task struct {
	ask        Ask
	profile    Profile
	question   string // the customer's latest words, without personal data
	words      string // the same as written, to look up in the index and nowhere else
	search     string // the same without personal data and placeholders
	context    string // what gives it its subject, likewise; may be empty
	earlier    []Message
	originals  kb.Originals
	language   string
	semantic   bool // vectors tell more than words do; see Space
	wordsOnly  bool // the model server did not answer
	learned    Learned
	ranker     int64 // version of learned
	beliefs    Beliefs
	caseWeight float64             // of what cases say
	topic      string              // in which learned counts
	factors    Factors             // of the topic
	moved      moved               // vectors that were moved by what was learned
	overrides  map[string]Override // what people decided over learned, by source
	doubts     Doubts
	absorbed   map[string]Usefulness // what was learned of documents that were merged into these
	took       Took
	reader     *reader // that has met the words of questions and sources before
}

// take makes the question ready with the profile that the ask names.
func (a *Answerer) take(ctx context.Context, ask Ask) (*task, error) {
	profile, err := a.Store.Profile(ctx, ask.Workspace, ask.Profile)
	if err != nil {
		return nil, err
	}
	t, err := newTask(ask, profile)
	if err != nil {
		return nil, err
	}
	t.reader = &a.reader
	return t, a.lessons(ctx, t)
}

// lessons gives the task what feedback taught.
func (a *Answerer) lessons(ctx context.Context, t *task) (err error) {
	ws := t.ask.Workspace
	if t.ask.Unlearned {
		t.profile.Ranker = NoRanker
	}
	if t.learned, t.ranker, err = a.Store.learned(ctx, ws, t.profile.Ranker); err != nil {
		return err
	}
	if t.profile.Ranker != NoRanker {
		if t.beliefs, err = a.Store.Beliefs(ctx, ws); err != nil {
			return err
		}
		t.caseWeight = t.beliefs.Trusted()
	}
	if t.overrides, err = a.Store.sourceOverrides(ctx, ws); err != nil {
		return err
	}
	if t.doubts, err = a.Store.Doubts(ctx, ws); err != nil {
		return err
	}
	t.absorbed = t.learned.absorbed(&t.doubts)
	if t.topic = t.ask.Topic; t.topic == "" {
		t.topic = t.beliefs.TopicOf(ctx, joined("", t.context, t.search))
	}
	t.factors = t.learned.For(t.topic)
	return nil
}

// bonus is what operators, and people who overrule what was learned, add to a
// source's score.
func (t *task) bonus(s *Source) float64 {
	o := t.overrides[s.ID]
	if o.Action == Pin {
		return MaxBonus
	}
	if o.Action == Reset && !t.learned.Through.After(o.At) {
		return 0 // what came after has yet to be learned
	}
	if u, ok := t.absorbed[s.ID]; ok {
		return u.bonus(t.topic, s.Revision)
	}
	return t.learned.Bonus(s.ID, t.topic, s.Revision)
}

// newTask reads the question out of the dialogue and takes personal data out
// of it: nothing behind this point sees any.
func newTask(ask Ask, profile Profile) (*task, error) {
	if ask.Mode != "" && ask.Mode != ForOperator && ask.Mode != ForCustomer {
		return nil, fmt.Errorf("%w: mode %q: use draft or answer", ErrInvalid, ask.Mode)
	}
	q, err := read(ask.Messages)
	if err != nil {
		return nil, err
	}
	r := new(redact.Redactor)
	t := &task{ask: ask, profile: profile, words: q.text, question: r.Redact(q.text)}
	t.search, t.context = withoutPlaceholders(t.question), withoutPlaceholders(r.Redact(q.context))
	for _, m := range q.earlier {
		m.Text = r.Redact(m.Text)
		t.earlier = append(t.earlier, m)
	}
	t.originals = r.Originals()
	if t.language = ask.Locale; t.language == "" {
		t.language = embeddings.Language(t.search)
	}
	if t.language == "und" && t.context != "" {
		t.language = embeddings.Language(t.context)
	}
	return t, nil
}

// filter is what may be searched for the task.
func (t *task) filter() Filter {
	f := t.ask.Filter
	if t.ask.Mode != ForCustomer {
		return f
	}
	if len(f.Audiences) > 0 && !slices.Contains(f.Audiences, kb.Public) {
		f.Audiences = []kb.Audience{nobody} // internal sources for a customer: there are none
	} else {
		f.Audiences = []kb.Audience{kb.Public}
	}
	return f
}

// nobody is an audience that no document has.
const nobody kb.Audience = "nobody"
