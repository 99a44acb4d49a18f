package api

import (
	"embed"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/feedback"
)

// What the description says of the whole.
const about = `Drafts replies to customers from your knowledge base and resolved cases, with citations, or says why not.

Every call under ` + "`/v1`" + ` carries a key: ` + "`Authorization: Bearer wsk_….…`" + `, or the cookie of a person who signed in. A key is bound to one workspace and to a role; what belongs to another workspace is not found.

Bodies are JSON in UTF-8, and fields that are not described are refused. Times are RFC 3339. Places in a text (` + "`start`, `end`" + `) count runes (Unicode code points) from 0, half open. What goes wrong is a problem as of RFC 9457 (` + "`application/problem+json`" + `), and every response names its request in ` + "`X-Request-Id`" + `.`

// What it says of single operations.
const (
	aboutSuggest = `Finds sources, writes a reply that rests on them, and keeps both as a suggestion. That nothing answers is no error: then ` + "`decision` is `abstain` and `abstain_reason`" + ` says why.

Send the dialogue in ` + "`messages`" + `, or one question in ` + "`text`" + `. The customer's latest messages are the question; a short follow-up takes its subject from what came before. Personal data is taken out before anything is sent to a model server; what is kept has placeholders in its place, and what they stood for is forgotten after a while.

With ` + "`mode: answer`" + ` the reply is meant to go out unattended: it rests on public sources only, and abstains unless it is sure.

With ` + "`Accept: text/event-stream`" + ` the answer is a stream of events: ` + "`sources`" + ` (an array, once), ` + "`text`" + ` (an object with the next piece in ` + "`text`" + `, any number of times) and ` + "`unproven`" + ` (likewise, a sentence that no source supports, in its place: who passes over these has text that sources support), and at the end ` + "`suggestion`" + ` (the whole, as without streaming; its text counts, also where a model broke off and the pieces say something else). What goes wrong before the first event is an ordinary problem; after it, the last event is ` + "`problem`" + `. A stream that has begun says at least every five seconds that it goes on, by a comment, which readers of events pass over: what is silent for longer was cut off. It ends with a ` + "`problem`" + ` as soon as its session, key or token does.

With an ` + "`Idempotency-Key`" + ` a request that is sent again is answered with the suggestion that was made the first time, and ` + "`Idempotency-Replayed: true`" + `. Keys are kept for at least a day.`

	aboutSearch = `The sources that a suggestion would rest on, best first; nothing is written or kept. Passages of one document are one source.`

	aboutList = `By id, a page at a time: pass ` + "`next_cursor`" + ` on as ` + "`cursor`" + ` until there is none.`

	aboutPut = `Adds the article or makes this its new revision. What stands here is the whole of it: a field left out is empty. A write that changes nothing makes no revision. Once this returns, searches find it, or will within seconds where the index is slow.`

	aboutPutCase = `A case is the customer's problem and the reply that closed it. Names, contacts, numbers of orders and cards and other personal data are replaced by placeholders such as ` + "`⟦name:A⟧`" + ` before anything is stored for search; the response shows how. Otherwise as for articles.`

	aboutCase = `Personal data is shown as placeholders, unless an operator or admin asks for it with ` + "`reveal`" + `.`

	aboutDelete = `Searches no longer find it. Its history stays, and a revision of it can be restored.`

	aboutJobs = `Jobs are the whole service's: a run is for all workspaces, and its ` + "`note`" + ` has figures over all of them and nothing of any one. Each time a job is due, one of the processes does it; if that dies, another begins it again, three times at most.`

	aboutRun = `The run has begun when this returns, and goes on in the background, for all workspaces. A job that is running, in whichever process, or that began this very second is not started again: that is a conflict.`

	aboutRevisions = `Every version, the latest first, also of what was deleted.`

	aboutRestore = `Makes an earlier revision the newest. It also brings back what was deleted.`

	aboutBulk = `One document a line, each with its ` + "`id`" + `; the body may be of any length. Lines are stored in groups, and once a group is stored for good each of its lines is reported: a line of the response for each line of the request that is not blank, in order. A line that cannot be stored is reported with its number and why, and the others are stored. If the connection breaks, what was reported is stored; sending the rest again does no harm.`

	aboutProfile = `The profile ` + "`default`" + ` is used where a request names none. ` + "`weights`" + ` says how much each way of searching counts, ` + "`min_draft` and `min_answer`" + ` below which confidence nothing is drafted or sent unattended, ` + "`instructions`" + ` how replies of a model server should sound, ` + "`ranker`" + ` which version of what was learned ranks: ` + "`serving` (or nothing), `newest`, `none`" + ` or a version's number.`

	aboutDeleteProfile = `A profile with which a pilot is running cannot be deleted. The profile ` + "`default`" + ` is only reset: it is again as it was before any was written.`

	aboutPilot = `A pilot gives a profile to a percentage of the operators of some groups, to try it; the others of these groups are its control. An operator stays in the same arm on every request, in every process and, as the percentage grows, for good: raising it only adds operators, lowering it only removes some. Operators are told apart by ` + "`operator.id`" + `; without an id, or of another group, they take no part. Nor does a request that names a profile itself, or one with ` + "`mode: answer`" + `. Pilot and arm are kept with each suggestion.

A new pilot is a draft. While it runs, its groups and percentage may be changed and its profiles not; ` + "`history`" + ` keeps who changed what. ` + "`says`" + ` tells what comes of it, in words.`

	aboutStart = `Its profiles must exist, and no other pilot may be running for one of its groups. Starting it again after a stop puts every operator in the arm of before.`

	aboutStop = `Everybody is answered by default again: at once, and within a second where several processes serve.`

	aboutRamp = `Also while it runs. Nobody leaves the pilot when the percentage grows.`

	aboutAssignment = `The arm of an operator and why. It keeps nothing.`

	aboutWidget = "A panel with draft and sources in another helpdesk's window. Allow the origins of its pages with `PUT /v1/widget`, have your server make a token for the ticket that is open with `POST /v1/widget/tokens` and a key of the role `helpdesk`, and put the panel there: `<script src=\"…/widget.js\"></script>` and `Whetstone.panel({in: \"#side\", token: () => …, messages: […], onInsert: (text) => …})`. Tell it what was sent with `panel.sent(text)`: that is learned from."
)

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "suggestions", Description: "Replies drafted from sources."},
		{Name: "tickets", Description: "What customers ask, as operators see it, and what they are answered."},
		{Name: "presence", Description: "Who is looking at what."},
		{Name: "find", Description: "Anything, by its name."},
		{Name: "widget", Description: aboutWidget},
		{Name: "search", Description: "Sources without a reply."},
		{Name: "feedback", Description: "What became of suggestions."},
		{Name: "articles", Description: "What editors wrote."},
		{Name: "cases", Description: "What was answered before."},
		{Name: "gaps", Description: "What the knowledge base does not cover, and the way to an article that does."},
		{Name: "upkeep", Description: "What editors should look at: duplicates, contradictions, what is stale."},
		{Name: "quarantines", Description: "Documents that rest on what has changed."},
		{Name: "import", Description: "Knowledge from a file."},
		{Name: "connections", Description: "Where knowledge comes from by itself."},
		{Name: "notices", Description: "What has happened by itself: gaps and alarms."},
		{Name: "webhooks", Description: "Who is told of notices."},
		{Name: "deliveries", Description: "What was sent to them."},
		{Name: "pilots", Description: "Profiles on trial with some of the operators."},
		{Name: "jobs", Description: "What is done by itself, for the whole service."},
		{Name: "profiles", Description: "How suggestions are made."},
		{Name: "rankers", Description: "What was learned, version by version."},
		{Name: "beliefs", Description: "What is believed for now."},
		{Name: "reports", Description: "What became of suggestions, and how fast topics are learned."},
		{Name: "sources", Description: "What was learned of a source, and what people decide over it."},
		{Name: "operators", Description: "How far operators are trusted."},
		{Name: "settings", Description: "How a workspace learns."},
		{Name: "keys", Description: "Who may call."},
		{Name: "session", Description: "Signing in and out."},
		{Name: "people", Description: "Who may sign in."},
		{Name: "audit", Description: "Who changed what."},
		{Name: "service", Description: "How the service is set up."},
		{Name: "model", Description: "The servers that make vectors and write replies."},
		{Name: "erase", Description: "Forgetting a customer for good."},
	}
}

//go:embed docs/examples
var examples embed.FS

// example puts the operation's example into its request body, if it has one.
func (r *routes) example(op *huma.Operation) {
	name := op.OperationID
	if strings.HasPrefix(name, "restore-") {
		name = "restore"
	}
	b, err := examples.ReadFile("docs/examples/" + name + ".json")
	if err != nil {
		return
	}
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: json.RawMessage(b)}}}
}

// suggesting describes what the two forms of POST /v1/suggestions return,
// which cannot be read off a stream's type.
func (r *routes) suggesting(op huma.Operation) huma.Operation {
	r.outcome()
	schema := r.schema(typeOf[suggestionView]())
	view := r.api.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	view.Properties["answer"] = &huma.Schema{
		Description: "null if there is none.",
		AnyOf:       []*huma.Schema{{Ref: view.Properties["answer"].Ref}, {Type: "null"}},
	}
	whole := &huma.MediaType{Schema: schema}
	if b, err := examples.ReadFile("docs/examples/suggest.response.json"); err == nil {
		whole.Example = json.RawMessage(b)
	}
	op.DefaultStatus = http.StatusCreated
	op.Responses = map[string]*huma.Response{"201": {
		Description: "The suggestion",
		Content: map[string]*huma.MediaType{
			"application/json":  whole,
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString, Description: "Events sources, text, unproven, suggestion or problem, each with JSON."}},
		},
		Headers: map[string]*huma.Param{
			"Location":             {Description: "Where to read it again.", Schema: &huma.Schema{Type: huma.TypeString}},
			"Idempotency-Replayed": {Description: "true if this suggestion was made by an earlier request.", Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}}
	return op
}

// outcome describes what an outcome may say. It is not held to that here:
// package feedback refuses what is beyond it on every way in, and says what to
// do instead.
func (r *routes) outcome() {
	schema := r.schema(typeOf[feedback.Outcome]())
	fields := r.api.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref).Properties
	for name, bounds := range map[string]map[string]any{
		"status":                 {"enum": []string{feedback.ResolvedStatus, feedback.ReopenedStatus, feedback.EscalatedStatus}},
		"satisfaction":           {"minimum": 1, "maximum": 5},
		"nps":                    {"minimum": 0, "maximum": 10},
		"first_response_seconds": {"minimum": 0},
		"handling_seconds":       {"minimum": 0},
	} {
		fields[name].Extensions = bounds
	}
}

// bulk lets an operation take a body of any length, whose lines are bounded
// one by one as they arrive.
func (r *routes) bulk(op huma.Operation) huma.Operation {
	op.Middlewares = op.Middlewares[:len(op.Middlewares)-1] // all but textual
	op.Responses = map[string]*huma.Response{"200": {
		Description: "A report on each line",
		Content:     map[string]*huma.MediaType{"application/x-ndjson": {Schema: r.schema(typeOf[lineReport]())}},
	}}
	return op
}

// takesLines describes the body of a bulk operation. Had it been described
// before the operation was registered, it would be read as JSON.
func (r *routes) takesLines(path string, line reflect.Type) {
	op := r.api.OpenAPI().Paths[path].Post
	media := &huma.MediaType{Schema: r.schema(line)}
	if b, err := examples.ReadFile("docs/examples/" + op.OperationID + ".ndjson"); err == nil {
		media.Example = string(b)
	}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/x-ndjson": media}}
}

// alsoCreates describes that a PUT answers with 201 where there was nothing.
func (r *routes) alsoCreates(path string) {
	op := r.api.OpenAPI().Paths[path].Put
	op.Responses["200"].Description = "It is there and this is its newest revision"
	op.Responses["201"] = &huma.Response{Description: "It was not there before", Content: op.Responses["200"].Content}
}

func (r *routes) schema(t reflect.Type) *huma.Schema {
	return r.api.OpenAPI().Components.Schemas.Schema(t, true, "")
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
