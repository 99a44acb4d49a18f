package feedback

import (
	"context"
	"fmt"
)

// Behind returns, for each case that was made of tickets, the operators whose
// tickets count for it, one entry a ticket.
func (f *Feed) Behind(ctx context.Context) (map[string][]string, error) {
	var rows []caseTicket
	err := f.read(ctx).Where("withdrawn = ''").Select("document_id", "operator_id").Order("document_id, at, suggestion_id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("feedback: operators behind cases: %w", err)
	}
	behind := make(map[string][]string)
	for _, r := range rows {
		behind[r.DocumentID] = append(behind[r.DocumentID], r.OperatorID)
	}
	return behind, nil
}
