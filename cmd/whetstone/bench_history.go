package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Sizes of the history that learning is measured on.
const (
	benchArticles   = 1000
	benchOperators  = 200
	benchTeam       = 10 // operators
	benchCandidates = 10
	benchShown      = 5
	benchDays       = 365 // that the history goes back

	// rowsAtOnce is how many rows go into one statement: SQLite takes some
	// thirty thousand values.
	rowsAtOnce = 500
)

// A madeHistory writes suggestions, what was told of them and what that comes
// to straight into the database: to make a hundred thousand suggestions the
// usual way would take longer than all that is measured on them.
type madeHistory struct {
	bench     *bench
	db        *gorm.DB
	workspace string
	start     time.Time
	articles  []kb.Document
	each      int   // events of a suggestion
	seq       int64 // of the last event
}

// A deed is a suggestion with what became of it.
type deed struct {
	suggestion retrieval.Suggestion
	events     []feedback.Event
	judgement  feedback.Judgement
}

// write writes the suggestions from one number to another, with judgements or,
// where they are left to a digester, without.
func (m *madeHistory) write(ctx context.Context, from, to int, judged bool) error {
	db := m.db.WithContext(ctx)
	for at := from; at < to; at += rowsAtOnce {
		var sgs []retrieval.Suggestion
		var es []feedback.Event
		var js []feedback.Judgement
		for i := at; i < min(at+rowsAtOnce, to); i++ {
			d := m.deed(i)
			sgs, es, js = append(sgs, d.suggestion), append(es, d.events...), append(js, d.judgement)
		}
		err := db.Transaction(func(tx *gorm.DB) error {
			if err := tx.CreateInBatches(sgs, rowsAtOnce).Error; err != nil {
				return err
			}
			if len(es) > 0 {
				if err := tx.CreateInBatches(es, rowsAtOnce).Error; err != nil {
					return err
				}
			}
			if judged {
				if err := tx.CreateInBatches(js, rowsAtOnce).Error; err != nil {
					return err
				}
			}
			return tx.Exec("UPDATE workspaces SET events = ? WHERE id = ?", m.seq, m.workspace).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deed makes up the ith suggestion. The same number gives the same one, but for
// the places of its events in the feed.
func (m *madeHistory) deed(i int) deed {
	rng := rand.New(rand.NewPCG(4, uint64(i)))
	// Some articles are asked about much more often than others.
	right := int(float64(len(m.articles)) * rng.Float64() * rng.Float64())
	operator := rng.IntN(benchOperators)
	s := retrieval.Suggestion{
		WorkspaceID: m.workspace, ID: fmt.Sprintf("s%08d", i), TicketID: fmt.Sprintf("t%08d", i),
		OperatorID: fmt.Sprintf("operator-%d", operator), OperatorGroup: fmt.Sprintf("team-%d", operator/benchTeam),
		Profile: retrieval.DefaultName, Mode: retrieval.ForOperator, Decision: retrieval.Drafted, Language: m.articles[right].Locale,
		Question: m.bench.words.asked(rng, m.articles[right].Title), CreatedAt: m.start.Add(time.Duration(i) * time.Minute * benchDays * 24 * 60 / time.Duration(m.bench.suggestions)),
	}
	s.Candidates = m.candidates(rng, right)
	first := s.Candidates[0].ID
	s.Confidence = max(0.05, min(0.95, s.Candidates[0].Score-0.3*rng.Float64()))
	s.RawConfidence = s.Confidence
	for _, c := range s.Candidates[:benchShown] {
		s.Sources = append(s.Sources, m.cited(c))
	}
	quote := s.Sources[0].Quote
	s.Answer = retrieval.Answer{Text: quote + " [1]", Method: "extract", Citations: []retrieval.Citation{
		{Marker: 1, SourceID: first, End: len([]rune(quote)), To: len([]rune(quote))},
	}}
	d := deed{suggestion: s}
	m.told(&d, rng, m.articles[right].ID)
	return d
}

// asked is a question about the subject of a title.
func (p *phrasebook) asked(rng *rand.Rand, title string) string {
	return title[:min(len(title), 40+rng.IntN(40))] + " " + p.question(rng.IntN(1<<20))
}

// candidates are random articles and the right one, which is likely to be the
// first of them.
func (m *madeHistory) candidates(rng *rand.Rand, right int) []retrieval.Candidate {
	cs := make([]retrieval.Candidate, benchCandidates)
	for k := range cs {
		at := (right + k*37) % len(m.articles) // each once
		c := retrieval.Candidate{
			ID: m.articles[at].ID, Title: rounded(0.3 * rng.Float64()), Body: rounded(0.2 * rng.Float64()), Grams: rounded(0.1 * rng.Float64()),
			Place: rounded(0.1 * rng.Float64()), Dense: rounded(0.2 * rng.Float64()), Cases: rounded(0.1 * rng.Float64()),
		}
		if k == 0 { // words of the text tell more than those of the title
			c.Body = rounded(c.Body + 0.3*rng.Float64())
		}
		c.Score = rounded(c.Rescore(retrieval.Factors{}, 1, 0))
		cs[k] = c
	}
	byScore(cs)
	return cs
}

func (m *madeHistory) cited(c retrieval.Candidate) retrieval.Cited {
	a := m.article(c.ID)
	body := []rune(a.Body)
	body = body[:min(len(body), 300)]
	return retrieval.Cited{
		ID: c.ID, Kind: kb.Article, Title: a.Title, Locale: a.Locale, Revision: 1, Audience: kb.Public, Quote: string(body),
		End: len(body), Score: c.Score, Signals: map[string]float64{"dense": c.Dense, "title_words": c.Title, "body_words": c.Body},
	}
}

func (m *madeHistory) article(id string) *kb.Document {
	var n int
	_, _ = fmt.Sscanf(id, "bench-%d", &n) // ids are ours
	return &m.articles[n]
}

// said is a reply that rests on an article: the first part of its text.
func (m *madeHistory) said(id string) string {
	_, text, _ := strings.Cut(m.article(id).Body, "\n\n")
	text, _, _ = strings.Cut(text, "\n\n")
	return text
}

// told adds what an operator told of a suggestion, and what it comes to: a
// draft from the right article is sent, mostly as it is; else the reply rests
// on another of the candidates.
func (m *madeHistory) told(d *deed, rng *rand.Rand, right string) {
	s := &d.suggestion
	var shown []string
	for _, c := range s.Sources {
		shown = append(shown, c.ID)
	}
	reply := feedback.Event{Kind: feedback.Edited, Text: m.said(right)}
	j := feedback.Judgement{
		Used: feedback.Replaced, Distance: 0.9, ResolvedWith: right, Shown: shown,
		Credits: []feedback.Credit{
			{SourceID: s.Candidates[0].ID, Kind: kb.Article, Article: s.Candidates[0].ID, Place: 1, Verdict: feedback.Dropped, Amount: -0.5, Why: "None of what the draft took from it was sent."},
			{SourceID: right, Kind: kb.Article, Article: right, Verdict: feedback.BroughtIn, Share: 0.8, Amount: 0.8, Why: "Four fifths of what was sent rest on it, though it was not cited."},
			{SourceID: shown[1], Kind: kb.Article, Article: shown[1], Place: 2, Verdict: feedback.Unused, Why: "Neither the draft nor what was sent rests on it."},
		},
	}
	switch sent := rng.Float64(); {
	case s.Candidates[0].ID == right && sent < 0.6:
		reply = feedback.Event{Kind: feedback.Sent}
		j.Used, j.Distance = feedback.Unchanged, 0
		j.Credits = j.Credits[1:]
		j.Credits[0].Place, j.Credits[0].Verdict = 1, feedback.Kept
	case s.Candidates[0].ID == right:
		reply = feedback.Event{Kind: feedback.Edited, Text: s.Sources[0].Quote + " Thank you for asking."}
		j.Used, j.Distance = feedback.Changed, 0.2
		j.Credits = j.Credits[1:]
		j.Credits[0].Place, j.Credits[0].Verdict = 1, feedback.Kept
	}
	kinds := []feedback.Event{
		{Kind: feedback.Displayed, Shown: shown}, {Kind: feedback.Opened, SourceID: shown[0]}, {Kind: feedback.Copied}, reply,
		{Kind: feedback.Rated, Score: 0.75}, {Kind: feedback.Voted, SourceID: shown[1], Value: feedback.Irrelevant},
		{Kind: feedback.Resulted, Outcome: &feedback.Outcome{Status: feedback.ResolvedStatus}},
	}
	for k := range m.each {
		e := kinds[k%len(kinds)]
		m.seq++
		e.WorkspaceID, e.SuggestionID, e.OperatorID = m.workspace, s.ID, s.OperatorID
		e.ID, e.Seq = fmt.Sprintf("%s-%d", s.ID, k), m.seq
		e.At = s.CreatedAt.Add(time.Duration(k+1) * time.Second)
		e.ReceivedAt = e.At
		d.events = append(d.events, e)
	}
	j.WorkspaceID, j.SuggestionID, j.Seq, j.TicketID = m.workspace, s.ID, m.seq, s.TicketID
	j.OperatorID, j.OperatorGroup, j.Language, j.Profile = s.OperatorID, s.OperatorGroup, s.Language, s.Profile
	j.Decision, j.Confidence, j.Rating = s.Decision, s.Confidence, 0.75
	j.SuggestedAt, j.At = s.CreatedAt, s.CreatedAt.Add(time.Duration(m.each)*time.Second)
	d.judgement = j
}
