package kb

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// Value stores t as a JSON list.
func (t Tags) Value() (driver.Value, error) {
	if len(t) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal([]string(t))
	return string(b), err
}

// Scan reads what Value stored.
func (t *Tags) Scan(v any) error {
	var b []byte
	switch v := v.(type) {
	case string:
		b = []byte(v)
	case []byte:
		b = v
	default:
		return fmt.Errorf("tags: cannot read a %T", v)
	}
	var tags []string
	if err := json.Unmarshal(b, &tags); err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	*t = tags
	if len(tags) == 0 {
		*t = nil
	}
	return nil
}

// GormDataType says that tags are kept in a text column.
func (Tags) GormDataType() string { return "text" }
