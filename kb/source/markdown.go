package source

// Markdown converts a fragment of HTML, such as the body of an article or of a
// message, to CommonMark with tables, as pages of HTML are converted. It is for
// readers of other systems; an error means that the fragment cannot be parsed.
func Markdown(html string) (string, error) { return toMarkdown(html) }
