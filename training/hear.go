package training

import (
	"slices"

	"github.com/whetstone-desk/whetstone/feedback"
)

// hear takes out of a judgement what ignored operators said, and reports
// whether anything is left. What whoever judged did goes where they are ignored:
// the judgement is then that of who voted.
func (r *reader) hear(j *feedback.Judgement) bool {
	deaf, changed := r.deaf(j.OperatorID, j.At), false
	for i := range j.Credits {
		c := &j.Credits[i]
		votes := len(c.Votes)
		if deaf && votes == 0 {
			c.Amount = 0
		}
		c.Votes = slices.DeleteFunc(c.Votes, func(v feedback.Vote) bool { return r.deaf(v.OperatorID, j.At) })
		if deaf {
			c.Base = 0
		}
		if votes > 0 && (deaf || len(c.Votes) < votes) {
			c.Sum()
			changed = true
		}
	}
	if deaf {
		if j.OperatorID = voter(j); j.OperatorID == "" {
			return false
		}
		j.Used, j.Distance, j.Shown = feedback.Unknown, -1, nil
	}
	if deaf || changed {
		named := func(c feedback.Credit) bool { return c.Article == j.ResolvedWith && c.Amount > 0 }
		if !slices.ContainsFunc(j.Credits, named) {
			j.ResolvedWith = ""
		}
	}
	own(j)
	return true
}

// voter is who spoke most for any source; empty: nobody whose name is known
// voted.
func voter(j *feedback.Judgement) string {
	best, most := "", -2.0
	for i := range j.Credits {
		for _, v := range j.Credits[i].Votes {
			if v.OperatorID != "" && v.Amount > most {
				best, most = v.OperatorID, v.Amount
			}
		}
	}
	return best
}

// own sees to it that the article that was right is the word of the judgement's
// operator. Where others alone named it, it is theirs if whoever judged said
// nothing about sources, and else not what the judge found.
func own(j *feedback.Judgement) {
	if j.ResolvedWith == "" {
		return
	}
	named := ""
	for i := range j.Credits {
		c := &j.Credits[i]
		if c.Article != j.ResolvedWith {
			continue
		}
		if len(c.Votes) == 0 || c.Base > 0 {
			return
		}
		for _, v := range c.Votes {
			switch {
			case v.Amount <= 0:
			case v.OperatorID == j.OperatorID:
				return
			case named == "":
				named = v.OperatorID
			}
		}
	}
	if named == "" {
		return
	}
	if j.Used == feedback.Unknown && !slices.ContainsFunc(j.Credits, func(c feedback.Credit) bool { return c.Base != 0 }) {
		j.OperatorID = named
		return
	}
	j.ResolvedWith = ""
}
