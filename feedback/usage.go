package feedback

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	// UsageWeeks is how far back what a source is used for is looked at.
	UsageWeeks = 12

	// usageMost is how many suggestions are looked through for it, the latest:
	// what they showed stands in each of them, and none of it is indexed.
	usageMost = 10_000

	week = 7 * 24 * time.Hour
)

// A Usage says how often drafts rested on a source, and what became of them.
type Usage struct {
	Since     time.Time `json:"since" doc:"Of the first suggestion that was looked at."`
	Of        int       `json:"of" doc:"How many suggestions were looked at: the latest 10,000 of the last twelve weeks."`
	Shown     int       `json:"shown" doc:"Those that showed it among their sources."`
	Served    int       `json:"served" doc:"Those of them whose draft rested on it."`
	Unchanged int       `json:"unchanged" doc:"Served, and the draft was sent as it was."`
	Edited    int       `json:"edited" doc:"Served, and the draft was sent with changes."`
	Rejected  int       `json:"rejected" doc:"Served, and the draft was rejected or something else was written."`
	Weeks     []int     `json:"weeks" nullable:"false" doc:"Served in each of the last twelve weeks, oldest first."`
}

// Usage returns what a source was used for until a time.
func (f *Feed) Usage(ctx context.Context, source string, until time.Time) (Usage, error) {
	until = until.UTC()
	u := Usage{Since: until, Weeks: make([]int, UsageWeeks)}
	latest := f.read(ctx).Table("suggestions").Select("id").Where("created_at > ? AND created_at <= ?", until.Add(-UsageWeeks*week), until).
		Order("created_at DESC, id DESC").Limit(usageMost)
	// Both are JSON, and an id has no character that JSON would write otherwise.
	has := func(field string) string { return `%"` + field + `":"` + literally(source) + `"%` }
	var rows []struct {
		CreatedAt    time.Time
		Shown, Cited bool
		Used         Use
	}
	err := f.store.db.WithContext(ctx).Table("suggestions AS s").
		Select(`s.created_at, s.sources LIKE ? ESCAPE '\' AS shown, s.answer LIKE ? ESCAPE '\' AS cited, COALESCE(j.used, '') AS used`, has("id"), has("SourceID")).
		Joins("LEFT JOIN judgements AS j ON j.workspace_id = s.workspace_id AND j.suggestion_id = s.id").
		Where("s.workspace_id = ? AND s.id IN (?)", f.workspace, latest).Scan(&rows).Error
	if err != nil {
		return u, fmt.Errorf("feedback: usage of %s: %w", source, err)
	}
	for _, r := range rows {
		if u.Of++; r.CreatedAt.Before(u.Since) {
			u.Since = r.CreatedAt.UTC()
		}
		if r.Shown {
			u.Shown++
		}
		if r.Cited {
			u.add(r.Used)
			u.Weeks[UsageWeeks-1-min(UsageWeeks-1, int(until.Sub(r.CreatedAt)/week))]++
		}
	}
	return u, nil
}

// add counts a draft that rested on the source.
func (u *Usage) add(used Use) {
	u.Served++
	switch used {
	case Unchanged:
		u.Unchanged++
	case Changed:
		u.Edited++
	case Refused, Replaced:
		u.Rejected++
	case Unknown: // nobody has said yet
	}
}

// literally is a text as LIKE finds it, with a backslash for an escape.
func literally(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
