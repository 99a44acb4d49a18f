// Package markup recognises the pieces of the Markdown dialects that help
// centres are written in: fences, list markers, tags of HTML and JSX, front
// matter and the template tags of YFM.
//
// It looks at one construct at a time and keeps no state, so that cutting a
// text ([kb.Split]), reading it ([kb.Plain]) and importing it (kb/source) agree
// on what a construct is. It does not build a tree and renders nothing.
//
// [kb.Split]: https://pkg.go.dev/github.com/whetstone-desk/whetstone/kb#Split
// [kb.Plain]: https://pkg.go.dev/github.com/whetstone-desk/whetstone/kb#Plain
package markup
