package retrieval

// judge says how far the best source may be trusted to answer, and the reason
// to abstain if that is too little for who reads it.
func (t *task) judge(f *findings, evidence []Evidence) (v confidence, reason Reason) {
	if len(evidence) == 0 {
		return v, NoEvidence
	}
	a := t.profile.Calibration.Assess(f.features())
	v.raw = rounded(a.Confidence)
	odds := KnownOdds(t.beliefs.Known, t.language, f.standing.question, idsOf(f.candidates))
	a.Confidence = t.beliefs.Covered(t.language, v.raw, odds)
	v.shown = rounded(a.Confidence)
	if reason = a.Judge(t.least()); reason == "" && len(t.reader.conflicts(evidence, t.question)) > 0 {
		reason = Conflicting
	}
	if reason == "" && t.ask.Mode == ForCustomer {
		reason = t.unattended(v.raw)
	}
	return v, reason
}

// A confidence is how far a suggestion may be trusted: as the profile's
// weights have it, and as it turned out for those like it and for questions
// near it. What goes out unattended is decided by the first.
type confidence struct{ raw, shown float64 }

// least is the confidence that the reader of the suggestion asks for.
func (t *task) least() float64 {
	if t.ask.Mode == ForCustomer {
		return t.profile.MinAnswer
	}
	return t.profile.MinDraft
}

// unattended returns the reason why an answer of that raw confidence may not
// go out without anybody looking at it, empty if it may: what was found to
// keep the workspace's risk, and nothing before that was found.
func (t *task) unattended(raw float64) Reason {
	run := t.beliefs.Unattended[t.language] // what holds for one language says nothing of another
	switch {
	case run.Threshold <= 0:
		return NotCalibrated
	case raw < run.Threshold:
		return LowConfidence
	}
	return ""
}

// features are what the confidence rests on.
func (f *findings) features() Features {
	best, c := &f.ranked[0], &f.standing
	return Features{
		Apart: c.apart, Asked: f.weight, Title: c.title, Agree: c.agree, Form: c.form, Told: c.told,
		Coverage: f.coverage, Score: best.Score, Words: f.asked, Dense: best.Dense,
	}
}

func idsOf(cs []Candidate) []string {
	ids := make([]string, len(cs))
	for i := range cs {
		ids[i] = cs[i].ID
	}
	return ids
}
