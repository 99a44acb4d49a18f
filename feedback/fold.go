package feedback

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// A folded is what the events of one suggestion say, before any text is
// compared with a source.
type folded struct {
	Judgement
	draft  string // what was offered, with markers; empty: nothing was
	final  string // what was sent; empty: not known
	edited bool   // final is an operator's own text

	votes  map[string]map[string]string // by source and operator: the latest vote
	opened map[string]bool              // by source: by whoever judged
	copied map[string]bool              // by source, likewise; "" is the draft
	rated  map[string]float64           // by operator: the latest score
}

// fold works out what the events come to. It is a function of the set of the
// events: their order does not matter, nor how often one of them is there.
//
// Superseded events do not count. Of one kind the latest of each operator
// counts. What was done with the draft is read in the order of time: a
// rejection takes back what was sent before, and what is sent after it counts
// again; a text that was sent instead of the draft outdoes the word that the
// draft was sent, since the text is there to be seen.
func fold(s *retrieval.Suggestion, events []Event) *folded {
	f := &folded{
		Judgement: Judgement{
			WorkspaceID: s.WorkspaceID, SuggestionID: s.ID, TicketID: s.TicketID, OperatorID: s.OperatorID,
			OperatorGroup: s.OperatorGroup, Language: s.Language, Profile: s.Profile, Pilot: s.Pilot, Arm: s.Arm,
			Ranker: s.Ranker, Topic: s.Topic, Decision: s.Decision, Confidence: s.Confidence,
			Distance: -1, Rating: -1, SuggestedAt: s.CreatedAt, At: s.CreatedAt,
		},
		votes: make(map[string]map[string]string), opened: make(map[string]bool),
		copied: make(map[string]bool), rated: make(map[string]float64),
	}
	if s.Decision != retrieval.Abstained {
		f.draft = s.Answer.Text
	}
	for _, e := range events {
		f.Seq = max(f.Seq, e.Seq)
	}
	es := counting(events)
	for i := range es {
		f.add(s, &es[i])
	}
	f.close(s, es)
	return f
}

// counting returns the events that count, each once, in the order of time.
func counting(events []Event) []Event {
	out := make(map[string]bool)
	for _, e := range events {
		out[e.Supersedes] = true
	}
	var es []Event
	for _, e := range events {
		if !out[e.ID] {
			es = append(es, e)
			out[e.ID] = true
		}
	}
	slices.SortFunc(es, func(a, b Event) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) })
	return es
}

// add takes the next event in the order of time into account.
func (f *folded) add(s *retrieval.Suggestion, e *Event) {
	f.At = e.At
	switch e.Kind {
	case Sent, Edited, Rejected:
		f.decide(s, e)
	case Rated:
		f.rated[e.OperatorID] = e.Score
	case Voted:
		if f.votes[e.SourceID] == nil {
			f.votes[e.SourceID] = make(map[string]string)
		}
		f.votes[e.SourceID][e.OperatorID] = e.Value
	case Missing:
		f.Missing = true
	case Resulted:
		f.Outcome.add(e.Outcome)
	case Displayed, Opened, Copied: // close reads them, when it is known who judged
	}
}

// decide notes what was done with the draft.
func (f *folded) decide(s *retrieval.Suggestion, e *Event) {
	switch {
	case e.Kind == Rejected:
		f.Used, f.Reason = Refused, e.Value
		if !f.edited {
			f.final = "" // what was sent is what is rejected
		}
	case e.Kind == Edited:
		f.Used, f.final, f.edited = Changed, e.Text, true
	case f.draft == "" || f.Used == Changed:
		return
	default:
		f.Used, f.final, f.edited = Unchanged, unmarked(&s.Answer), false
	}
	f.OperatorID = e.OperatorID
}

// add fills in what o says.
func (o *Outcome) add(later *Outcome) {
	if later == nil {
		return
	}
	o.Status = cmp.Or(later.Status, o.Status)
	o.Satisfaction = cmp.Or(later.Satisfaction, o.Satisfaction)
	o.NPS = cmp.Or(later.NPS, o.NPS)
	o.FirstResponse = cmp.Or(later.FirstResponse, o.FirstResponse)
	o.Handling = cmp.Or(later.Handling, o.Handling)
	o.Bot, o.Private = o.Bot || later.Bot, o.Private || later.Private
}

// close works out what needs all of the events.
func (f *folded) close(s *retrieval.Suggestion, es []Event) {
	if f.Used == Unknown {
		f.OperatorID = judge(s, es)
	}
	if len(f.rated) > 0 {
		sum := 0.0
		for _, operator := range slices.Sorted(maps.Keys(f.rated)) { // in one order, so that equal sets have equal means
			sum += f.rated[operator]
		}
		f.Rating = sum / float64(len(f.rated))
	}
	whose := func(e Event) bool { return e.Kind == Displayed && e.OperatorID == f.OperatorID }
	if !slices.ContainsFunc(es, whose) {
		whose = func(e Event) bool { return e.Kind == Displayed }
	}
	for _, e := range es {
		switch {
		case e.OperatorID != f.OperatorID: // what others looked at is not why this was done
		case e.Kind == Opened:
			f.opened[e.SourceID] = true
		case e.Kind == Copied:
			f.copied[e.SourceID] = true
		}
		if whose(e) {
			f.Shown = slices.Clone(e.Shown)
			if f.Shown == nil {
				f.Shown = []string{}
			}
		}
	}
	f.compare(s)
}

// pointedTo returns the sources that were voted on or copied, in order.
func (f *folded) pointedTo() []string {
	ids := slices.Collect(maps.Keys(f.votes))
	for source := range f.copied {
		if source != "" {
			ids = append(ids, source)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// judge returns who judged where nobody used or rejected the draft: the last
// one who rated it or voted, else the last one who opened or copied something,
// else whoever the suggestion was made for.
func judge(s *retrieval.Suggestion, es []Event) string {
	who, said := s.OperatorID, false
	for _, e := range es {
		switch e.Kind {
		case Rated, Voted:
			who, said = e.OperatorID, true
		case Opened, Copied:
			if !said {
				who = e.OperatorID
			}
		default:
		}
	}
	return who
}

// compare measures what was sent against the draft. An edit that changes
// no word is none.
func (f *folded) compare(s *retrieval.Suggestion) {
	switch {
	case f.draft == "":
		if f.Used == Changed {
			f.Used = Replaced // there was nothing to change
		}
	case f.Used == Unchanged:
		f.Distance = 0
	case f.final != "":
		f.Distance = Distance(unmarked(&s.Answer), f.final)
		if f.Used == Changed && f.Distance == 0 {
			f.Used, f.edited = Unchanged, false
		}
	}
}

var markers = regexp.MustCompile(`[ \t]*\[(\d{1,4})\]`)

// unmarked is the text of an answer without the markers of its citations.
func unmarked(a *retrieval.Answer) string {
	return markers.ReplaceAllStringFunc(a.Text, func(m string) string {
		number, err := strconv.Atoi(markers.FindStringSubmatch(m)[1])
		cited := func(c retrieval.Citation) bool { return c.Marker == number }
		if err != nil || !slices.ContainsFunc(a.Citations, cited) {
			return m // brackets of its own
		}
		return ""
	})
}
