package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/api/auth"
)

func (r *routes) feedback() {
	s := r.server
	add(r, created(r.op(call{"POST", "/suggestions/{id}/feedback", "tell", "Tell what became of a suggestion", auth.Tell, aboutTell})), s.tell)
	add(r, r.op(call{"GET", "/suggestions/{id}/feedback", "feedback", "Read what was told of a suggestion", auth.Ask, "Every event as it was told, those that were corrected too."}), s.feedbackOf)
	op := r.op(call{"POST", "/feedback/bulk", "bulk-feedback", "Tell of many suggestions", auth.Tell, aboutBulkFeedback})
	huma.Register(r.api, r.bulk(op), s.bulkFeedback)
	r.takesLines("/v1/feedback/bulk", typeOf[eventLine]())
}

func (r *routes) learning() {
	s := r.server
	add(r, r.op(call{"GET", "/rankers", "list-rankers", "List what was learned, by version", auth.Oversee, aboutRankers}), s.listRankers)
	add(r, r.op(call{"GET", "/rankers/{version}", "ranker", "Read a version", auth.Oversee, "With all that it has learned."}), s.readRanker)
	add(r, r.op(call{"POST", "/rankers/{version}/serve", "serve-ranker", "Make a version serve", auth.Oversee, "Also an earlier one. The one that served is retired."}), s.serveRanker)
	add(r, r.op(call{"POST", "/rankers/{version}/rollback", "roll-back", "Roll a version back", auth.Oversee, aboutRollBack}), s.rollBack)
	add(r, r.op(call{"GET", "/sources/{id}/learning", "source-learning", "Explain what was learned of a source", auth.Weigh, "What operators made of the article or case, by topic, and what that adds to its score."}), s.sourceLearning)
	add(r, r.op(call{"PUT", "/sources/{id}/override", "override-source", "Pin, reset or exclude a source", auth.Weigh, "It holds within a second in every process, whatever is learned."}), s.overrideSource)
	add(r, r.op(call{"DELETE", "/sources/{id}/override", "lift-source", "Leave a source to learning again", auth.Weigh, ""}), s.liftSource)
	add(r, r.op(call{"GET", "/beliefs", "beliefs", "Read what is believed for now", auth.Oversee, aboutBeliefs}), s.beliefs)
	add(r, r.op(call{"GET", "/operators", "list-operators", "List how far operators are trusted", auth.Oversee, "Those who disagree with nearly everyone are listed first; their judgements count less."}), s.listOperators)
	add(r, r.op(call{"PUT", "/operators/{id}/override", "override-operator", "Undo an operator's influence", auth.Oversee, aboutOperator}), s.overrideOperator)
	add(r, r.op(call{"DELETE", "/operators/{id}/override", "lift-operator", "Let an operator's judgements count again", auth.Oversee, ""}), s.liftOperator)
	add(r, r.op(call{"GET", "/settings", "settings", "Read how the workspace learns", auth.Manage, ""}), s.settings)
	add(r, r.op(call{"PUT", "/settings", "put-settings", "Change how the workspace learns", auth.Manage, "All of the settings: read them first."}), s.putSettings)
}

const (
	aboutTell = `One event, or a batch in ` + "`events`" + `: what was shown, opened, copied, sent as it was, edited, rejected, rated, voted on, missing, and how the ticket ended. Events may come late, twice and in any order; what they come to is the same. One that corrects another names it in ` + "`supersedes`" + `. They are kept as told and never changed.

Within seconds ` + "`GET /v1/suggestions/{id}`" + ` shows in ` + "`feedback`" + ` what the events come to and the credit of each source. Personal data is taken out of texts before they are kept.`

	aboutBulkFeedback = `History, or what was gathered while this service was away: one event a line, each with its ` + "`suggestion_id`" + `. The response has a line for each line of the request that is not blank. An event with an ` + "`id`" + ` of yours may be sent again; it counts once.`

	aboutRankers = `Each version is everything that was learned up to a day: how much each signal counts, how useful each source is in each topic, how far operators are trusted, what confidence means. A version serves after it has proven, on later questions than it learned from, to be no worse than the one that serves; otherwise it is kept as rejected, with the figures.`

	aboutRollBack = `If it serves, the version before it does again, and where there is none sources are ranked as if nothing had been learned.`

	aboutBeliefs = `Topics with their typical questions, how far cases and operators can be relied on, what a confidence means in each language, and from which one answers may go out unattended, or why nothing can be promised yet. The job calibrate works it out.`

	aboutOperator = `With ` + "`exclude`" + ` nothing that the operator told counts any more: cases that rest on them alone go out of use, and the ranker that serves is learned anew without them, before this returns. With ` + "`reset`" + ` only what comes after now counts.`
)
