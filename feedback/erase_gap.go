package feedback

import (
	"context"
	"fmt"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

// ungap removes the failures of suggestions with what gaps have taken over from
// them, and those whose suggestion is gone already: a job that was looking for
// gaps may have written one after.
func (x *erasing) ungap(ctx context.Context, suggestions []string) error {
	var left []string
	err := x.DB.WithContext(ctx).Model(&gap.Failure{}).Where("workspace_id = ? AND "+orphaned("failures"), x.workspace).
		Pluck("suggestion_id", &left).Error
	if err != nil {
		return fmt.Errorf("feedback: failures of what is erased: %w", err)
	}
	n, err := gap.New(x.DB, nil).In(x.workspace).Erase(ctx, append(left, suggestions...))
	x.done.Failures += int64(n)
	return err
}
