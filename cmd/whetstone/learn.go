package main

import (
	"context"
	"errors"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// learning is what makes something of feedback.
type learning struct {
	events   *feedback.Store
	memory   *feedback.Memory
	digester *feedback.Digester
	pilots   *experiment.Store
	learner  *training.Learner
}

// learns puts the learning side of the app together. Its clock is a
// parameter, since a replay has one of its own.
func (a *app) learns(now func() time.Time) learning {
	l := learning{events: feedback.NewStore(a.db, now), pilots: experiment.NewStore(a.db)}
	l.memory = &feedback.Memory{KB: a.kb, DB: a.db, Store: l.events, Now: now}
	l.pilots.Now = now
	l.digester = &feedback.Digester{Store: l.events, KB: a.kb, Log: a.log, Search: a.rests, Memory: l.memory}
	l.learner = &training.Learner{
		KB: a.kb, Suggestions: a.store, Feedback: l.events, Pilots: l.pilots, Space: a.answerer.Serves, Log: a.log, Now: now,
		DB: a.db, Gaps: gap.New(a.db, now), Answerer: a.answerer, Caught: a.findable,
	}
	if a.cfg.ChatURL != "" {
		l.learner.Prose = a.answerer.Generator
	}
	return l
}

// rests finds what a text rests on, by words alone and whatever was learned:
// what feedback is credited by must not depend on earlier feedback.
func (a *app) rests(ctx context.Context, workspace, text string) ([]retrieval.Cited, error) {
	found, err := a.answerer.Search(ctx, retrieval.Ask{
		Workspace: workspace, Filter: retrieval.Filter{Kinds: []kb.Kind{kb.Article}}, Unlearned: true,
		Messages: []retrieval.Message{{Role: retrieval.Customer, Text: text}},
	})
	if errors.Is(err, retrieval.ErrInvalid) {
		return nil, nil // there is nothing to look for in it
	}
	return found.Sources, err
}

// learningJobs is the part of the timetable that learns. What is believed is
// worked out first, and what must prove itself comes to the gate last.
func (a *app) learningJobs() []training.Job {
	l := a.learning.learner
	return []training.Job{
		{
			Name: "calibrate", Spec: "10 * * * *", Timeout: 20 * time.Minute, Run: l.Calibrate,
			About: "Works out what is asked about, how far operators and cases can be relied on, and what a confidence means.",
		},
		{
			Name: "rerank", Spec: "30 2 * * *", Timeout: time.Hour, Run: l.Rerank,
			About: "Works out how much each signal and each source counts; what it finds is a candidate.",
		},
		{
			Name: "tune", Spec: "0 3 * * *", Timeout: time.Hour, Run: l.Tune,
			About: "Moves vectors towards the questions they answered; what it finds is a candidate.",
		},
		{
			Name: "promote", Spec: "40 * * * *", Timeout: 20 * time.Minute, Run: l.Promote,
			About: "Lets candidates serve that prove themselves on later questions, and rolls back what is accepted less than before.",
		},
		{
			Name: "gaps", Spec: "*/5 * * * *", Timeout: 20 * time.Minute, Run: l.FindGaps,
			About: "Finds what is asked about and not covered, and proves that what was published for it answers.",
		},
		{
			Name: "alarms", Spec: "*/10 * * * *", Timeout: 20 * time.Minute, Run: l.Alarms,
			About: "Finds topics that burst, topics that are new, and answers that are less certain than before.",
		},
		{
			Name: "updates", Spec: "* * * * *", Timeout: 20 * time.Minute, Run: l.Updates,
			About: "Follows changes of articles, and puts what rests on them in quarantine until it is confirmed.",
		},
		{
			Name: "upkeep", Spec: "20 1 * * *", Timeout: time.Hour, Late: 2 * time.Hour, Run: l.Upkeep,
			About: "Finds duplicates, contradictions and articles that are stale, never used or always edited.",
		},
		{
			Name: "progress", Spec: "10 4 * * *", Timeout: 20 * time.Minute, Run: l.KeepProgress(a.db),
			About: "Measures how fast each topic is learned.",
		},
	}
}
