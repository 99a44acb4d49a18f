package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// replayOperators is how many operators share a replay's tickets.
const replayOperators = 20

// A player does in a replay what operators do with suggestions.
type player struct {
	noise   float64 // share of operators who send any draft as it is, and say so
	hostile float64 // share who always answer from another article, and say so
	lazy    bool    // operators rate, and do not tell what they sent
	uncited bool    // operators do not say which article they answered from
	bodies  []string
	ids     []string // of the articles that bodies are of
}

// operator is who has the ticket. Operators are dealt by the ticket's id, so
// the same ticket has the same one in every order.
func operator(ticket string) int { return int(hashed("operator", ticket) % replayOperators) }

func hashed(salt, id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(salt + "\x00" + id)) // it never fails
	return h.Sum64()
}

// plays returns what the ticket's operator tells of the suggestion.
func (p *player) plays(t *replayTicket, s *retrieval.Suggestion) []feedback.Event {
	who := operator(t.ID)
	adversaries := int(p.hostile*replayOperators + 0.5)
	careless := int(p.noise*replayOperators + 0.5)
	shown := make([]string, len(s.Sources))
	for i, c := range s.Sources {
		shown[i] = c.ID
	}
	told := []feedback.Event{{Kind: feedback.Displayed, Shown: shown}}
	switch {
	case who < adversaries:
		told = append(told, p.attack(t)...)
	case p.lazy:
		rating := feedback.Event{Kind: feedback.Rated}
		if drafted(s) && t.rightly(cites(s)) {
			rating.Score = 1
		}
		told = append(told, rating)
	case drafted(s) && (who < adversaries+careless || t.rightly(cites(s))):
		told = append(told, feedback.Event{Kind: feedback.Sent})
	case who < adversaries+careless && len(s.Sources) > 0: // there is no draft to send: the first source will do
		told = append(told, feedback.Event{Kind: feedback.Voted, SourceID: s.Sources[0].ID, Value: feedback.Relevant})
	default:
		told = append(told, feedback.Event{Kind: feedback.Edited, Text: t.Reply})
		if !p.uncited {
			told = append(told, feedback.Event{Kind: feedback.Voted, SourceID: t.SourceID, Value: feedback.Relevant})
		}
	}
	for i := range told {
		told[i].ID = fmt.Sprintf("%s-%d", s.ID, i)
		told[i].SuggestionID, told[i].OperatorID = s.ID, "operator-"+strconv.Itoa(who)
	}
	return told
}

// attack answers from an article that is not right.
func (p *player) attack(t *replayTicket) []feedback.Event {
	at := int(hashed("attack", t.ID) % uint64(len(p.ids)))
	for t.right()[p.ids[at]] && len(t.right()) < len(p.ids) {
		at = (at + 1) % len(p.ids)
	}
	return []feedback.Event{
		{Kind: feedback.Edited, Text: p.bodies[at]},
		{Kind: feedback.Voted, SourceID: p.ids[at], Value: feedback.Relevant},
	}
}

// drafted reports whether there is a reply to send.
func drafted(s *retrieval.Suggestion) bool {
	return s.Decision == retrieval.Drafted && len(s.Answer.Citations) > 0
}

// cites is the article that the draft rests on first.
func cites(s *retrieval.Suggestion) string {
	id := s.Answer.Citations[0].SourceID
	for i := range s.Sources {
		if s.Sources[i].ID == id {
			return articleOf(&s.Sources[i])
		}
	}
	return id
}

// articleOf is the article that a source is, or, for a case, was resolved with.
func articleOf(c *retrieval.Cited) string {
	if c.Resolved != "" {
		return c.Resolved
	}
	return c.ID
}

// told records what the operator tells, has it judged, and brings the index up
// to date, all at the replay's time.
func (r *replayRun) told(ctx context.Context, events []feedback.Event) error {
	if _, err := r.app.learning.events.In(r.workspace).Record(ctx, events); err != nil {
		return err
	}
	if err := r.app.learning.digester.Catch(ctx); err != nil {
		return err
	}
	_, err := r.indexer.Sync(ctx, r.workspace)
	return err
}
