package feedback_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/feedback"
)

func TestScoreOf(t *testing.T) {
	for rating, want := range map[string]float64{"up": 1, "down": 0, "1": 0, "3": 0.5, "5": 1} {
		if got, err := feedback.ScoreOf(rating); got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", rating, got, err, want)
		}
	}
	for _, rating := range []string{"", "0", "6", "good", "4.5"} {
		if _, err := feedback.ScoreOf(rating); !errors.Is(err, feedback.ErrInvalid) {
			t.Errorf("%q: %v", rating, err)
		}
	}
}

func TestEventsThatMakeSense(t *testing.T) {
	seconds, nps := 0.0, 0
	for _, e := range []feedback.Event{
		{Kind: feedback.Displayed, Shown: []string{}},
		{Kind: feedback.Displayed, Shown: []string{"a", "b"}},
		{Kind: feedback.Opened, SourceID: "a"},
		{Kind: feedback.Copied},
		{Kind: feedback.Copied, SourceID: "a"},
		{Kind: feedback.Sent, OperatorID: "Анна Ивановна <anna@shop.example>"},
		{Kind: feedback.Edited, Text: strings.Repeat("a", feedback.MaxText)},
		{Kind: feedback.Rejected, Value: feedback.WrongTone},
		{Kind: feedback.Rejected, Value: feedback.Other, Text: "It is rude."},
		{Kind: feedback.Rated},
		{Kind: feedback.Rated, Score: 1},
		{Kind: feedback.Voted, SourceID: "a", Value: feedback.Outdated},
		{Kind: feedback.Missing, Text: "Nobody wrote down how to descale."},
		{Kind: feedback.Resulted, Outcome: &feedback.Outcome{Handling: &seconds, NPS: &nps, Satisfaction: 5}},
		{Kind: feedback.Resulted, Outcome: &feedback.Outcome{Bot: true}, Supersedes: "e0"},
	} {
		e.ID, e.SuggestionID = "e", "s"
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", e.Kind, err)
		}
	}
}

func TestEventsThatMakeNone(t *testing.T) {
	eleven, below, never := 11, -1.0, math.NaN()
	for _, tt := range []struct {
		says string // what the error must say
		e    feedback.Event
	}{
		{"kind", feedback.Event{Kind: "liked"}},
		{"id", feedback.Event{ID: "a b", Kind: feedback.Sent}},
		{"suggestion", feedback.Event{SuggestionID: "../s", Kind: feedback.Sent}},
		{"needs source_id", feedback.Event{Kind: feedback.Opened}},
		{"source", feedback.Event{Kind: feedback.Opened, SourceID: "a b"}},
		{"source_id does not belong", feedback.Event{Kind: feedback.Sent, SourceID: "a"}},
		{"rejected instead", feedback.Event{Kind: feedback.Edited}},
		{"rejected instead", feedback.Event{Kind: feedback.Edited, Text: " \n\t "}},
		{"longer than 1 MiB", feedback.Event{Kind: feedback.Edited, Text: strings.Repeat("a", feedback.MaxText+1)}},
		{"UTF-8", feedback.Event{Kind: feedback.Edited, Text: "a\xff"}},
		{"NUL", feedback.Event{Kind: feedback.Missing, Text: "a\x00"}},
		{"text does not belong", feedback.Event{Kind: feedback.Sent, Text: "a"}},
		{"rejected needs reason", feedback.Event{Kind: feedback.Rejected}},
		{"source_vote needs vote", feedback.Event{Kind: feedback.Voted, SourceID: "a"}},
		{"reason or vote does not belong to sent", feedback.Event{Kind: feedback.Sent, Value: feedback.Wrong}},
		{"rating does not belong to sent", feedback.Event{Kind: feedback.Sent, Score: 1}},
		{"displayed needs shown", feedback.Event{Kind: feedback.Displayed}},
		{"reason", feedback.Event{Kind: feedback.Rejected, Value: feedback.Relevant}},
		{"vote", feedback.Event{Kind: feedback.Voted, SourceID: "a", Value: feedback.Wrong}},
		{"rating", feedback.Event{Kind: feedback.Rated, Score: 1.01}},
		{"rating", feedback.Event{Kind: feedback.Rated, Score: -0.01}},
		{"rating", feedback.Event{Kind: feedback.Rated, Score: math.NaN()}},
		{"shown", feedback.Event{Kind: feedback.Displayed, Shown: []string{"a", "a"}}},
		{"shown", feedback.Event{Kind: feedback.Displayed, Shown: []string{""}}},
		{"shown does not belong", feedback.Event{Kind: feedback.Sent, Shown: []string{"a"}}},
		{"shown holds more", feedback.Event{Kind: feedback.Displayed, Shown: make([]string, 201)}},
		{"supersede itself", feedback.Event{ID: "e", Kind: feedback.Sent, Supersedes: "e"}},
		{"supersedes", feedback.Event{Kind: feedback.Sent, Supersedes: "a b"}},
		{"needs outcome", feedback.Event{Kind: feedback.Resulted}},
		{"says nothing", feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{}}},
		{"status", feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{Status: "closed"}}},
		{"satisfaction", feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{Satisfaction: 6}}},
		{"nps", feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{NPS: &eleven}}},
		{"seconds", feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{FirstResponse: &below}}},
		{"seconds", feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{Handling: &never}}},
		{"operator", feedback.Event{Kind: feedback.Sent, OperatorID: strings.Repeat("a", 257)}},
		{"operator", feedback.Event{Kind: feedback.Sent, OperatorID: "a\x00"}},
	} {
		e := tt.e
		if e.ID == "" {
			e.ID = "e"
		}
		if e.SuggestionID == "" {
			e.SuggestionID = "s"
		}
		err := e.Validate()
		if !errors.Is(err, feedback.ErrInvalid) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s of kind %s: error %v", tt.says, tt.e.Kind, err)
		}
	}
}

func TestNoErrorNamesAnOperatorOrQuotesAText(t *testing.T) {
	for _, e := range []feedback.Event{
		{Kind: "liked"}, {Kind: feedback.Opened}, {Kind: feedback.Rejected, Value: "bad"}, {Kind: feedback.Sent, Supersedes: "e"},
		{Kind: feedback.Rated, Score: 2}, {Kind: feedback.Sent, Text: "secret words"}, {Kind: feedback.Missing, Text: "secret words\x00"},
		{Kind: feedback.Sent, OperatorID: "anna.secret" + strings.Repeat("a", 300)},
	} {
		e.ID, e.SuggestionID = "e", "s"
		if e.OperatorID == "" {
			e.OperatorID = "anna.secret"
		}
		if err := e.Validate(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", e.Kind, err)
		}
	}
}
