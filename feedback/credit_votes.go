package feedback

import "slices"

// A Vote is what one operator's opinion of a source adds to its credit. It is
// theirs and not that of whoever judged the suggestion.
type Vote struct {
	OperatorID string  `json:"operator_id"`
	Amount     float64 `json:"amount"`          // from -1 to 1, before the mean is taken
	Rated      bool    `json:"rated,omitempty"` // of a rating of the whole suggestion; false: of a vote on the source
}

// counts returns how many voted on the source and how many rated the suggestion.
func (c *Credit) counts() (voters, raters float64) {
	for _, v := range c.Votes {
		if v.Rated {
			raters++
		} else {
			voters++
		}
	}
	return voters, raters
}

// Sum works out c.Amount from Base and Votes: votes count as the mean of the
// voters, and ratings likewise, so that many weigh no more than they agree.
func (c *Credit) Sum() {
	voters, raters := c.counts()
	c.Amount = c.Base
	for _, v := range c.Votes {
		if v.Rated {
			c.Amount += v.Amount / raters
		} else {
			c.Amount += v.Amount / voters
		}
	}
	c.Amount = max(-1, min(1, c.Amount))
}

// Parts splits a credit up by whose word it is: judge is who judged the
// suggestion and gets Base, and of n voters each gets the nth part of their
// vote. There is one part, from -1 to 1, for each operator, the judge's first.
// A credit without votes is the judge's, with the whole of Amount.
func (c *Credit) Parts(judge string) []Vote {
	if len(c.Votes) == 0 {
		return []Vote{{OperatorID: judge, Amount: c.Amount}}
	}
	parts := []Vote{{OperatorID: judge, Amount: c.Base}}
	voters, raters := c.counts()
	for _, v := range c.Votes {
		i := slices.IndexFunc(parts, func(p Vote) bool { return p.OperatorID == v.OperatorID })
		if i < 0 {
			i, parts = len(parts), append(parts, Vote{OperatorID: v.OperatorID})
		}
		n := voters
		if v.Rated {
			n = raters
		}
		parts[i].Amount += v.Amount / n
	}
	for i := range parts {
		parts[i].Amount = max(-1, min(1, parts[i].Amount))
	}
	return parts
}
