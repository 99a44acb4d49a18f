package retrieval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// An Answerer makes suggestions: the path from a question to a reply or a
// reason for none. Set its fields before first use; its methods may be called
// from many goroutines.
type Answerer struct {
	KB        *kb.DB
	Store     *Store
	Generator Generator
	Log       *slog.Logger
	Now       func() time.Time // nil: time.Now

	space  atomic.Pointer[Space]
	reader reader // of questions and sources
}

// A Space is one model's vectors: who makes them and where they are searched.
type Space struct {
	Embedder embeddings.Embedder
	Index    Index
	Semantic bool // the vectors compare meanings; false: only words, which are compared already
}

// Serve makes the answerer search in s from the next question on.
func (a *Answerer) Serve(s Space) { a.space.Store(&s) }

// Serving reports whether there is an index to search.
func (a *Answerer) Serving() bool { return a.space.Load() != nil }

// Serves returns what is searched; ok is false while there is nothing.
func (a *Answerer) Serves() (s Space, ok bool) {
	if p := a.space.Load(); p != nil {
		return *p, true
	}
	return Space{}, false
}

// An Ask is a request for a suggestion.
type Ask struct {
	Workspace     string
	TicketID      string
	Messages      []Message
	Locale        string // the customer's language; empty: found out
	Filter        Filter
	Without       []string // ids of a few documents to leave out: to find out what would be without them
	OperatorID    string
	OperatorGroup string
	Mode          Mode   // empty: ForOperator
	Limit         int    // sources at most; 0: 5
	Profile       string // empty: the workspace's default
	Unlearned     bool   // rank as if there had been no feedback
	CustomerID    string // who asks, for erasing; empty: not said
	Topic         string // as the helpdesk sorts the ticket; empty: found out
	Pilot         string // to be stamped on the suggestion; empty: none
	Arm           string // likewise: ArmPilot or ArmControl
}

// A Watch is told of a suggestion while it is made. Each may be nil.
type Watch struct {
	Sources func([]Cited) // once, before any text
	Text    func(string)  // each finished piece of the reply
	Doubt   func(string)  // each finished piece that no source supports, in its place among the others
}

// Suggest answers the question of a dialogue and keeps what it answered. That
// nothing fits is an outcome, with its reason in the suggestion, and no error.
// The error is ErrInvalid for a dialogue without a question, ErrNotFound for an
// unknown profile, and ErrUnavailable where index or database do not answer.
func (a *Answerer) Suggest(ctx context.Context, ask Ask, w Watch) (Suggestion, error) {
	s, err := a.answer(ctx, ask, w)
	if err != nil {
		return Suggestion{}, err
	}
	return s, a.Store.Keep(ctx, &s)
}

// Try answers the question of a dialogue as Suggest does and keeps nothing: it
// is for finding out what would be answered. Its errors are those of Suggest.
func (a *Answerer) Try(ctx context.Context, ask Ask) (Suggestion, error) {
	return a.answer(ctx, ask, Watch{})
}

// answer is the path from a question to a suggestion.
func (a *Answerer) answer(ctx context.Context, ask Ask, w Watch) (Suggestion, error) {
	clock := newClock()
	t, err := a.take(ctx, ask)
	if err != nil {
		return Suggestion{}, err
	}
	clock.lap(&t.took.Analyze)
	found, err := a.find(ctx, t, t.filter(), &clock)
	if err != nil {
		return Suggestion{}, err
	}
	evidence, err := a.evidence(ctx, t, &found)
	if err != nil {
		return Suggestion{}, err
	}
	s := a.begun(ask, t)
	s.Candidates = found.candidates
	sure, reason := t.judge(&found, evidence)
	s.Confidence, s.RawConfidence, s.AbstainReason = sure.shown, sure.raw, reason
	if s.AbstainReason != NoEvidence { // what shares a word by chance is no source
		s.Sources = t.cited(found.ranked, evidence)
	}
	if w.Sources != nil {
		w.Sources(s.Sources)
	}
	if s.AbstainReason != "" && s.AbstainReason != NotCalibrated && ask.Mode == ForCustomer {
		s.AbstainReason, err = a.restricted(ctx, t, s.AbstainReason)
		if err != nil {
			return Suggestion{}, err
		}
	}
	if s.AbstainReason == "" {
		if err := a.write(ctx, t, evidence, w, &s); err != nil {
			return Suggestion{}, err
		}
	}
	clock.lap(&t.took.Answer)
	if s.Decision = t.decide(&s); s.Decision == Abstained {
		if s.Blind, err = a.blindness(ctx, t, &found); err != nil {
			return Suggestion{}, err
		}
	}
	t.took.Total = clock.total()
	s.Took = t.took
	return s, nil
}

// Found is the result of a search without an answer.
type Found struct {
	Sources  []Cited
	Parts    []Parts // of each source
	Ranker   int64   // the version of what was learned that ranked them; 0: none
	Language string
	Profile  string
	Took     Took
}

// Search finds the sources that bear on a question and keeps nothing. Its
// errors are those of Suggest.
func (a *Answerer) Search(ctx context.Context, ask Ask) (Found, error) {
	clock := newClock()
	t, err := a.take(ctx, ask)
	if err != nil {
		return Found{}, err
	}
	clock.lap(&t.took.Analyze)
	found, err := a.find(ctx, t, t.filter(), &clock)
	if err != nil {
		return Found{}, err
	}
	evidence, err := a.evidence(ctx, t, &found)
	if err != nil {
		return Found{}, err
	}
	t.took.Total = clock.total()
	return Found{
		Sources: t.cited(found.ranked, evidence), Parts: t.parts(found.ranked), Ranker: t.ranker,
		Language: t.language, Profile: t.profile.Name, Took: t.took,
	}, nil
}

// find searches and ranks. A model server that does not answer costs the
// dense half of the search and not the suggestion.
func (a *Answerer) find(ctx context.Context, t *task, f Filter, clock *clock) (findings, error) {
	space := a.space.Load()
	if space == nil {
		return findings{}, fmt.Errorf("%w: it is still being opened", ErrUnavailable)
	}
	dense, err := space.embed(ctx, t)
	if errors.Is(err, embeddings.ErrUnavailable) && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "searching by words alone", "error", err)
		t.wordsOnly, err = true, nil
	}
	if err != nil {
		return findings{}, err
	}
	clock.lap(&t.took.Embed)
	if t.learned.Tuned {
		if t.moved, err = a.Store.tuned(ctx, t.ask.Workspace, t.ranker, space.Embedder.Model()); err != nil {
			return findings{}, err
		}
	}
	found, err := space.search(ctx, t, t.query(dense, f), clock)
	if err != nil {
		return found, err
	}
	found.standing, err = t.stand(ctx, &found)
	return found, err
}

// Rank returns the ids of the documents that bear on a question, best first,
// as Suggest would rank them by the profile. It is for measuring.
func Rank(ctx context.Context, s Space, p Profile, ask Ask) ([]string, error) {
	t, err := newTask(ask, p)
	if err != nil {
		return nil, err
	}
	dense, err := s.embed(ctx, t)
	if err != nil {
		return nil, err
	}
	found, err := s.search(ctx, t, t.query(dense, t.filter()), new(clock))
	ids := make([]string, len(found.ranked))
	for i, r := range found.ranked {
		ids[i] = r.Source.ID
	}
	return ids, err
}

// embed returns the question's vector.
func (s *Space) embed(ctx context.Context, t *task) (embeddings.Vector, error) {
	vectors, err := s.Embedder.Embed(ctx, []string{joined("", t.context, t.search)})
	if err != nil {
		return nil, fmt.Errorf("retrieval: embed question: %w", err)
	}
	return vectors[0], nil
}

// evidence reads the found documents. What has changed or gone since it was
// indexed is left out; the index will follow.
func (a *Answerer) evidence(ctx context.Context, t *task, found *findings) ([]Evidence, error) {
	if len(found.ranked) == 0 {
		return nil, nil
	}
	ids := make([]string, len(found.ranked))
	for i, r := range found.ranked {
		ids[i] = r.Source.ID
	}
	docs, err := a.KB.In(t.ask.Workspace).Texts(ctx, ids)
	if err != nil {
		return nil, err
	}
	found.ranked = slices.DeleteFunc(found.ranked, func(r ranked) bool {
		d, ok := docs[r.Source.ID]
		return !ok || d.Status != kb.Published || d.Revision != r.Source.Revision ||
			t.ask.Mode == ForCustomer && t.doubts.Quarantined[r.Source.ID]
	})
	out := make([]Evidence, len(found.ranked))
	for i, r := range found.ranked {
		d := docs[r.Source.ID]
		out[i] = evidenceOf(&d, &r)
	}
	return out, nil
}

// evidenceOf is what may be quoted of a document: an article's body around the
// best passage, or the whole of a case's resolution.
func evidenceOf(d *kb.Document, r *ranked) Evidence {
	e := Evidence{Source: r.Source, Score: r.Score, Text: quotable(d), Start: r.Passage.Start, End: r.Passage.End}
	if d.Kind == kb.Case {
		e.Problem, e.Start, e.End = d.Problem, 0, runeLen(d.Resolution)
	}
	return e
}

// restricted turns the reason for having no answer for a customer into
// Restricted if internal sources would have had one.
func (a *Answerer) restricted(ctx context.Context, t *task, reason Reason) (Reason, error) {
	f := t.ask.Filter
	if len(f.Audiences) > 0 {
		return reason, nil
	}
	f.Audiences = []kb.Audience{kb.Internal}
	apart := *t // the suggestion's times are those of its own search
	found, err := a.find(ctx, &apart, f, new(clock))
	if err != nil {
		return reason, err
	}
	evidence, err := a.evidence(ctx, &apart, &found)
	if err != nil {
		return reason, err
	}
	if _, why := t.judge(&found, evidence); why == "" || why == NotCalibrated {
		return Restricted, nil
	}
	return reason, nil
}

// write has the reply written and notes in s what came of it.
func (a *Answerer) write(ctx context.Context, t *task, evidence []Evidence, w Watch, s *Suggestion) error {
	answer, err := a.Generator.Generate(ctx, Request{
		Question: joined("", t.context, t.question), Dialogue: t.earlier, Language: t.language, Instructions: t.profile.Instructions, Evidence: evidence,
		ForOperator: s.Mode == ForOperator, Doubt: w.Doubt, reader: &a.reader,
	}, w.Text)
	if err != nil {
		return fmt.Errorf("retrieval: write answer: %w", err)
	}
	s.Answer, s.AbstainReason = answer, answer.Abstain
	if answer.Abstain == "" {
		s.AbstainReason = t.weigh(&s.Answer, evidence)
	}
	// A case has placeholders of its own, for another customer's data. Where
	// one is also the question's, nobody could tell whose it is in the answer.
	maps.DeleteFunc(s.Originals, func(token, _ string) bool {
		return slices.ContainsFunc(evidence, func(e Evidence) bool { return strings.Contains(e.Text, token) })
	})
	return nil
}

// Shares of the best source's score that the best cited one must have: the
// confidence is that of the best source, and what was written from a much
// worse one does not deserve it.
const (
	citedNear    = 0.6
	citedNearest = 0.85 // for an answer that is sent unattended
)

// weigh looks at which sources the answer rests on: it returns LowConfidence
// if they are far behind the best, and notes where one is internal.
func (t *task) weigh(answer *Answer, evidence []Evidence) Reason {
	best, internal, doubt := 0.0, false, false
	for _, c := range answer.Citations {
		if i := c.Marker - 1; i >= 0 && i < len(evidence) {
			best = max(best, evidence[i].Score)
			if t.ask.Mode != ForCustomer {
				best = max(best, vouched(evidence, evidence[i].Source.ID))
			}
			internal = internal || evidence[i].Source.Audience == kb.Internal
			doubt = doubt || t.doubts.Quarantined[evidence[i].Source.ID]
		}
	}
	near := citedNear
	if t.ask.Mode == ForCustomer {
		near = citedNearest
	}
	if len(evidence) > 0 && best < near*evidence[0].Score {
		return LowConfidence
	}
	if internal {
		answer.Notice = joined("", answer.Notice, internalNotice(t.language))
	}
	if doubt {
		answer.Notice = joined("", answer.Notice, doubtful(t.language))
	}
	return ""
}

// internalNotice warns of an answer that rests on what customers may not read.
func internalNotice(language string) string {
	if language == "ru" {
		return "Ответ опирается на внутренний источник: не пересылайте его клиенту как есть."
	}
	return "This rests on an internal source: do not send it to the customer as it is."
}

// begun is the suggestion before it is decided.
func (a *Answerer) begun(ask Ask, t *task) Suggestion {
	mode := ask.Mode
	if mode == "" {
		mode = ForOperator
	}
	return Suggestion{
		WorkspaceID: ask.Workspace, ID: ulid.Make().String(), TicketID: ask.TicketID, OperatorID: ask.OperatorID,
		OperatorGroup: ask.OperatorGroup, Profile: t.profile.Name, Mode: mode, Language: t.language,
		Question: joined("", t.context, t.question), Originals: t.originals,
		CustomerID: ask.CustomerID, Pilot: ask.Pilot, Arm: ask.Arm, Ranker: t.ranker, Topic: t.topic,
		CreatedAt: a.now().UTC().Truncate(time.Microsecond),
	}
}

// decide says what the suggestion offers: only a confident and fully grounded
// reply goes out unattended.
func (t *task) decide(s *Suggestion) Decision {
	if s.AbstainReason != "" {
		return Abstained
	}
	if s.Mode != ForCustomer {
		return Drafted
	}
	if len(s.Answer.Unproven) > 0 {
		s.AbstainReason = NotGrounded
		return Abstained
	}
	if s.Confidence < t.least() {
		s.AbstainReason = LowConfidence
		return Abstained
	}
	return Answered
}

func (a *Answerer) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}
