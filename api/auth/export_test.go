package auth

// Rows are the models that only this package sees.
func Rows() []any { return []any{&session{}, &link{}, &attempts{}} }
