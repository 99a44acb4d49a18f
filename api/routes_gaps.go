package api

import "github.com/whetstone-desk/whetstone/api/auth"

// What the description says of gaps.
const (
	aboutGaps = `The costliest first. A gap is shown once three different customers have asked; before that it is ` + "`waiting`" + `. ` + "`cause`" + ` says why knowledge failed, ` + "`topic`" + ` what is asked, how often and what that costs, with every factor.`

	aboutGap = `With its history, its draft, what came of asking its questions again, and the latest of the suggestions behind it.`

	aboutGapChange = `Gives it to somebody, dismisses it or makes it a gap again. With ` + "`version`" + ` a change of what somebody else has changed meanwhile is refused.`

	aboutGapExport = `All that match, as a table or as JSON.`

	aboutGapDraft = `Without a text: one is written from the operators' own replies, each sentence linked to the tickets that it comes from, facts that replies tell differently left for you to decide, and what it does not know said. It may be a change of an existing article, shown as a diff. With title and body: your own text takes its place. Nothing is published.`

	aboutGapPublish = `Writes the article, from the text sent, from the draft, or none where the id of a written one is sent alone, and asks the questions that failed again. The gap closes when at least 80 % of them are answered from the article; otherwise ` + "`proof`" + ` says which still fail and why, and the article stays. An article that somebody else has changed meanwhile is not written over. ` + asProved

	asProved = `With ` + "`Accept: text/event-stream`" + ` the answer is a stream of events: ` + "`question`" + ` for each question as soon as it is known what came of it (with its place ` + "`at`" + ` ` + "`of`" + ` how many; where it begins with 1 again, somebody has changed the gap meanwhile and all are asked once more), and at the end ` + "`gap`" + `. What goes wrong before the first event is an ordinary problem; after it, the last event is ` + "`problem`" + `.`

	aboutGapVerify = `Asks its questions again, against the article that it was published with. A closed gap whose questions fail is reopened. ` + asProved
)

func (r *routes) gaps() {
	s := r.server
	add(r, r.op(call{"GET", "/gaps", "list-gaps", "List what the knowledge base does not cover", auth.Teach, aboutGaps}), s.listGaps)
	add(r, r.op(call{"GET", "/gaps/export", "export-gaps", "Export gaps", auth.Teach, aboutGapExport}), s.exportGaps)
	add(r, r.op(call{"GET", "/gaps/{id}", "gap", "Read a gap", auth.Teach, aboutGap}), s.readGap)
	add(r, r.op(call{"PATCH", "/gaps/{id}", "change-gap", "Assign, dismiss or reopen a gap", auth.Teach, aboutGapChange}), s.changeGap)
	add(r, r.op(call{"POST", "/gaps/{id}/draft", "draft-gap", "Draft an article", auth.Teach, aboutGapDraft}), s.draftGap)
	add(r, r.proves(r.op(call{"POST", "/gaps/{id}/publish", "publish-gap", "Publish an article and prove that it closes the gap", auth.Teach, aboutGapPublish})), s.publishGap)
	add(r, r.proves(r.op(call{"POST", "/gaps/{id}/verify", "verify-gap", "Ask a gap's questions again", auth.Teach, aboutGapVerify})), s.verifyGap)
}
