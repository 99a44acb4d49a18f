package retrieval

// compared is how many sources' scores the confidence looks at: see Leads.
const compared = 6

// judge says how far the best source may be trusted to answer, and the reason
// to abstain if that is too little for who reads it.
func (t *task) judge(f *findings, evidence []Evidence) (v confidence, reason Reason) {
	if len(evidence) == 0 {
		return v, NoEvidence
	}
	a := t.profile.Calibration.Assess(f.features())
	v.raw = rounded(a.Confidence)
	a.Confidence = t.learned.calibrated(t.language, v.raw)
	v.shown = rounded(a.Confidence)
	if reason = a.Judge(t.least()); reason == "" && len(Conflicts(evidence, t.question)) > 0 {
		reason = Conflicting
	}
	if reason == "" && t.ask.Mode == ForCustomer && !t.learned.promises(t.language) {
		reason = NotCalibrated
	}
	return v, reason
}

// A confidence is how far a suggestion may be trusted: as the profile's
// weights have it, and as it turned out for those like it.
type confidence struct{ raw, shown float64 }

// least is the confidence that the reader of the suggestion asks for. What
// goes out unattended must reach both what the workspace set and what was
// found to keep its risk.
func (t *task) least() float64 {
	if t.ask.Mode != ForCustomer {
		return t.profile.MinDraft
	}
	return max(t.profile.MinAnswer, lookup(t.learned.Unattended, t.language).Threshold)
}

// features are what the confidence rests on.
func (f *findings) features() Features {
	best := &f.ranked[0]
	out := Features{Score: best.Score, Words: f.asked, Dense: best.Dense}
	out.Coverage = share(best.window.Score, f.mass)
	rarest := 0.
	for _, idfs := range f.result.IDF {
		for _, idf := range idfs {
			rarest = max(rarest, idf)
		}
	}
	if rarest > 0 {
		out.Rarity = best.window.Score / rarest
	}
	out.Margin, out.Gap = Leads(f.scores)
	return out
}
